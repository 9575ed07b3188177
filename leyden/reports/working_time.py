"""How long a run had worked when a point of a curve came: breaks between attempts do not count."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

BREAK_S = 600
"""A shorter gap is never a break."""
MUCH_LONGER = 100
"""A gap this many times the usual one is a break."""


def working_time(times: ArrayLike) -> NDArray:
    """Seconds of work since the first point: a gap that is far longer than usual is a break, and counts as usual.

    Args:
        times: Unix seconds in ascending order, shape (N,).

    Returns:
        float64, shape (N,), from 0.
    """
    seconds = np.asarray(times, dtype=np.float64)
    if len(seconds) < 2:
        return np.zeros(len(seconds))
    gaps = np.diff(seconds)
    usual = float(np.median(gaps))
    gaps = np.where(gaps > max(MUCH_LONGER * usual, BREAK_S), usual, gaps)
    return np.concatenate(([0.0], np.cumsum(gaps)))
