"""How good a model is where a column has this value or that: figures by group, each with how far it can be trusted."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from leyden.datasets.profile import ColumnKind
from leyden.datasets.values import category_strings, date_values, number_values, text_strings
from leyden.messages.render import show
from leyden.reports.model import Interval
from leyden.reports.outcomes import Outcomes

MAX_GROUPS = 12
NUM_BINS = 5
FEW_ROWS = 30
"""A figure of fewer rows says little, whatever its interval."""
Z = 1.96


@dataclass(frozen=True)
class Groups:
    """A column's values in groups: the group of each row, (N,) int16, -1 for none, and their names."""

    codes: np.ndarray
    names: tuple[str, ...]


@dataclass(frozen=True)
class Slice:
    """A group's rows, and the figure: the share that is right, or the mean absolute error."""

    place: int
    name: str
    num_rows: int
    value: float
    interval: Interval

    @property
    def is_uncertain(self) -> bool:
        """Whether it has too few rows to be relied on."""
        return self.num_rows < FEW_ROWS


def groups_of(values: pd.Series, kind: ColumnKind) -> Groups:
    """Groups of a column: its most frequent values, or equally many rows by number, date or length of text."""
    if kind == "number":
        return _bins(number_values(values), show)
    if kind == "datetime":
        seconds = (date_values(values) - pd.Timestamp(0)).total_seconds()
        return _bins(pd.Series(seconds), lambda second: f"{pd.Timestamp(second, unit='s'):%Y-%m-%d}")
    if kind == "text":
        lengths = pd.Series([float(len(text)) for text in text_strings(values)])
        return _bins(lengths.mask(values.isna().to_numpy()), lambda length: f"{length:,.0f}")
    return _most_frequent(category_strings(values))


def slices(outcomes: Outcomes, groups: Groups) -> list[Slice]:
    """The figure of each group that has rows, in the order of the groups."""
    good = outcomes.is_right if outcomes.classes is not None else np.abs(outcomes.error)
    found = []
    for place, name in enumerate(groups.names):
        of_group = good[(groups.codes == place) & np.isfinite(good)]
        if len(of_group):
            value, interval = _share(of_group) if outcomes.classes is not None else _mean(of_group)
            found.append(Slice(place, name, len(of_group), value, interval))
    return found


def _share(is_right: np.ndarray) -> tuple[float, Interval]:
    """A share with its Wilson score interval (Wilson, 1927), which holds for few rows and for 0 and 1, too."""
    count, share = len(is_right), float(is_right.mean())
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * np.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return share, Interval(low=float(max(0.0, middle - half)), high=float(min(1.0, middle + half)))


def _mean(errors: np.ndarray) -> tuple[float, Interval]:
    """A mean with its normal interval."""
    mean = float(errors.mean())
    half = Z * float(errors.std(ddof=1)) / np.sqrt(len(errors)) if len(errors) > 1 else mean
    return mean, Interval(low=max(0.0, mean - half), high=mean + half)


def _most_frequent(strings: pd.Series) -> Groups:
    counts = strings.value_counts()
    names = [str(name) for name in counts.index[:MAX_GROUPS]]
    index = {name: place for place, name in enumerate(names)}
    codes = strings.map(index).to_numpy(dtype=np.float64, na_value=np.nan)
    is_missing = strings.isna().to_numpy()
    codes = np.where(np.isnan(codes), len(names), codes)
    codes = np.where(is_missing, len(names) + 1, codes)
    others = f"{len(counts) - len(names):,} other values" if len(counts) > len(names) else ""
    return Groups(codes.astype(np.int16), (*names, others, "missing"))


def _bins(numbers: pd.Series, text: Callable[[float], str]) -> Groups:
    """Bins of about equally many rows; with few distinct numbers, those."""
    known = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    is_known = np.isfinite(known)
    distinct = np.unique(known[is_known])
    if len(distinct) <= NUM_BINS:
        codes = np.searchsorted(distinct, np.where(is_known, known, 0.0))
        names = tuple(text(value) for value in distinct)
    else:
        edges = np.unique(np.quantile(known[is_known], np.linspace(0, 1, NUM_BINS + 1)))
        places = np.searchsorted(edges, np.where(is_known, known, edges[0]), side="right") - 1
        codes = np.clip(places, 0, len(edges) - 2)
        names = tuple(f"{text(low)} to {text(high)}" for low, high in pairwise(edges))
    return Groups(np.where(is_known, codes, len(names)).astype(np.int16), (*names, "missing"))
