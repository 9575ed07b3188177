"""What the columns of a model's answers are called, in frames and in files of predictions."""

from collections.abc import Iterable

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
