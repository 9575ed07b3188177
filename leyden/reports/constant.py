"""The axis of curves whose values are all the same: left to itself, plotly shows from one below to one above."""

import math
from collections.abc import Iterable

from leyden.catalogue import MetricCard

BAND = 0.1
"""Of the value, above and below it."""
HAIR = 0.004
"""Of the value, beyond the best there can be: a line that lies there is seen whole, and no number stands above it."""


def constant_range(
    values: Iterable[float], card: MetricCard | None = None, *, is_log: bool = False
) -> tuple[float, float] | None:
    """What an axis shows around values that are all the same: a small band, which ends at the best that there can be.

    Args:
        values: Of all curves of a chart.
        card: Of what they are, if that is a metric.
        is_log: Whether the axis is logarithmic: its range then is one of exponents.

    Returns:
        Its low and high end; None where the values differ, or where there are none.
    """
    finite = [value for value in values if math.isfinite(value)]
    if not finite or max(finite) > min(finite):
        return None
    value = finite[0]
    scale = abs(value) or 1.0
    low, high = value - BAND * scale, value + BAND * scale
    if value == 0:
        # Below none there is hardly anything that is shown in curves.
        low = -HAIR
    if card is not None and card.best is not None:
        if card.higher_is_better and value <= card.best:
            high = min(high, card.best + HAIR * scale)
        elif not card.higher_is_better and value >= card.best:
            low = max(low, card.best - HAIR * scale)
    if not is_log:
        return low, high
    return (math.log10(low), math.log10(high)) if low > 0 else None
