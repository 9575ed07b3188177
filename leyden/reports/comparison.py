"""Runs side by side: what was different, and which figures may be compared.

Works on specs and reports as they lie in the workspace; how a comparison looks is not decided here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from leyden.reports.model import Interval, Report
from leyden.spec.fields import flat
from leyden.spec.model import Spec
from leyden.store.records import Run

NOT_SETTINGS = ("version",)


class Goal(NamedTuple):
    """What is predicted, of what data: figures of runs with different goals say nothing about each other."""

    dataset_id: str
    target: str
    task: str


def goal_of(run: Run) -> Goal:
    """What a run predicts."""
    return Goal(run.dataset_id, run.target, run.task)


def by_goal(runs: Iterable[Run]) -> dict[Goal, list[Run]]:
    """The runs of each goal, in their order."""
    found: dict[Goal, list[Run]] = {}
    for run in runs:
        found.setdefault(goal_of(run), []).append(run)
    return found


def share_rows(runs: Sequence[Run]) -> bool:
    """Whether the runs are judged on the same validation rows, so that their answers can be laid side by side."""
    return len({(goal_of(run), run.split_hash) for run in runs}) == 1


def differing(specs: Sequence[Spec]) -> dict[str, tuple[Any, ...]]:
    """The settings in which specs differ: dotted name, and the value of each; None where one has no such setting.

    An option that only some have, because the others have chosen another network or optimiser, is left out where
    those agree on it: the choice itself is what differs.
    """
    flats = [flat(spec) for spec in specs]
    # A choice without options has an empty record in their place, which is no setting.
    names = dict.fromkeys(
        name for values in flats for name in values if name not in NOT_SETTINGS and not name.endswith(".options")
    )
    rows = {name: tuple(values.get(name) for values in flats) for name in names}
    return {name: values for name, values in rows.items() if _differ(name, values, flats)}


def _differ(name: str, values: Sequence[Any], flats: Sequence[dict[str, Any]]) -> bool:
    if ".options." in name:
        choice = name.partition(".options.")[0]
        if len({spec.get(choice) for spec in flats}) > 1:
            values = [value for value in values if value is not None]
    return any(value != values[0] for value in values[1:])


class Ranked(NamedTuple):
    """A run's place by one figure."""

    run_id: str
    value: float
    interval: Interval | None
    is_best: bool
    behind: Interval | None
    """How far the best one is ahead on the same rows, 95 %; None where that cannot be told."""
    may_be_chance: bool
    """Whether it may not be behind at all.

    Where `behind` is None, whether its interval and the best one's have values in common, which is told of too many.
    Of two runs one may have no interval, as a macro F1 without a mistake: then the other's has to hold its value.
    """


Differences = Callable[[str, str], Mapping[str, Interval]]
"""Intervals of one run's figures minus another's, by metric name, where both were judged on the same rows."""


def rank(
    reports: Mapping[str, Report],
    metric: str,
    *,
    higher_is_better: bool,
    differences: Differences = lambda _first, _second: {},
) -> list[Ranked]:
    """The runs that have this figure, best first; all that share the best value are the best."""
    values = {run_id: report.figures[metric] for run_id, report in reports.items() if metric in report.figures}
    if not values:
        return []
    order = sorted(values, key=lambda run_id: values[run_id], reverse=higher_is_better)
    best = values[order[0]]
    best_interval = reports[order[0]].intervals.get(metric)
    ranked = []
    for run_id in order:
        interval = reports[run_id].intervals.get(metric)
        is_best = values[run_id] == best
        behind = None if is_best else differences(order[0], run_id).get(metric)
        if behind is not None and not higher_is_better:
            behind = behind.negated
        overlaps = _overlap(interval or _point(values[run_id]), best_interval or _point(best))
        may_be_chance = overlaps if behind is None else behind.low <= 0
        ranked.append(Ranked(run_id, values[run_id], interval, is_best, behind, may_be_chance and not is_best))
    return ranked


def _overlap(one: Interval, other: Interval) -> bool:
    return one.low <= other.high and other.low <= one.high


def _point(value: float) -> Interval:
    return Interval(low=value, high=value)
