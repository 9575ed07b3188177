"""Free-text columns: what they look like, and what is said of them."""

from leyden.datasets.facts import ColumnFacts
from leyden.datasets.profile import LengthSummary
from leyden.messages.render import Message

MIN_WORDS = 5
MIN_CHARACTERS = 50
MIN_CJK_CHARACTERS = 6
"""Chinese writes in one character what takes English one word or two."""
MIN_DISTINCT_SHARE = 0.3
MIN_DISTINCT = 5


def reason(facts: ColumnFacts) -> Message | None:
    """Why a column is free text, None when it is not."""
    if facts.storage != "string" or facts.lengths is None:
        return None
    if facts.num_distinct < max(MIN_DISTINCT, MIN_DISTINCT_SHARE * facts.num_values):
        return None
    mean = facts.lengths.mean
    is_sentence = facts.mean_words >= MIN_WORDS or (facts.mean_words >= 2 and mean >= MIN_CHARACTERS)
    if facts.is_cjk:
        is_sentence = mean >= MIN_CJK_CHARACTERS
    return Message(code="kind_text", params={"length": round(mean)}) if is_sentence else None


def summary(facts: ColumnFacts) -> LengthSummary | None:
    """Distribution of the lengths of a text column's values."""
    lengths = facts.lengths
    if lengths is None:
        return None
    return LengthSummary(
        shortest=int(lengths.minimum),
        longest=int(lengths.maximum),
        mean=lengths.mean,
        histogram=lengths.histogram,
        is_cjk=facts.is_cjk,
    )
