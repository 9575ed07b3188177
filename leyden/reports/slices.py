"""How good a model is where a column has this value or that: the report's figures for each group of rows.

The formulas are those of the report (`counts`, `residuals`). What a group is, `groups` says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leyden.reports.counts import FEW_ROWS, Counts, count_figures, count_intervals, wilson
from leyden.reports.groups import Groups
from leyden.reports.model import Interval
from leyden.reports.outcomes import Outcomes
from leyden.reports.residuals import residual_figures, residual_intervals, residual_sums
from leyden.words import _

MAX_BLOCKS = 200
"""Rows of a group are resampled in at most so many blocks: there are many groups, and a person waits."""
MAX_CLASSES = 60
"""With more classes, figures that are averaged over them have no intervals: to resample them takes too long."""
ALL_ROWS = -1


@dataclass(frozen=True)
class Measure:
    """A figure that groups are judged by: its name in files, its title, and what it says."""

    name: str
    title: str
    summary: str


@dataclass(frozen=True)
class Slice:
    """A group's rows and figures. A figure that is not defined, such as a recall without such rows, is left out.

    Args:
        place: Of the group; `ALL_ROWS` for all of them together.
        name: Of the group.
        num_rows: Rows that are judged.
        num_positive: Rows of the positive class; None where there are not two classes.
        figures: By the name of their measure.
        intervals: 95 %; left out where nothing can be said, as for one row.
        over: How many rows a figure is a share of, where these are not all of them.
    """

    place: int
    name: str
    num_rows: int
    num_positive: int | None
    figures: Mapping[str, float]
    intervals: Mapping[str, Interval]
    over: Mapping[str, int]

    def is_uncertain(self, measure: str = "") -> bool:
        """Whether it has too few rows to be relied on, at all or in one measure."""
        return min(self.num_rows, self.over.get(measure, self.num_rows)) < FEW_ROWS


@dataclass(frozen=True)
class Slices:
    """The figures of all groups that have rows, in their order, and of all rows together."""

    measures: tuple[Measure, ...]
    whole: Slice
    groups: tuple[Slice, ...]
    positive: str | None
    """Name of the positive class, of which figures between two classes are."""


def slices(outcomes: Outcomes, groups: Groups, positive: int = 1) -> Slices:
    """The figures of each group.

    Args:
        outcomes: Of the report.
        groups: Of its rows.
        positive: Index of the class that is looked for, of two.

    With two classes, precision, recall and F1 are those of the positive one, as where a threshold is chosen; with more
    they are averaged over the classes that a group has or is answered with. Rows whose class nobody answered count as
    errors; rows without an answered number are left out.
    """
    if outcomes.classes is None:
        return _of_numbers(outcomes, groups)
    return _of_two_classes(outcomes, groups, positive) if outcomes.is_binary else _of_classes(outcomes, groups)


def count_by_group(outcomes: Outcomes, groups: Groups) -> Counts:
    """Rows by group and class, (G, C)."""
    assert outcomes.classes is not None
    shape = len(groups.names), len(outcomes.classes)

    def by_class(classes: np.ndarray, kept: np.ndarray) -> np.ndarray:
        cells = groups.codes[kept].astype(np.int64) * shape[1] + classes[kept]
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)

    everywhere = np.ones(len(outcomes.true), dtype=bool)
    return Counts(
        by_class(outcomes.true, outcomes.is_right),
        by_class(outcomes.true, everywhere),
        by_class(outcomes.predicted, outcomes.predicted >= 0),
    )


def _with_all(parts: Counts) -> Counts:
    """The same, with all rows together in front."""
    together = (np.vstack([part.sum(axis=0), part]) for part in (parts.hits, parts.true, parts.predicted))
    return Counts(*together)


def _of_two_classes(outcomes: Outcomes, groups: Groups, positive: int) -> Slices:
    assert outcomes.classes is not None
    counts = _with_all(count_by_group(outcomes, groups))
    accuracy = count_figures(counts)["accuracy"]
    parts = {"f1": counts.f1, "precision": counts.precision, "recall": counts.recall}
    values = {name: part[:, positive] for name, part in parts.items()}
    found = []
    for row, num_rows in enumerate(counts.true.sum(axis=1).tolist()):
        if not num_rows:
            continue
        hits, true, predicted = (int(part[row, positive]) for part in (counts.hits, counts.true, counts.predicted))
        over = {"f1": true + predicted - hits, "precision": predicted, "recall": true}
        figures = {name: float(values[name][row]) for name in values if over[name]}
        intervals = {name: wilson(hits, over[name]) for name in figures}
        if "f1" in intervals:
            # F1 is 2J / (1 + J), with J the share of the rows that are both among those that are either.
            low, high = (2 * end / (1 + end) for end in (intervals["f1"].low, intervals["f1"].high))
            intervals["f1"] = Interval(low=low, high=high)
        figures["accuracy"] = float(accuracy[row])
        intervals["accuracy"] = wilson(int(counts.hits[row].sum()), num_rows)
        found.append(_slice(row, groups, num_rows, figures, intervals, over, num_positive=true))
    return _slices(_measures_of_two(outcomes.classes[positive]), found, outcomes.classes[positive])


def _of_classes(outcomes: Outcomes, groups: Groups) -> Slices:
    counts = _with_all(count_by_group(outcomes, groups))
    values = count_figures(counts)
    measures = _measures_of_classes()
    found = []
    for row, num_rows in enumerate(counts.true.sum(axis=1).tolist()):
        if not num_rows:
            continue
        hits = int(counts.hits[row].sum())
        intervals = _macro_intervals(outcomes, _rows_of(row, groups)) if hits < num_rows else {}
        intervals["accuracy"] = wilson(hits, num_rows)
        figures = {measure.name: float(values[measure.name][row]) for measure in measures}
        found.append(_slice(row, groups, num_rows, figures, intervals, {}))
    return _slices(measures, found)


def _macro_intervals(outcomes: Outcomes, rows: np.ndarray) -> dict[str, Interval]:
    """By resampling, of rows with mistakes: without any, it would find that there never is one.

    Rows that nobody answered are no cell of the matrix it draws from: with such a row there are no intervals.
    """
    assert outcomes.classes is not None
    if len(outcomes.classes) > MAX_CLASSES or (outcomes.predicted[rows] < 0).any():
        return {}
    true, predicted = (values[rows].astype(np.int64) for values in (outcomes.true, outcomes.predicted))
    return count_intervals(true, predicted, len(outcomes.classes))


def _of_numbers(outcomes: Outcomes, groups: Groups) -> Slices:
    is_judged = np.isfinite(outcomes.error)
    if not is_judged.any():
        return _slices(_measures_of_numbers(), [])
    codes = groups.codes[is_judged]
    sums = residual_sums(outcomes.predicted[is_judged], outcomes.true[is_judged])
    measures = _measures_of_numbers()
    found = []
    for row in range(len(groups.names) + 1):
        of_group = sums[codes == row - 1] if row else sums
        if not len(of_group):
            continue
        values = residual_figures(of_group.sum(axis=0))
        figures = {one.name: float(values[one.name]) for one in measures if np.isfinite(values[one.name])}
        intervals = residual_intervals(of_group, MAX_BLOCKS) if len(of_group) > 1 else {}
        found.append(_slice(row, groups, len(of_group), figures, intervals, {}))
    return _slices(measures, found)


def _rows_of(row: int, groups: Groups) -> np.ndarray:
    """(N,) bool: the rows of the first group are those of row 1, and row 0 has all of them."""
    return np.asarray(groups.codes == row - 1) if row else np.ones(len(groups.codes), dtype=bool)


def _slice(
    row: int,
    groups: Groups,
    num_rows: int,
    figures: dict[str, float],
    intervals: dict[str, Interval],
    over: dict[str, int],
    *,
    num_positive: int | None = None,
) -> Slice:
    name = groups.names[row - 1] if row else _("All rows")
    known = {name: interval for name, interval in intervals.items() if name in figures}
    return Slice(row - 1 if row else ALL_ROWS, name, num_rows, num_positive, figures, known, over)


def _slices(measures: tuple[Measure, ...], found: list[Slice], positive: str | None = None) -> Slices:
    """Of rows of which none is judged, nothing is known."""
    whole = found[0] if found else Slice(ALL_ROWS, _("All rows"), 0, None, {}, {}, {})
    return Slices(measures, whole, tuple(found[1:]), positive)


def _measures_of_two(positive: str) -> tuple[Measure, ...]:
    texts = (
        ("accuracy", _("Accuracy"), _("Share of rows whose class was found")),
        ("precision", _("Precision"), _("Of the rows answered with '{name}', the share that is of it")),
        ("recall", _("Recall"), _("Of the rows that are '{name}', the share that was found")),
        ("f1", _("F1"), _("Harmonic mean of precision and recall of '{name}'")),
    )
    return tuple(Measure(name, title, text.format(name=positive)) for name, title, text in texts)


def _measures_of_classes() -> tuple[Measure, ...]:
    of_group = _("averaged over the classes that the group has or is answered with")
    texts = (
        ("accuracy", _("Accuracy"), _("Share of rows whose class was found")),
        ("precision_macro", _("Precision (macro)"), _("Precision, {of_group}")),
        ("recall_macro", _("Recall (macro)"), _("Recall, {of_group}")),
        ("f1_macro", _("F1 (macro)"), _("F1, {of_group}")),
    )
    return tuple(Measure(name, title, text.format(of_group=of_group)) for name, title, text in texts)


def _measures_of_numbers() -> tuple[Measure, ...]:
    return (
        Measure(
            "mae", _("Mean absolute error"), _("How far off a prediction is on average, in the target's units")
        ),
        Measure("rmse", _("Root mean squared error"), _("The same, but large errors weigh more")),
        Measure("r2", _("R²"), _("Share of the variance within the group that the predictions explain")),
        Measure("bias", _("Bias"), _("Mean of predicted minus true: above zero, predictions are too high")),
    )
