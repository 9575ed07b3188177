"""Figures of a regression that follow from sums over its rows. No torch.

The formulas are scikit-learn's. They are written over the last axis, so that groups of rows, or a thousand resamples,
cost one call.
"""

import numpy as np

from leyden.reports.bootstrap import Figures, bootstrap
from leyden.reports.model import Interval

MAX_BLOCKS = 5_000
"""More rows are resampled in this many random blocks: the interval is the same, its cost is bounded."""
SEED = 0


def residual_sums(predicted: np.ndarray, true: np.ndarray) -> np.ndarray:
    """What each row adds to the sums that `residual_figures` asks for.

    Values are taken from their mean: their squares would otherwise drown the variance of, say, years.

    Args:
        predicted: (N,) float64, finite.
        true: Likewise, N at least 1.

    Returns:
        (N, 6) float64: the count, squared errors, absolute errors, errors, values and squared values.
    """
    error, centred = predicted - true, true - true.mean()
    return np.stack([np.ones_like(true), error**2, np.abs(error), error, centred, centred**2], axis=1)


def residual_figures(sums: np.ndarray) -> Figures:
    """R², mean absolute error, root mean squared error and bias (the mean of predicted minus true).

    Args:
        sums: (..., 6), sums of what `residual_sums` returns, with a count of at least 1.

    Returns:
        Each of shape (...); R² is NaN where the values do not vary.
    """
    count, squares, absolutes, errors, values, squared_values = np.moveaxis(sums, -1, 0)
    variance = squared_values - values**2 / count
    varies = variance > 1e-12 * np.maximum(squared_values, np.finfo(float).tiny)
    with np.errstate(divide="ignore", invalid="ignore"):
        r2 = np.where(varies, 1 - squares / variance, np.nan)
    return {"r2": r2, "mae": absolutes / count, "rmse": np.sqrt(squares / count), "bias": errors / count}


def residual_intervals(sums: np.ndarray, max_blocks: int = MAX_BLOCKS) -> dict[str, Interval]:
    """Intervals of `residual_figures` under resampling of the rows, from the sums of each, (N, 6)."""
    blocks = in_blocks(sums, max_blocks)
    return bootstrap(np.ones(len(blocks)), blocks, residual_figures)


def in_blocks(sums: np.ndarray, max_blocks: int) -> np.ndarray:
    """The sums of random blocks of rows, (at most `max_blocks`, S), from those of each row, (N, S)."""
    if len(sums) <= max_blocks:
        return sums
    shuffled = sums[np.random.default_rng(SEED).permutation(len(sums))]
    return np.asarray(
        np.add.reduceat(shuffled, np.linspace(0, len(sums), max_blocks, endpoint=False).astype(int), axis=0)
    )
