"""Figures of a classification that follow from counts alone. No torch.

The formulas are scikit-learn's with `zero_division=0`: a class counts when it occurs among the true or the
predicted ones. They are written over the last axis, so that a thousand resampled confusion matrices cost one call.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leyden.reports.bootstrap import Figures, bootstrap
from leyden.reports.model import Interval

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Z = 1.96
FEW_ROWS = 30
"""A figure of fewer rows says little, whatever its interval."""


@dataclass(frozen=True)
class Counts:
    """Rows by class, (..., C): found, true, and answered."""

    hits: np.ndarray
    true: np.ndarray
    predicted: np.ndarray

    @property
    def precision(self) -> np.ndarray:
        """(..., C); 0 for a class that was never answered."""
        return self.hits / np.maximum(self.predicted, 1)

    @property
    def recall(self) -> np.ndarray:
        """(..., C); 0 for a class without rows."""
        return self.hits / np.maximum(self.true, 1)

    @property
    def f1(self) -> np.ndarray:
        """(..., C)."""
        return 2 * self.hits / np.maximum(self.true + self.predicted, 1)

    @property
    def occurs(self) -> np.ndarray:
        """(..., C) bool: among the true or the predicted ones."""
        return self.true + self.predicted > 0


def count(true: np.ndarray, predicted: np.ndarray, num_classes: int) -> Counts:
    """Counts of class indices (N,)."""
    hits = np.bincount(true[true == predicted], minlength=num_classes)
    totals = (np.bincount(indices, minlength=num_classes) for indices in (true, predicted))
    return Counts(hits, *totals)


def count_figures(counts: Counts) -> Figures:
    """Every figure that needs counts only, by metric name, each of shape (...)."""
    macro, rows = counts.occurs, counts.true
    return {
        "accuracy": _mean(counts.recall, rows),
        "balanced_accuracy": _mean(counts.recall, rows > 0),
        "precision_macro": _mean(counts.precision, macro),
        "recall_macro": _mean(counts.recall, macro),
        "f1_macro": _mean(counts.f1, macro),
        "precision_weighted": _mean(counts.precision, rows),
        "recall_weighted": _mean(counts.recall, rows),
        "f1_weighted": _mean(counts.f1, rows),
    }


def count_intervals(true: np.ndarray, predicted: np.ndarray, num_classes: int) -> dict[str, Interval]:
    """Intervals of `count_figures`: one group of rows for each cell of the confusion matrix that is not empty.

    A figure that every draw agrees on has none: of a class that was never found among few rows, resampling knows no
    better, and would call that certain.
    """
    cells, sizes = np.unique(true * num_classes + predicted, return_counts=True)
    sums = count_sums(*np.divmod(cells, num_classes), num_classes)
    found = bootstrap(sizes, sums, drawn_figures)
    return {name: interval for name, interval in found.items() if interval.low < interval.high}


def count_sums(true: np.ndarray, predicted: np.ndarray, num_classes: int) -> "csr_array":
    """What a row of each of G cells of a confusion matrix adds to hits, true and predicted rows of each class.

    Args:
        true: (G,) int, the class of the cell's rows.
        predicted: Likewise, what they are answered with.

    Returns:
        (G, 3 C), which `drawn_figures` understands.
    """
    # Not before it is needed: pages are drawn without it.
    from scipy.sparse import csr_array

    group = np.arange(len(true))
    is_hit = true == predicted
    columns = np.concatenate([true[is_hit], true + num_classes, predicted + 2 * num_classes])
    groups = np.concatenate([group[is_hit], group, group])
    return csr_array((np.ones(len(groups)), (groups, columns)), shape=(len(true), 3 * num_classes))


def drawn_figures(drawn: np.ndarray) -> Figures:
    """`count_figures` of resampled sums, (R, 3 C): each (R,)."""
    return count_figures(Counts(*np.split(drawn, 3, axis=1)))


def wilson(num: int, of: int) -> Interval:
    """Interval of a share, which holds for few rows and for 0 and 1, too.

    Source: Wilson (1927), JASA 22(158).
    """
    share = num / of
    middle = (share + Z**2 / (2 * of)) / (1 + Z**2 / of)
    half = Z / (1 + Z**2 / of) * np.sqrt(share * (1 - share) / of + Z**2 / (4 * of**2))
    return Interval(low=float(max(0.0, middle - half)), high=float(min(1.0, middle + half)))


def _mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.asarray((values * weights).sum(-1) / np.maximum(weights.sum(-1), 1))
