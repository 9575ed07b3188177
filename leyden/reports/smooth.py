"""Smooths a noisy curve so that its course can be seen."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def smooth(values: ArrayLike, weight: float) -> NDArray:
    """The exponential moving average of a curve, without the bias towards its first value.

    Args:
        values: Shape (N,). Values that are not finite are left out, and stay as they are.
        weight: What the past counts, from 0 (nothing is smoothed) to below 1.

    Returns:
        float64, shape (N,).
    """
    assert 0 <= weight < 1
    series = pd.Series(np.asarray(values, dtype=np.float64))
    is_finite = np.isfinite(series)
    averaged = series.where(is_finite).ewm(alpha=1 - weight, adjust=True, ignore_na=True).mean()
    return averaged.where(is_finite, series).to_numpy()
