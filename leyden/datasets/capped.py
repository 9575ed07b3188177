"""Numbers that pile up at the largest or the smallest value, as they do where the others were cut off."""

from typing import NamedTuple

from leyden.datasets.facts import ColumnFacts

MIN_ROWS = 10
MIN_SHARE = 0.01
MIN_DISTINCT = 20
"""With fewer different values, as in a scale from 1 to 5, the last one is an answer like any other."""
STEEP = 3
"""How many times more rows than around it a value has that is a pile."""


class Pile(NamedTuple):
    """Rows at one end of a column's range."""

    code: str
    """Of the sentence that tells it."""
    value: str
    num_rows: int


def piles(fact: ColumnFacts) -> list[Pile]:
    """Where a column of numbers piles up at its ends, the upper one first.

    Zero is none: where it is the least there can be, most things have nothing.
    """
    if fact.numbers is None or fact.storage not in ("integer", "float") or fact.num_distinct < MIN_DISTINCT:
        return []
    counts = fact.numbers.histogram.counts
    if len(counts) < 2:  # Different only beyond what a float can tell.
        return []
    ends = (
        ("capped_above", fact.numbers.maximum, counts[-1], counts[-2]),
        ("capped_below", fact.numbers.minimum, counts[0], counts[1]),
    )
    found = []
    for code, end, in_bin, beside in ends:
        entry = next((entry for entry in fact.values if float(entry.value) == end), None)
        if entry is None or end == 0 or entry.count < max(MIN_ROWS, MIN_SHARE * fact.num_values):
            continue
        # Against the rest of its own bin, too: what only gets rarer from value to value is no pile.
        if entry.count >= STEEP * max(beside, in_bin - entry.count):
            found.append(Pile(code, entry.value, entry.count))
    return found
