"""Columns that nothing can be learned from: empty, constant, numbering the rows, or different in every row."""

from leyden.datasets import number
from leyden.datasets.facts import ColumnFacts
from leyden.datasets.names import is_date_name, is_id_name
from leyden.messages.render import Message

MIN_ROWS = 10
MAX_MISSING_SHARE = 0.98
UNIQUE_SHARE = 0.95
ROW_NUMBER = "kind_row_number"


def reason(facts: ColumnFacts) -> Message | None:
    """Why a column of whatever kind is ignored, None when it is not."""
    if facts.num_values == 0:
        return Message(code="kind_empty")
    if facts.num_distinct == 1 and facts.num_missing == 0 and facts.num_rows > 1:
        return Message(code="kind_constant", params={"value": facts.values[0].value})
    if facts.num_missing > MAX_MISSING_SHARE * facts.num_rows:
        return Message(code="kind_nearly_empty", params={"missing": facts.num_missing, "rows": facts.num_rows})
    if _numbers_rows(facts):
        return Message(code=ROW_NUMBER)
    return Message(code="kind_nested") if is_nested(facts) else None


def unique_reason(facts: ColumnFacts) -> Message | None:
    """Why a column of words, free text excepted, is ignored: nearly every row has another."""
    if facts.storage != "string" or facts.num_values < MIN_ROWS or number.reason(facts):
        return None
    if facts.num_distinct < UNIQUE_SHARE * facts.num_values:
        return None
    return Message(code="kind_unique", params={"distinct": facts.num_distinct, "rows": facts.num_values})


def last_resort(facts: ColumnFacts) -> Message:
    """Why a column that is no other kind is ignored: words with too many different values."""
    return Message(code="kind_too_many", params={"distinct": facts.num_distinct, "rows": facts.num_values})


def is_nested(facts: ColumnFacts) -> bool:
    """Whether the values are lists or objects, as JSON."""
    return facts.storage == "string" and all(
        entry.value.startswith(("{", "[")) and entry.value.count('"') + entry.value.count(",") > 0
        for entry in facts.values[:5]
    )


def _numbers_rows(facts: ColumnFacts) -> bool:
    """Whether whole numbers, all different, are an id by name or place, or count the rows from 0 or 1."""
    is_unique = facts.storage == "integer" and facts.num_distinct == facts.num_rows >= MIN_ROWS
    if not is_unique or is_date_name(facts.name):
        return False
    first = facts.numbers.minimum if facts.numbers else None
    last = facts.numbers.maximum if facts.numbers else None
    counts = first in (0, 1) and last == first + facts.num_rows - 1
    return is_id_name(facts.name) or (facts.is_increasing and (counts or facts.index == 0))
