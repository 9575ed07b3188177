"""The rows of a report in groups, by the values of a column. Whatever is said of groups is said elsewhere."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from leyden.datasets.image import brightness
from leyden.datasets.profile import ColumnKind, Profile
from leyden.datasets.read import read_frame
from leyden.datasets.values import category_strings, date_values, number_values, seconds_of, text_strings
from leyden.errors import DataError
from leyden.home import Home
from leyden.messages.render import show
from leyden.reports.outcomes import Outcomes
from leyden.store.records import Run
from leyden.words import _

MAX_GROUPS = 12
NUM_BINS = 5
MOST_THREADS = 4
"""Pictures that are opened at once: each may be large, and runs are trained beside them."""
MOST_KEPT = 50_000
"""Pictures whose brightness is remembered; files of media never change."""


@dataclass(frozen=True)
class Groups:
    """A column's values in groups: the group of each row, (N,) int16, and the groups' names."""

    codes: np.ndarray
    names: tuple[str, ...]


def group_columns(run: Run, profile: Profile) -> dict[str, ColumnKind]:
    """Columns that a run's rows can be grouped by: the inputs, then the others of each kind, and a target of numbers.

    Of a target of classes the report's table of classes says the same.
    """
    kinds = {**run.spec.data.inputs, **{name: kind for name, kind in profile.kinds.items() if kind != "ignored"}}
    kinds.update(run.spec.data.inputs)
    usable = {name: kind for name, kind in kinds.items() if kind in GROUPING and name != run.target}
    plainest_first = list(GROUPING)
    found = dict(sorted(usable.items(), key=lambda item: plainest_first.index(item[1])))
    has_numbers = run.spec.task.name == "regression" and run.target in profile.kinds
    return {**found, run.target: "number"} if has_numbers else found


def read_groups(home: Home, dataset_id: str, outcomes: Outcomes, column: str, kind: ColumnKind) -> Groups:
    """The groups of the judged rows of a dataset; only this one column is read.

    Raises:
        DataError: The dataset's files are not there, or it has no such column.
    """
    values = read_frame(home, dataset_id, [column], outcomes.row_ids.tolist())[column]
    return stored_groups(home, values.reindex(outcomes.row_ids), kind)


def stored_groups(home: Home, values: pd.Series, kind: ColumnKind) -> Groups:
    """Groups of a column as a dataset's table holds it, where a picture is the name of its file."""
    return groups_of(values.map(home.media_file, na_action="ignore") if kind == "image" else values, kind)


def groups_of(values: pd.Series, kind: ColumnKind) -> Groups:
    """Groups of a column: its most frequent values, or equally many rows by number, date, length or brightness."""
    return GROUPING[kind](values)


def _by_number(values: pd.Series) -> Groups:
    return _bins(number_values(values), show)


def _by_day(values: pd.Series) -> Groups:
    seconds = pd.Series(seconds_of(date_values(values)))
    return _bins(seconds, lambda second: f"{pd.Timestamp(second, unit='s'):%Y-%m-%d}")


def _by_length(values: pd.Series) -> Groups:
    lengths = pd.Series([float(len(text)) for text in text_strings(values)])
    return _bins(lengths.mask(values.isna().to_numpy()), lambda length: f"{length:,.0f}", _("length {bin}"))


def _by_brightness(files: pd.Series) -> Groups:
    """By the mean brightness of each picture; one that cannot be read any more is missing."""
    with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as threads:
        found = pd.Series(list(threads.map(_percent_of, files)), dtype=np.float64)
    return _bins(found, lambda percent: f"{percent:.3g} %", _("brightness {bin}"))


def _percent_of(file: Path | float | None) -> float:
    try:
        return _percent(file) if isinstance(file, Path) else np.nan
    except DataError:
        return np.nan


@lru_cache(maxsize=MOST_KEPT)
def _percent(file: Path) -> float:
    return 100 * brightness(file)


def _by_value(values: pd.Series) -> Groups:
    """The most frequent values, all others, and those without one."""
    strings = category_strings(values)
    counts = strings.value_counts()
    names = [str(name) for name in counts.index[:MAX_GROUPS]]
    index = {name: place for place, name in enumerate(names)}
    codes = strings.map(index).to_numpy(dtype=np.float64, na_value=np.nan)
    is_missing = strings.isna().to_numpy()
    codes = np.where(np.isnan(codes), len(names), codes)
    codes = np.where(is_missing, len(names) + 1, codes)
    num_others = len(counts) - len(names)
    others = _("{n} other values").format(n=f"{num_others:,}") if num_others > 0 else ""
    return Groups(codes.astype(np.int16), (*names, others, _("missing")))


def _bins(numbers: pd.Series, text: Callable[[float], str], whole: str = "{bin}") -> Groups:
    """Bins of about equally many rows; with few distinct numbers, those.

    Args:
        numbers: Of the rows.
        text: How one of them is written.
        whole: What a bin is called, with `{bin}` for its smallest and its largest number, or the only one.
    """
    known = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    is_known = np.isfinite(known)
    distinct = np.unique(known[is_known])
    if len(distinct) <= NUM_BINS:
        codes = np.searchsorted(distinct, np.where(is_known, known, 0.0))
        names = tuple(text(value) for value in distinct)
    else:
        edges = np.unique(np.quantile(known[is_known], np.linspace(0, 1, NUM_BINS + 1)))
        bins = np.clip(np.searchsorted(edges, distinct, side="right") - 1, 0, len(edges) - 2)
        starts = np.flatnonzero(np.diff(bins, prepend=-1))
        codes = np.searchsorted(distinct[starts], np.where(is_known, known, distinct[0]), side="right") - 1
        ends = zip(distinct[starts], distinct[[*starts[1:] - 1, -1]], strict=True)
        names = tuple(_range(text(low), text(high)) for low, high in ends)
    names = tuple(whole.format(bin=name) for name in names)
    return Groups(np.where(is_known, codes, len(names)).astype(np.int16), (*names, _("missing")))


def _range(low: str, high: str) -> str:
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


GROUPING: Mapping[ColumnKind, Callable[[pd.Series], Groups]] = {
    "category": _by_value,
    "number": _by_number,
    "datetime": _by_day,
    "text": _by_length,
    "image": _by_brightness,
}
"""By what kinds of columns rows can be grouped, and how; the plainest first."""
