"""Which column a person probably wants to predict."""

from collections.abc import Sequence

from leyden.datasets.names import target_rank
from leyden.datasets.profile import Column

MAX_CLASSES = 50


def suggest_target(columns: Sequence[Column]) -> str | None:
    """The column whose name sounds most like a target's, else the last one that could be predicted."""
    usable = [column for column in columns if is_predictable(column)]
    named = [(rank, i) for i, column in enumerate(usable) if (rank := target_rank(column.name)) is not None]
    if named:
        return usable[min(named)[1]].name
    if not usable:
        return None
    last = columns[-1]
    if last in usable:
        return last.name
    categories = [column for column in usable if column.kind == "category"]
    return (categories or usable)[-1].name


def is_predictable(column: Column) -> bool:
    """Whether a column can be a target: numbers, or categories that are not too many."""
    return column.kind == "number" or (column.kind == "category" and 2 <= column.num_distinct <= MAX_CLASSES)
