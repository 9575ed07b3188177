"""Category columns: what they look like. Their summary, counts of values, is kept for every column."""

from leyden.datasets.facts import ColumnFacts
from leyden.datasets.names import is_label_name
from leyden.messages.render import Message, Param

MAX_FEW_NUMBERS = 10
MAX_LABELS = 100
ROWS_PER_VALUE = 5
FEW_WORDS = 20
MAX_WORD_SHARE = 0.5
"""Text with more different values than this share of the rows has no categories to learn from."""


def reason(facts: ColumnFacts) -> Message | None:
    """Why a column is a category column, None when it is not."""
    distinct: dict[str, Param] = {"distinct": facts.num_distinct}
    if facts.storage == "boolean":
        return Message(code="kind_true_false")
    # Two fractions are measured, as those of a pixel that is dark in nearly every picture.
    is_measured = facts.storage == "float" and not facts.is_whole and facts.num_distinct == 2
    if facts.num_distinct <= 2 and facts.num_values >= ROWS_PER_VALUE and not is_measured:
        return _few_values(facts)
    if facts.storage == "string":
        is_few = facts.num_distinct <= max(FEW_WORDS, MAX_WORD_SHARE * facts.num_values)
        return Message(code="kind_words", params=distinct) if is_few else None
    most = MAX_LABELS if is_label_name(facts.name) else MAX_FEW_NUMBERS
    is_repeated = facts.num_values >= ROWS_PER_VALUE * facts.num_distinct
    if facts.is_whole and is_repeated and facts.num_distinct <= most:
        return Message(code="kind_few_numbers", params=distinct)
    return None


def _few_values(facts: ColumnFacts) -> Message:
    first, *second = (entry.value for entry in facts.values)
    if not second:
        return Message(code="kind_one_value", params={"first": first})
    return Message(code="kind_two_values", params={"first": first, "second": second[0]})
