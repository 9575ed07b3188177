"""Lines of the runs table: what each run shows in a list."""

from typing import Any

import numpy as np

from leyden.catalogue import Catalogue
from leyden.palette import DARK, LIGHT
from leyden.reports.numbers import figure_text, setting_text
from leyden.reports.thin import thin
from leyden.store.listing import FIGURE
from leyden.store.records import ACTIVE, RunRow
from leyden.store.store import Store
from ui import state
from ui.format import ago, duration, exact, number, percent
from ui.words import STATES, _

SPARK_POINTS = 60
NUM_FIGURES = 2


def table_rows(runs: list[RunRow], store: Store, catalogue: Catalogue) -> list[dict[str, Any]]:
    """The cells of all lines, with one query for all sparklines."""
    losses = store.metrics.series([run.id for run in runs], "val/loss")
    return [_row(run, losses.get(run.id, []), catalogue) for run in runs]


def _row(run: RunRow, losses: list[float], catalogue: Catalogue) -> dict[str, Any]:
    progress = f" {percent(run.progress)}" if run.state == "running" and run.progress else ""
    reason = run.reason.text if run.reason else ""
    is_lost = run.state not in ACTIVE and run.headline is not None and not state.home().run(run.id).is_dir()
    if is_lost:
        reason = _("Its folder is gone from the workspace, and with it the model and the report.")
    took = duration(run.duration_s)
    return {
        "id": run.id,
        "name": run.name,
        "number": f"#{run.number}",
        "label": run.label,
        "tags": list(run.tags),
        "note": run.note,
        "starred": run.is_starred,
        "colours": [LIGHT.run_colour(run.number), DARK.run_colour(run.number)],
        "href": state.url("run", run=run.id),
        "state": {
            "name": "lost" if is_lost else run.state,
            "text": _("Files gone") if is_lost else STATES[run.state] + progress,
            "reason": reason,
        },
        "dataset": run.dataset_name,
        "target": run.target,
        "parameters": number(run.num_parameters),
        "architecture": architecture_title(run.architecture, catalogue),
        "figures": key_figures(run, catalogue),
        "spark": spark(losses),
        "age": {"text": ago(run.created_at), "exact": exact(run.created_at)},
        "took": {"text": took, "exact": took},
        **{f"{FIGURE}{name}": figure_text(value) for name, value in run.figures.items()},
        **{name: setting_text(value) for name, value in run.settings.items()},
    }


def key_figures(run: RunRow, catalogue: Catalogue) -> list[dict[str, str]]:
    """The headline figure and the next live one of a run's task, as far as it has them."""
    task = catalogue.tasks.get(run.task)
    cards = [card for card in task.metrics if card.is_live or card.name == run.headline] if task else []
    cards.sort(key=lambda card: card.name != run.headline)
    known = [card for card in cards if card.name in run.figures]
    return [{"title": card.title, "value": figure_text(run.figures[card.name])} for card in known[:NUM_FIGURES]]


def architecture_title(names: str, catalogue: Catalogue) -> str:
    """Titles instead of names: `mlp + cnn` is `MLP + Small CNN`."""
    cards = {name: card.title for table in catalogue.architectures.values() for name, card in table.items()}
    return " + ".join(cards.get(name, name) for name in names.split(" + "))


def spark(values: list[float]) -> list[float]:
    """A curve as few values as a sparkline can show."""
    _places, thinned = thin(np.arange(len(values)), values, SPARK_POINTS)
    return [float(f"{value:.5g}") for value in thinned]
