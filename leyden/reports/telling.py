"""The columns by whose values a model differs most: what a report shows of groups before anybody asks."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from leyden.datasets.profile import ColumnKind
from leyden.datasets.read import load_profile, read_frame
from leyden.errors import DataError
from leyden.home import Home
from leyden.reports.groups import Groups, group_columns, stored_groups
from leyden.reports.model import Report
from leyden.reports.outcomes import Outcomes
from leyden.store.records import Run

MOST_COLUMNS = 3
MAX_COLUMNS = 300
"""Of more columns the first are looked at, the inputs before all others: a person waits."""
MOST_PICTURES = 2_000
"""With more rows, pictures are left out: each is opened."""
COLUMNS_AT_ONCE = 25
"""Bounds the memory of reading them."""
LEVEL = 0.05
LEAST_ROWS = 10
"""Smaller groups prove nothing, and are left out of the test of numbers."""
LEAST_EXPECTED = 5
"""Of mistakes, and of right answers, were all groups alike: with fewer the test of shares does not hold (Cochran)."""


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
    badness = np.abs(outcomes.error) if outcomes.classes is None else ~outcomes.is_right
    try:
        kinds = _looked_at(run, group_columns(run, load_profile(home, dataset)), len(outcomes.row_ids))
        if not kinds:
            return None
        found = (
            Telling(column, groups, p_value(badness, groups.codes))
            for column, groups in _grouped(home, dataset, outcomes, kinds)
        )
        clear = [one for one in found if one.p_value < LEVEL / len(kinds)]
    except DataError:
        return None
    return sorted(clear, key=lambda one: one.p_value)[:MOST_COLUMNS]


def _looked_at(run: Run, kinds: Mapping[str, ColumnKind], num_rows: int) -> dict[str, ColumnKind]:
    """The inputs, then other columns, as many as there is time for. Of a target, large numbers are missed by more."""
    is_quick = num_rows <= MOST_PICTURES
    others = (name for name in kinds if name != run.target and (is_quick or kinds[name] != "image"))
    inputs_first = sorted(others, key=lambda name: name not in run.spec.data.inputs)
    return {name: kinds[name] for name in inputs_first[:MAX_COLUMNS]}


def _grouped(
    home: Home, dataset: str, outcomes: Outcomes, kinds: Mapping[str, ColumnKind]
) -> Iterator[tuple[str, Groups]]:
    """The groups of each column; a few columns are read at a time."""
    names = list(kinds)
    for start in range(0, len(names), COLUMNS_AT_ONCE):
        block = names[start : start + COLUMNS_AT_ONCE]
        frame = read_frame(home, dataset, block, outcomes.row_ids.tolist()).reindex(outcomes.row_ids)
        yield from ((name, stored_groups(home, frame[name], kinds[name])) for name in block)


def p_value(values: np.ndarray, codes: np.ndarray) -> float:
    """How likely groups differ as much when all rows are alike: the test of Kruskal and Wallis.

    It goes by ranks, so that one huge error proves nothing. Of mistakes it is the chi-squared test of their shares.

    Args:
        values: (N,) bool, the mistakes; or numbers, of which those that are not finite are left out. So are groups
            that are too small.
        codes: (N,), the group of each, from 0.

    Returns:
        1 where there are not two groups that are large enough.

    Source: Kruskal and Wallis (1952), JASA 47(260); Cochran (1954), Biometrics 10(4).
    """
    from scipy.special import chdtrc

    is_known = np.isfinite(values)
    values, codes = values[is_known], codes[is_known]
    is_kept = _is_large(values, codes)[codes]
    values, codes = values[is_kept], codes[is_kept]
    ranks = pd.Series(values).rank().to_numpy()
    ranks = ranks - (len(ranks) + 1) / 2
    counts, sums = np.bincount(codes), np.bincount(codes, ranks)
    counts, sums = counts[counts > 0], sums[counts > 0]
    total = float((ranks**2).sum())
    if len(counts) < 2 or total <= 0:
        return 1.0
    between = float((sums**2 / counts).sum())
    return float(chdtrc(len(counts) - 1, (len(ranks) - 1) * between / total))


def _is_large(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """(G,) bool: whether a group has enough rows for its test to hold."""
    counts = np.bincount(codes, minlength=1)
    if values.dtype != np.bool_:
        return np.asarray(counts >= LEAST_ROWS)
    share = values.mean() if len(values) else 0.0
    return np.asarray(counts * min(share, 1 - share) >= LEAST_EXPECTED)
