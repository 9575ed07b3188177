"""What the columns of a model's answers are called, in frames and in files of predictions."""

from collections.abc import Collection, Iterable

PREDICTION = "prediction"
PROBABILITY = "p_"
"""Begins the columns of the probabilities."""


def probability_column(class_name: str) -> str:
    """The column with the probability of a class."""
    return f"{PROBABILITY}{class_name}"


def target_column(target: str, classes: Iterable[str] | None) -> str:
    """What the target is called beside them: as it is, unless one of the model's columns is called so."""
    own = {PREDICTION, *map(probability_column, classes or ())}
    return "target" if target in own else target


def names_beside(answers: Collection[str], own: Iterable[str]) -> list[str]:
    """What a file's own columns are called beside the answers: as they are, unless an answer is called so."""
    own = list(own)
    taken = {*answers, *own}
    return [_untaken(name, taken) if name in answers else name for name in own]


def _untaken(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"{name} (file)"
    taken.add(name)
    return name
