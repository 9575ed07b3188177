"""Thins a curve to what a screen can show. Used before anything is sent to a browser."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

MAX_POINTS = 1000
"""A browser draws four such curves a second without effort; with ten times as many it stutters."""


def thin(x: ArrayLike, y: ArrayLike, max_points: int = MAX_POINTS) -> tuple[NDArray, NDArray]:
    """The finite points of a curve, thinned so that it looks the same: no spike is lost.

    The curve is cut into stretches of equally many points, and each keeps its lowest and its highest, beside the
    first and the last point of all. Averages would hide exactly the jumps that people look for.

    Args:
        x: Positions in ascending order.
        y: Values, equally many; points where either is not finite are left out.
        max_points: At least 4.

    Returns:
        x and y as float64 arrays of at most `max_points` values, in their order.
    """
    assert max_points >= 4
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    is_finite = np.isfinite(xs) & np.isfinite(ys)
    xs, ys = xs[is_finite], ys[is_finite]
    if len(ys) <= max_points:
        return xs, ys
    keep = _extremes(ys, (max_points - 2) // 2)
    return xs[keep], ys[keep]


def _extremes(y: NDArray, num_stretches: int) -> NDArray:
    """Ascending positions of the first, the last, and each stretch's lowest and highest value."""
    stretch = np.arange(len(y)) * num_stretches // len(y)
    # Sorted by stretch, then by value: a stretch's lowest comes first and its highest last.
    order = np.lexsort((y, stretch))
    starts = np.searchsorted(stretch, np.arange(num_stretches))
    ends = np.append(starts[1:], len(y)) - 1
    return np.unique(np.concatenate(([0], order[starts], order[ends], [len(y) - 1])))
