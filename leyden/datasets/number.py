"""Number columns: what they look like, and what is said of them."""

from leyden.datasets.facts import ColumnFacts
from leyden.datasets.profile import NumberSummary
from leyden.messages.render import Message

MIN_NUMERIC_SHARE = 0.8
"""Text of which fewer values are numbers is not taken for a number column with mistakes in it."""
MIN_DISTINCT = 10


def reason(facts: ColumnFacts) -> Message | None:
    """Why a column is a number column, None when it is not."""
    if facts.storage in ("integer", "float"):
        return Message(code="kind_number", params={"distinct": facts.num_distinct})
    is_mixed = facts.num_numeric >= MIN_NUMERIC_SHARE * facts.num_values and facts.num_distinct > MIN_DISTINCT
    if facts.storage == "string" and facts.first_not_numeric and is_mixed:
        params = {"bad": facts.num_not_numeric, "of": facts.num_values}
        return Message(code="kind_mostly_number", params=params)
    return None


def summary(facts: ColumnFacts) -> NumberSummary | None:
    """Distribution of the values that are numbers."""
    numbers = facts.numbers
    if numbers is None:
        return None
    return NumberSummary(
        minimum=numbers.minimum,
        maximum=numbers.maximum,
        mean=numbers.mean,
        std=numbers.std,
        median=numbers.median,
        histogram=numbers.histogram,
    )
