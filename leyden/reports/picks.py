"""Which rows a part of a report stands for: a cell of the confusion matrix, a bar, a point of a curve.

A pick is a short text, so that a chart can carry it and an address can keep it.
"""

from dataclasses import dataclass

import numpy as np

from leyden.reports.outcomes import Outcomes

MISTAKES = "mistakes"
UNSURE = "unsure"
CELL = "cell"
SURE = "sure"
NEAR = "near"
ERROR = "error"
ROW = "row"
_NUM_VALUES = {MISTAKES: 0, UNSURE: 0, CELL: 2, SURE: 2, NEAR: 2, ERROR: 2, ROW: 1}


@dataclass(frozen=True)
class Pick:
    """A choice of rows.

    Args:
        kind: `mistakes` (worst first), `unsure` (least confident first), `cell` (true and predicted class),
            `sure` (confidence above one value, up to another), `near` (a class, and a threshold of its probability),
            `error` (from, to), `row` (its id).
        values: What it needs.
    """

    kind: str
    values: tuple[float, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}:{','.join(f'{value:g}' for value in self.values)}" if self.values else self.kind


def parse_pick(text: str, outcomes: Outcomes) -> Pick | None:
    """The pick that a text describes, or None when it fits no rows of this kind of report."""
    kind, _, rest = text.partition(":")
    try:
        values = tuple(float(value) for value in rest.split(",")) if rest else ()
    except ValueError:
        return None
    if len(values) != _NUM_VALUES.get(kind, -1) or not np.isfinite(values).all():
        return None
    pick = Pick(kind, values)
    return pick if _fits(pick, outcomes) else None


def _fits(pick: Pick, outcomes: Outcomes) -> bool:
    if outcomes.classes is None:
        return pick.kind in (MISTAKES, ERROR, ROW)
    if pick.kind == CELL:
        return all(0 <= value < len(outcomes.classes) for value in pick.values)
    if pick.kind == NEAR:
        return 0 <= pick.values[0] < outcomes.num_trained
    return pick.kind != ERROR


def picked(outcomes: Outcomes, pick: Pick) -> np.ndarray:
    """Positions of the picked rows, the most telling first: by confidence, by distance, or by size of error."""
    if outcomes.classes is None:
        return _picked_numbers(outcomes, pick)
    match pick.kind:
        case "mistakes":
            return _by(-outcomes.confidence, np.flatnonzero(~outcomes.is_right))
        case "unsure":
            return _by(outcomes.confidence, np.arange(len(outcomes.true)))
        case "cell":
            true, predicted = pick.values
            is_in = (outcomes.true == true) & (outcomes.predicted == predicted)
            return _by(-outcomes.confidence, np.flatnonzero(is_in))
        case "sure":
            low, high = pick.values
            # As texts, the edges are rounded to six digits.
            is_in = (outcomes.confidence > low - 1e-6) & (outcomes.confidence <= high + 1e-6)
            return _by(-outcomes.confidence, np.flatnonzero(is_in))
        case "near":
            distance = np.abs(outcomes.probability(int(pick.values[0])) - pick.values[1])
            return _by(distance, np.arange(len(distance)))
        case _:
            return np.flatnonzero(outcomes.row_ids == pick.values[0])


def _picked_numbers(outcomes: Outcomes, pick: Pick) -> np.ndarray:
    error = outcomes.error
    if pick.kind == ROW:
        return np.flatnonzero(outcomes.row_ids == pick.values[0])
    size = -np.abs(error)
    if pick.kind == MISTAKES:
        return _by(size, np.flatnonzero(np.isfinite(error)))
    low, high = pick.values
    slack = 1e-5 * max(abs(low), abs(high))
    return _by(size, np.flatnonzero((error >= low - slack) & (error <= high + slack)))


def _by(key: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Positions in the order of a key, equal ones as they come."""
    return np.asarray(positions[np.argsort(key[positions], kind="stable")])


def frequent_confusions(outcomes: Outcomes, most: int) -> list[Pick]:
    """The cells of the confusion matrix with the most mistakes, most frequent first."""
    assert outcomes.classes is not None
    is_wrong = ~outcomes.is_right & (outcomes.predicted >= 0)
    size = len(outcomes.classes)
    cells, counts = np.unique(outcomes.true[is_wrong] * size + outcomes.predicted[is_wrong], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    return [Pick(CELL, (float(cell // size), float(cell % size))) for cell in cells[order].tolist()]
