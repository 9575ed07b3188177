"""By how much one model is ahead of another on the same rows. No torch.

Two models' own intervals may overlap although one is better on nearly every resample: both are good on easy rows and
bad on hard ones. So the rows are resampled for both at once, and the difference is looked at.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from leyden.reports.bootstrap import SEED, Figures, bootstrap
from leyden.reports.counts import count_sums, drawn_figures
from leyden.reports.model import Interval
from leyden.reports.outcomes import Outcomes
from leyden.reports.residuals import in_blocks, residual_figures, residual_sums

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MAX_BLOCKS = 1_000
"""Many runs are compared at once, and a person waits."""


def paired_differences(first: Outcomes, second: Outcomes) -> dict[str, Interval]:
    """95 % bootstrap intervals of the first model's figures minus the second's, by metric name.

    Returns:
        The figures that follow from the answers alone. None of them where the two were not judged on the same rows,
        or where one of them has no answer for some.

    Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 16, of paired samples.
    """
    if first.classes != second.classes or not np.array_equal(first.row_ids, second.row_ids):
        return {}
    if not len(first.row_ids) or not np.array_equal(first.true, second.true):
        return {}
    if first.classes is None:
        return _of_numbers(first, second)
    return _of_classes(first, second, len(first.classes))


def _of_numbers(first: Outcomes, second: Outcomes) -> dict[str, Interval]:
    if not (np.isfinite(first.predicted).all() and np.isfinite(second.predicted).all()):
        return {}
    rows = np.concatenate([residual_sums(one.predicted, one.true) for one in (first, second)], axis=1)
    sums = in_blocks(rows, MAX_BLOCKS)
    return bootstrap(np.ones(len(sums)), sums, _minus(residual_figures))


def _of_classes(first: Outcomes, second: Outcomes, num_classes: int) -> dict[str, Interval]:
    if min(first.predicted.min(), second.predicted.min()) < 0:
        return {}
    # Rows that are alike for both: in one cell of each of the two confusion matrices.
    cells = (first.true.astype(np.int64) * num_classes + first.predicted) * num_classes + second.predicted
    alike, sizes = np.unique(cells, return_counts=True)
    if len(alike) > MAX_BLOCKS:
        blocks = _block_sums(first.true, (first.predicted, second.predicted), num_classes)
        return bootstrap(np.ones(MAX_BLOCKS), blocks, _minus(drawn_figures))
    rest, by_second = np.divmod(alike, num_classes)
    true, by_first = np.divmod(rest, num_classes)
    return bootstrap(sizes, _sums(true, (by_first, by_second), num_classes), _minus(drawn_figures))


def _sums(true: np.ndarray, answers: tuple[np.ndarray, np.ndarray], num_classes: int) -> "csr_array":
    """(G, 6 C), what a row of each group adds: for the first model, then for the second."""
    from scipy.sparse import hstack

    return hstack([count_sums(true, answered, num_classes) for answered in answers], format="csr")


def _block_sums(true: np.ndarray, answers: tuple[np.ndarray, np.ndarray], num_classes: int) -> "csr_array":
    """(MAX_BLOCKS, 6 C), the same of random blocks of rows: with many classes hardly any rows are alike."""
    from scipy.sparse import csr_array

    rows = np.random.default_rng(SEED).permutation(len(true))
    block = np.arange(len(true)) % MAX_BLOCKS
    member = csr_array((np.ones(len(true)), (block, rows)), shape=(MAX_BLOCKS, len(true)))
    return member @ _sums(true, answers, num_classes)


def _minus(figures: Callable[[np.ndarray], Figures]) -> Callable[[np.ndarray], Figures]:
    """Figures from the first half of the sums, minus those from the second."""

    def differences(drawn: np.ndarray) -> Figures:
        first, second = map(figures, np.split(drawn, 2, axis=1))
        return {name: first[name] - second[name] for name in first}

    return differences
