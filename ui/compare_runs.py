"""What is compared: the runs of this address with their reports, what they are called, and how they are told apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from leyden.catalogue import Catalogue, MetricCard
from leyden.errors import StoreError
from leyden.lost_files import lost_files
from leyden.palette import LIGHT, Palette
from leyden.reports.comparison import Goal, by_goal, goal_of
from leyden.reports.model import Report
from leyden.reports.read import read_report
from leyden.reports.rivals import Rival, rivals_of
from leyden.run_folder import report_file
from leyden.store.records import Run
from ui import layout, state
from ui.format import dataset_titles
from ui.runs_actions import MAX_COMPARED
from ui.words import _

DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True)
class Compared:
    """The runs of a comparison."""

    runs: tuple[Run, ...]
    """In the order of the address."""
    about: Goal | None
    """What is predicted by the runs that are ranked; None without runs."""
    reports: Mapping[str, Report]
    """Validation reports by run, as far as there are any."""
    missing: tuple[str, ...] = ()
    """Ids of the address that are no runs (any more)."""
    num_left_out: int = 0
    """How many are too much to compare."""

    @property
    def goals(self) -> dict[Goal, list[Run]]:
        """The runs by what they predict."""
        return by_goal(self.runs)

    @property
    def alike(self) -> list[Run]:
        """The runs with the goal at hand."""
        return [run for run in self.runs if goal_of(run) == self.about]

    @property
    def reported(self) -> dict[str, Report]:
        """Reports of the runs with the goal at hand."""
        return {run.id: self.reports[run.id] for run in self.alike if run.id in self.reports}

    @property
    def labels(self) -> dict[str, str]:
        """What each run is called: no two are called the same."""
        return {run.id: run.label for run in self.runs}

    @property
    def choices(self) -> dict[str, str]:
        """What each run is called where it can be chosen: there, what is long is cut at its end."""
        return {run.id: run.choice for run in self.runs}

    @property
    def dashes(self) -> dict[str, str]:
        """Line styles: runs of one colour differ in them."""
        seen: Counter[str] = Counter()
        found = {}
        for run in self.runs:
            colour = LIGHT.run_colour(run.number)
            found[run.id] = DASHES[seen[colour] % len(DASHES)]
            seen[colour] += 1
        return found

    def colours(self, palette: Palette) -> dict[str, str]:
        """The colour of each run."""
        return {run.id: palette.run_colour(run.number) for run in self.runs}

    def rivals(self, catalogue: Catalogue) -> tuple[Rival, ...]:
        """The baselines on the same inputs and split, where the runs of the goal at hand share both."""
        asked = {run.question: run for run in self.alike}
        if len(asked) != 1:
            return ()
        return rivals_of(state.store(), catalogue, next(iter(asked.values())), "val")

    def metrics(self, catalogue: Catalogue) -> dict[str, MetricCard]:
        """The figures that any report on the goal at hand has, the headline first."""
        task = catalogue.tasks.get(self.about.task) if self.about else None
        known = {name for report in self.reported.values() for name in report.figures}
        cards = [card for card in task.metrics if card.name in known or card.is_live] if task else []
        cards.sort(key=lambda card: task is not None and card.name != task.headline)
        return {card.name: card for card in cards}


def compared_here() -> Compared:
    """The runs of this address."""
    ids = list(dict.fromkeys(part for part in (state.parameter("runs") or "").split(",") if part))
    runs, missing = [], []
    for run_id in ids[:MAX_COMPARED]:
        try:
            runs.append(state.store().runs.get(run_id))
        except StoreError:
            missing.append(run_id)
    reports = {run.id: report for run in runs if (report := report_of(run)) is not None}
    return Compared(tuple(runs), _about(runs), reports, tuple(missing), max(len(ids) - MAX_COMPARED, 0))


def goal_text(goal: Goal) -> str:
    """A goal as people read it: `species of penguins`."""
    names = dataset_titles(state.store().datasets.list())
    return _("{target} of {dataset}").format(target=goal.target, dataset=names[goal.dataset_id])


def report_of(run: Run) -> Report | None:
    """A run's validation report, or None while there is none that the store knows of."""
    return read_report(state.home(), state.store(), run.id, "val")


def training_s(run: Run) -> float | None:
    """Seconds that a run was trained for, over all its attempts; None while it is at work, or never was."""
    return None if run.job.is_active else _training_s(str(state.home().root), run.id, run.job.id) or None


@lru_cache(maxsize=1000)
def _training_s(root: str, run_id: str, job_id: int) -> float:
    # `root` and the newest job only tell the entries apart; all points of the run are looked at.
    return state.store().jobs.training_s(run_id)


def is_report_gone(run: Run) -> bool:
    """Whether somebody deleted the validation report that a run has made."""
    return report_file("val") in lost_files(state.home(), state.store(), run)


def left_out(compared: Compared, runs: Sequence[Run]) -> None:
    """Says which runs a view cannot show, and why."""
    if runs:
        names = [f"{compared.labels[run.id]} ({_why_left_out(run, compared)})" for run in runs]
        layout.quiet(_("Left out: {runs}.").format(runs=", ".join(names)))


def _why_left_out(run: Run, compared: Compared) -> str:
    if run.job.is_active:
        return _("still at work")
    if run.id in compared.reports:
        return _("its predictions are gone from the workspace")
    return _("its report is gone from the workspace") if is_report_gone(run) else _("it has no report")


def _about(runs: list[Run]) -> Goal | None:
    """The goal that the address asks about: by one of its runs, or the one that most runs have."""
    goals = by_goal(runs)
    if not goals:
        return None
    asked = state.parameter("about")
    for goal, found in goals.items():
        if any(run.id == asked for run in found):
            return goal
    return max(goals, key=lambda goal: len(goals[goal]))
