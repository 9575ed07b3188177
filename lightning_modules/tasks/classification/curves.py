"""ROC and precision-recall curves, one class against the rest. No torch; scikit-learn computes them."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from leyden.reports.model import Curves, Line
from leyden.reports.picks import NEAR

MAX_LINES = 10
MAX_POINTS = 300


@dataclass(frozen=True)
class OneAgainstRest:
    """One class: which rows are of it, (N,) bool, and the probability each was given, (N,)."""

    index: int
    name: str
    is_true: np.ndarray
    probability: np.ndarray

    @property
    def roc_auc(self) -> float:
        """Area under the ROC curve."""
        return float(roc_auc_score(self.is_true, self.probability))

    @property
    def average_precision(self) -> float:
        """Area under the precision-recall curve, as a step function."""
        return float(average_precision_score(self.is_true, self.probability))


def one_against_rest(
    true: np.ndarray, probabilities: np.ndarray, classes: tuple[str, ...], positive: int | None = None
) -> list[OneAgainstRest]:
    """The classes whose curves are defined: some rows are of them, and some are not.

    Args:
        true: Indices of the rows' classes, (N,).
        probabilities: (N, C).
        classes: Names of the C classes.
        positive: The only class to draw; of two, the other one's ROC curve is its mirror image.
    """
    indices = range(len(classes)) if positive is None else [positive]
    sides = [OneAgainstRest(index, classes[index], true == index, probabilities[:, index]) for index in indices]
    return [side for side in sides if side.is_true.any() and not side.is_true.all()]


def roc_section(sides: list[tuple[OneAgainstRest, float]]) -> Curves:
    """ROC curves of the classes with the smallest areas."""
    return Curves(
        title="ROC curves" if len(sides) > 1 else "ROC curve",
        x_title="False positive rate",
        y_title="True positive rate",
        lines=tuple(_roc(side, area) for side, area in _worst(sides)),
        diagonal=True,
        help="What share of a class is found (up) at the price of which share of the others being taken for it "
        "(right), for every threshold. The diagonal is guessing." + _limited(sides),
    )


def precision_recall_section(sides: list[tuple[OneAgainstRest, float]]) -> Curves:
    """Precision-recall curves of the classes with the smallest average precision."""
    return Curves(
        title="Precision-recall curves" if len(sides) > 1 else "Precision-recall curve",
        x_title="Recall",
        y_title="Precision",
        lines=tuple(_precision_recall(side, area) for side, area in _worst(sides)),
        # A straight line between two thresholds would promise a precision that none has; AP sums steps, too.
        steps=True,
        help="How right the answers of a class are (up) when this share of it is found (right), for every "
        "threshold. AP is the average precision." + _limited(sides),
    )


def _roc(side: OneAgainstRest, area: float) -> Line:
    x, y, thresholds = roc_curve(side.is_true, side.probability)
    return _line(f"{side.name} (AUC {area:.3f})", x, y, thresholds, side)


def _precision_recall(side: OneAgainstRest, area: float) -> Line:
    precision, recall, thresholds = precision_recall_curve(side.is_true, side.probability)
    # The last point of the curve, where nothing is found, has no threshold.
    thresholds = np.append(thresholds, 1.0)
    return _line(f"{side.name} (AP {area:.3f})", recall[::-1], precision[::-1], thresholds[::-1], side)


def _worst(sides: list[tuple[OneAgainstRest, float]]) -> list[tuple[OneAgainstRest, float]]:
    """At most ten, in the order of the classes: more lines could not be told apart."""
    kept = sorted(range(len(sides)), key=lambda index: sides[index][1])[:MAX_LINES]
    return [sides[index] for index in sorted(kept)]


def _limited(sides: list[tuple[OneAgainstRest, float]]) -> str:
    return f" Drawn are the {MAX_LINES} worst of {len(sides)} classes." if len(sides) > MAX_LINES else ""


def _line(name: str, x: np.ndarray, y: np.ndarray, thresholds: np.ndarray, side: OneAgainstRest) -> Line:
    """A line of at most MAX_POINTS points, evenly spread along the curve, so that steep parts keep theirs.

    A point stands for the rows whose probability is next to its threshold: those that it decides.
    """
    if len(x) > MAX_POINTS:
        length = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))])
        kept = np.searchsorted(length, np.linspace(0, length[-1], MAX_POINTS), side="left")
        kept = np.unique(np.clip(kept, 0, len(x) - 1))
        kept[-1] = len(x) - 1
        x, y, thresholds = x[kept], y[kept], thresholds[kept]
    picks = tuple(f"{NEAR}:{side.index},{threshold:.4f}" for threshold in np.clip(thresholds, 0, 1))
    return Line(name=name, x=tuple(x.round(5).tolist()), y=tuple(y.round(5).tolist()), picks=picks)
