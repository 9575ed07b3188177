"""What runs differ in: their settings, what training took, and their figures."""

from typing import Any, NamedTuple

from leyden.catalogue import Catalogue, MetricCard
from leyden.store.records import Run
from ui.compare_runs import Compared, training_s
from ui.compare_settings import settings_of
from ui.format import told_apart
from ui.words import _

MAX_TICKS = 6
"""So few different values are each named on their axis."""
WIDE = 20
"""Numbers whose largest is this many times the smallest are drawn by their powers of ten."""


class Variable(NamedTuple):
    """Something that runs differ in: a setting, a figure, or what training took."""

    title: str
    values: dict[str, Any]
    """By run: numbers, or texts; None where a run has none."""

    @property
    def is_number(self) -> bool:
        """Whether every value is a number."""
        values = [value for value in self.values.values() if value is not None]
        return bool(values) and all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)

    @property
    def is_wide(self) -> bool:
        """Whether it spans powers of ten."""
        values = [value for value in self.values.values() if value is not None]
        return self.is_number and min(values) > 0 and max(values) / min(values) >= WIDE


class Variables(NamedTuple):
    """What there is to draw a figure by."""

    by_name: dict[str, Variable]
    """All of them, under titles that tell them apart."""
    settings: list[str]
    """The names of those that somebody chose."""


def variables_of(runs: list[Run], compared: Compared, card: MetricCard, catalogue: Catalogue) -> Variables:
    """What these runs differ in, beside the figure that they are compared by."""
    settings = {
        name: Variable(setting.title, _values(setting.values, setting.texts))
        for name, setting in settings_of(runs, catalogue).items()
    }
    found = {**settings, **_costs(runs), **_other_figures(compared, runs, card, catalogue)}
    titles = told_apart({name: variable.title for name, variable in found.items()})
    return Variables(
        {name: variable._replace(title=titles[name]) for name, variable in found.items()}, list(settings)
    )


def figures_of(compared: Compared, run: Run) -> dict[str, float]:
    """The validation figures of a run; none without a report."""
    report = compared.reports.get(run.id)
    return report.figures if report else {}


def _values(values: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    """Numbers as they are; as soon as one value is no number, the texts of all."""
    known = [value for value in values.values() if value is not None]
    is_number = bool(known) and all(isinstance(one, int | float) and not isinstance(one, bool) for one in known)
    return values if is_number else dict(texts)


def _costs(runs: list[Run]) -> dict[str, Variable]:
    """What a run took, which nobody sets."""
    return {
        "parameters": Variable(_("Parameters"), {run.id: run.num_parameters for run in runs}),
        "took": Variable(_("Training time (s)"), {run.id: training_s(run) for run in runs}),
    }


def _other_figures(
    compared: Compared, runs: list[Run], card: MetricCard, catalogue: Catalogue
) -> dict[str, Variable]:
    return {
        f"val/{name}": Variable(_(other.title), {run.id: figures_of(compared, run).get(name) for run in runs})
        for name, other in compared.metrics(catalogue).items()
        if name != card.name and any(name in figures_of(compared, run) for run in runs)
    }


def text_of(value: Any) -> str:
    """A value as a text; a dash for none."""
    return "–" if value is None else str(value)
