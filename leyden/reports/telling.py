"""The columns by whose values a model differs most: what a report shows of groups before anybody asks."""

from typing import NamedTuple

import numpy as np

from leyden.datasets.read import load_profile, read_frame
from leyden.errors import DataError
from leyden.home import Home
from leyden.reports.groups import Groups, group_columns, groups_of
from leyden.reports.model import Report
from leyden.reports.outcomes import Outcomes
from leyden.store.records import Run

MOST_COLUMNS = 3
LEVEL = 0.05
LEAST_ROWS = 10
"""Smaller groups prove nothing, and are left out of the test."""


class Telling(NamedTuple):
    """A column's groups, and how likely chance alone makes them differ as much, from 0 to 1."""

    column: str
    groups: Groups
    p_value: float


def telling_columns(home: Home, run: Run, report: Report, outcomes: Outcomes) -> list[Telling] | None:
    """The columns in whose groups the share of mistakes, or the size of errors, differs by more than chance.

    Many columns are looked at, so that each has to pass a stricter test (Bonferroni); the clearest comes first.

    Returns:
        At most three; None where rows cannot be grouped: there is no such column, or the dataset's files are gone.
    """
    dataset = run.spec.data.dataset_of(report.part)
    try:
        kinds = group_columns(run, load_profile(home, dataset))
        frame = read_frame(home, dataset, list(kinds), outcomes.row_ids.tolist()).reindex(outcomes.row_ids)
    except DataError:
        return None
    if not kinds:
        return None
    badness = np.abs(outcomes.error) if outcomes.classes is None else (~outcomes.is_right).astype(np.float64)
    found = []
    for column, kind in kinds.items():
        groups = groups_of(frame[column], kind)
        found.append(Telling(column, groups, p_value(badness, groups.codes)))
    clear = [one for one in found if one.p_value < LEVEL / len(found)]
    return sorted(clear, key=lambda one: one.p_value)[:MOST_COLUMNS]


def p_value(values: np.ndarray, codes: np.ndarray) -> float:
    """How likely the means of groups differ as much when all rows are alike: the F test of one-way ANOVA.

    Args:
        values: (N,); those that are not finite are left out, and so are small groups.
        codes: (N,), the group of each, from 0.
    """
    from scipy.special import fdtrc

    is_known = np.isfinite(values)
    values, codes = values[is_known], codes[is_known]
    counts, sums = np.bincount(codes, minlength=1), np.bincount(codes, values, minlength=1)
    is_large = counts >= LEAST_ROWS
    counts, sums, values = counts[is_large], sums[is_large], values[is_large[codes]]
    free, rest = len(counts) - 1, len(values) - len(counts)
    if free < 1 or rest < 1:
        return 1.0
    mean = values.mean()
    between = float((counts * (sums / counts - mean) ** 2).sum())
    within = float(((values - mean) ** 2).sum()) - between
    if within <= 1e-12 * max(between, 1e-300):
        return 1.0 if between <= 0 else 0.0
    return float(fdtrc(free, rest, (between / free) / (within / rest)))
