"""95 % intervals of the figures that hang on every row's probability. No torch.

Resampling would have to rank all rows anew each time. What each row contributes to a figure gives its variance at once.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit, logit
from scipy.stats import rankdata, t

from leyden.reports.counts import Z
from leyden.reports.model import Interval
from lightning_modules.tasks.classification.curves import OneAgainstRest

FEWEST = 5
"""Fewer rows of a class tell too little of how they spread: intervals would be much too narrow."""


def area_interval(sides: Sequence[OneAgainstRest]) -> Interval | None:
    """Of the mean of the areas under the ROC curves of the same rows.

    On the logit scale, which ends at no area, and with Student's t for as many rows as the rarest class has. None where
    that has less than `FEWEST`, and for areas of 0 and 1, of which the rows tell no spread.

    Source: DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44(3).
    """
    fewest = min((min(side.is_true.sum(), (~side.is_true).sum()) for side in sides), default=0)
    if fewest < FEWEST:
        return None
    area, deviations = 0.0, np.zeros(len(sides[0].is_true))
    for side in sides:
        area_of_side, deviations_of_side = _placements(side)
        area += area_of_side / len(sides)
        deviations += deviations_of_side / len(sides)
    error = float(np.linalg.norm(deviations))
    if not 0 < area < 1 or error == 0:
        return None
    half = t.ppf(0.975, fewest - 1) * error / (area * (1 - area))
    return Interval(low=float(expit(logit(area) - half)), high=float(expit(logit(area) + half)))


def _placements(side: OneAgainstRest) -> tuple[float, np.ndarray]:
    """The area, and what each row adds to it beyond its share, (N,): the sum of the squares is the area's variance."""
    is_true, ranks = side.is_true, rankdata(side.probability)
    placed = np.empty(len(ranks))
    for rows, others in ((is_true, ~is_true), (~is_true, is_true)):
        # The share of the other rows that lies below a row; half of those beside it.
        placed[rows] = (ranks[rows] - rankdata(side.probability[rows])) / others.sum()
    placed[~is_true] = 1 - placed[~is_true]
    area = float(placed[is_true].mean())
    sizes = np.where(is_true, is_true.sum(), (~is_true).sum())
    return area, (placed - area) / np.sqrt(sizes * (sizes - 1.0))


def mean_interval(values: np.ndarray) -> Interval | None:
    """Of the mean of N values that are not negative, (N,); None for less than two, and where all are alike."""
    if len(values) < 2 or np.ptp(values) == 0:
        return None
    mean, half = values.mean(), Z * values.std(ddof=1) / np.sqrt(len(values))
    return Interval(low=float(max(0.0, mean - half)), high=float(mean + half))
