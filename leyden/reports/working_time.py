"""How long a run had worked when a point of a curve came: breaks between attempts do not count."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

BREAK_S = 600
"""A shorter gap is never a break."""
MUCH_LONGER = 100
"""A gap this many times the usual one is a break."""


def working_time(times: ArrayLike, start: float | None = None) -> NDArray:
    """Seconds of work since a run's first point: a gap that is far longer than usual is a break, and counts as usual.

    Args:
        times: Unix seconds in ascending order, shape (N,).
        start: When the run's first point came, of whatever curve; None: this one's.

    Returns:
        float64, shape (N,), from 0 where the curve begins with the run.
    """
    seconds = np.asarray(times, dtype=np.float64)
    if not len(seconds):
        return np.zeros(0)
    gaps = np.diff(seconds, prepend=seconds[0] if start is None else start)
    usual = float(np.median(gaps[1:])) if len(gaps) > 1 else float("inf")
    return np.cumsum(np.where(gaps > max(MUCH_LONGER * usual, BREAK_S), usual, gaps))
