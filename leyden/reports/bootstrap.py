"""95 % percentile bootstrap intervals of figures that follow from sums over rows. No torch.

Resampling n rows with replacement changes each figure only through sums. Rows that are alike (in one cell of a
confusion matrix) are therefore drawn together, as one multinomial draw of counts, which is the same distribution.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from leyden.reports.model import Interval

if TYPE_CHECKING:
    from scipy.sparse import csr_array

NUM_RESAMPLES = 1_000
SEED = 0
PERCENTILES = (2.5, 97.5)
ROWS_AT_ONCE = 20_000_000
"""Bounds the memory of one draw: resamples x groups."""

Figures = Mapping[str, np.ndarray]


def bootstrap(
    counts: np.ndarray, sums: "np.ndarray | csr_array", figures: Callable[[np.ndarray], Figures]
) -> dict[str, Interval]:
    """Intervals of figures under resampling of the rows.

    Args:
        counts: (G,) rows in each group of rows that are alike.
        sums: (G, S) what one row of each group adds to each sum.
        figures: From sums of resampled rows, (R, S), to figures by name, (R,); NaN where undefined.
    """
    rng = np.random.default_rng(SEED)
    num_rows = int(counts.sum())
    at_once = max(1, min(NUM_RESAMPLES, ROWS_AT_ONCE // len(counts)))
    parts = []
    for start in range(0, NUM_RESAMPLES, at_once):
        size = min(at_once, NUM_RESAMPLES - start)
        drawn = rng.multinomial(num_rows, counts / num_rows, size=size)
        parts.append(figures(drawn @ sums))
    drawn_figures = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {name: _interval(values) for name, values in drawn_figures.items() if np.isfinite(values).any()}


def _interval(values: np.ndarray) -> Interval:
    low, high = np.nanpercentile(values, PERCENTILES)
    return Interval(low=float(low), high=float(high))
