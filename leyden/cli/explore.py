"""Commands for many runs: list and search them, label them, compare them."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, get_args

import typer

from leyden.cli.output import Json, columns, result, say
from leyden.cli.workspace import open_workspace
from leyden.errors import RunError
from leyden.home import Home
from leyden.reports.comparison import Ranked, by_goal, differing, goal_of, rank
from leyden.reports.model import Interval, Report
from leyden.reports.numbers import figure_text, setting_text
from leyden.reports.read import read_report
from leyden.store.listing import RunFilters, is_sort_key
from leyden.store.records import Run, State

RunIds = Annotated[
    list[str], typer.Argument(metavar="RUN...", help="Ids of runs, or their beginnings, or numbers.")
]


def runs(
    search: Annotated[str, typer.Option(help="Words in name, note, tags, id, dataset, target.")] = "",
    dataset: Annotated[str | None, typer.Option(metavar="ID", help="Only runs on this dataset.")] = None,
    architecture: Annotated[str | None, typer.Option(help="Only runs of this network.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="Only runs in this state; may be repeated.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only runs with this tag; may be repeated.")] = None,
    starred: Annotated[bool, typer.Option("--starred", help="Only starred runs.")] = False,
    sort: Annotated[
        str, typer.Option(help="created_at, name, ..., a figure (val/f1_macro) or a setting (optimisation.lr).")
    ] = "created_at",
    ascending: Annotated[bool, typer.Option("--ascending", help="Smallest or oldest first.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Most rows.")] = 100,
    as_json: Json = False,
) -> None:
    """List the runs, newest first."""
    filters = RunFilters(
        search=search,
        dataset_id=dataset,
        architecture=architecture,
        states=_states(status or []),
        tags=tuple(tag or ()),
        is_starred=starred,
    )
    if not is_sort_key(sort):
        raise typer.BadParameter(f"--sort must be a column, val/FIGURE or a setting's dotted name, not '{sort}'")
    found = open_workspace().store.runs.list(sort=sort, descending=not ascending, limit=limit, **filters)
    answer = {"runs": [row.model_dump(mode="json") for row in found]}
    rows = [
        (
            *(r.number, r.id, r.state, r.name, r.dataset_name, r.architecture, r.headline),
            *(r.figures.get(r.headline or ""), ", ".join(r.tags)),
        )
        for r in found
    ]
    head = ("#", "id", "status", "name", "dataset", "architecture", "figure", "value", "tags")
    result(answer, columns(head, rows), as_json=as_json)


def label(
    runs: RunIds,
    tag: Annotated[list[str] | None, typer.Option(help="Tag to give; may be repeated.")] = None,
    untag: Annotated[list[str] | None, typer.Option(help="Tag to take away; may be repeated.")] = None,
    star: Annotated[bool | None, typer.Option("--star/--unstar", help="Mark as worth finding again.")] = None,
    note: Annotated[str | None, typer.Option(help="A remark, instead of the one there is.")] = None,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    as_json: Json = False,
) -> None:
    """Tag, star, note or rename runs."""
    if name is not None and not name.strip():
        raise typer.BadParameter("--name must not be empty; leave it out to keep the name")
    workspace = open_workspace()
    store, run_ids = workspace.store, [workspace.run(word).id for word in runs]
    store.runs.add_tags(run_ids, tag or [])
    store.runs.remove_tags(run_ids, untag or [])
    if star is not None:
        store.runs.set_starred(run_ids, star)
    for run_id in run_ids:
        if note is not None:
            store.runs.set_note(run_id, note)
        if name is not None:
            store.runs.rename(run_id, name)
    found = [store.runs.get(run_id) for run_id in run_ids]
    kept = ("id", "name", "tags", "is_starred", "note")
    answer = {"runs": [{key: getattr(run, key) for key in kept} for run in found]}
    rows = [(run.id, run.name, "★" if run.is_starred else "", ", ".join(run.tags), run.note) for run in found]
    result(answer, columns(("id", "name", "starred", "tags", "note"), rows), as_json=as_json)


def compare(
    runs: RunIds,
    metric: Annotated[str | None, typer.Option(help="Figure to rank by; default: the task's headline.")] = None,
    as_json: Json = False,
) -> None:
    """Rank runs by a figure of their validation reports, and show in which settings they differ."""
    workspace = open_workspace()
    found = list({run.id: run for run in map(workspace.run, runs)}.values())
    if len(by_goal(found)) > 1:
        raise RunError(
            "not_comparable", goals="; ".join(f"{goal.target} of {goal.dataset_id}" for goal in by_goal(found))
        )
    task = workspace.catalogue.tasks[goal_of(found[0]).task]
    card = task.metric(metric or task.headline)
    if card is None:
        raise typer.BadParameter(f"--metric must be one of {', '.join(one.name for one in task.metrics)}")
    read = {run.id: read_report(workspace.home, workspace.store, run.id, "val") for run in found}
    reports = {run_id: report for run_id, report in read.items() if report is not None}
    for run in found:
        if run.id not in reports:
            say(_unranked(run, has_figures=workspace.store.reports.get(run.id, "val") is not None))
    ranked = rank(
        reports,
        card.name,
        higher_is_better=card.higher_is_better,
        differences=partial(_differences, workspace.home, reports),
    )
    settings = differing([run.spec for run in found])
    answer = {
        "metric": card.name,
        "ranking": [_place(place) for place in ranked],
        "settings": {
            name: dict(zip((run.id for run in found), values, strict=True)) for name, values in settings.items()
        },
    }
    names = {run.id: run.label for run in found}
    lines = columns(
        ("id", "name", card.name, "95 % interval", "behind the best", "remark"),
        [_line(place, names[place.run_id]) for place in ranked],
    )
    differences = [(name, *(setting_text(value) for value in values)) for name, values in settings.items()]
    lines += ["", *columns(("setting", *(run.id for run in found)), differences)]
    result(answer, lines, as_json=as_json)


def _differences(home: Home, reports: Mapping[str, Report], first: str, second: str) -> Mapping[str, Interval]:
    from leyden.reports.leads import lead_over_run

    return lead_over_run(home, reports[first], reports[second])


def _unranked(run: Run, *, has_figures: bool) -> str:
    """Why a run has no place in a ranking."""
    if has_figures:
        return f"{run.id} is not ranked: its report is not in its folder any more."
    return f"{run.id} is not ranked: it has no validation report yet."


def _place(place: Ranked) -> dict[str, Any]:
    interval = place.interval.model_dump() if place.interval else None
    behind = place.behind.model_dump() if place.behind else None
    return {
        "run": place.run_id,
        "value": place.value,
        "interval": interval,
        "is_best": place.is_best,
        "behind": behind,
        "may_be_chance": place.may_be_chance,
    }


def _line(place: Ranked, name: str) -> tuple[str | None, ...]:
    remark = "best" if place.is_best else "may be chance" if place.may_be_chance else None
    return place.run_id, name, figure_text(place.value), _ends(place.interval), _ends(place.behind), remark


def _ends(interval: Interval | None) -> str | None:
    return f"{figure_text(interval.low)} to {figure_text(interval.high)}" if interval else None


def _states(names: list[str]) -> tuple[State, ...] | None:
    known = get_args(State)
    if unknown := [name for name in names if name not in known]:
        raise typer.BadParameter(f"--status must be one of {', '.join(known)}, not '{unknown[0]}'")
    return tuple(name for name in known if name in names) or None
