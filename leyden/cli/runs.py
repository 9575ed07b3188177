"""Commands about one run: train, show, report, predict, stop, resume, delete."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from leyden import actions
from leyden.cli.output import Json, columns, result, say
from leyden.cli.queue import NOBODY, device_text
from leyden.cli.spec import read_settings, read_spec, read_spec_file
from leyden.cli.streams import DASH, as_files
from leyden.cli.waiting import result_of, wait_for_job, wait_for_run
from leyden.cli.workspace import Workspace, open_workspace
from leyden.datasets.profile import Part
from leyden.engine.local import is_worked_off
from leyden.errors import StoreError
from leyden.home import Home
from leyden.jobs.baselines import baselines_job
from leyden.messages.render import show
from leyden.reports.model import Interval, Report
from leyden.reports.read import read_report
from leyden.reports.rivals import Rival, rivals_of
from leyden.run_folder import can_go_on
from leyden.store.records import STOP_GENTLY, STOP_NOW, Run

RunId = Annotated[str, typer.Argument(metavar="RUN", help="Id of a run, or its beginning, or its number.")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the end, or return once it is queued.")]


def train(
    data: Annotated[str, typer.Option(metavar="ID|PATH", help="A dataset's id, or a file or folder to import.")],
    target: Annotated[str | None, typer.Option(help="Column to predict; default: the suggested one.")] = None,
    test: Annotated[str | None, typer.Option(metavar="ID|PATH", help="Separate data for the test rows.")] = None,
    architecture: Annotated[str | None, typer.Option(help="Network; default: the one for the data.")] = None,
    seed: Annotated[int | None, typer.Option(help="Start of all randomness.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Any field.")] = None,
    spec_file: Annotated[
        Path | None,
        typer.Option("--spec", help="A spec as JSON, or - for stdin; what it leaves out is the default."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What the run is called.")] = None,
    wait: Wait = True,
    as_json: Json = False,
) -> None:
    """Train a model and report on its validation rows."""
    values, given = read_settings(settings or []), read_spec_file(spec_file, target, architecture)
    workspace = open_workspace()
    dataset = workspace.dataset(data)
    if seed is not None:
        values["seed"] = seed
    if test is not None:
        values["data.test_dataset"] = workspace.dataset(test).id
    spec = read_spec(workspace, dataset.id, target, architecture, values, given)
    run = actions.submit_run(workspace.home, workspace.store, workspace.catalogue, spec, name=name)
    say(f"Run {run.id}: {run.label}, target {run.target}")
    _finish(workspace, run.id, wait, as_json)


def resume(
    run: RunId,
    epochs: Annotated[int | None, typer.Option(min=1, help="New total of epochs; default: as before.")] = None,
    wait: Wait = True,
    as_json: Json = False,
) -> None:
    """Go on with a run from its last checkpoint, or train it longer."""
    workspace = open_workspace()
    run_id = workspace.run(run).id
    actions.resume_run(workspace.home, workspace.store, run_id, epochs=epochs)
    if not can_go_on(workspace.home.run(run_id)):
        say(f"Run {run_id} has no checkpoint to go on from: it is trained from the beginning.")
    _finish(workspace, run_id, wait, as_json)


def show_run(run: RunId, as_json: Json = False) -> None:
    """Show everything known of a run."""
    workspace = open_workspace()
    found = workspace.run(run)
    val = workspace.store.reports.get(found.id, "val")
    last = workspace.store.metrics.last(found.id)
    answer = {
        "run": found.id,
        "number": found.number,
        "name": found.name,
        "note": found.note,
        "tags": list(found.tags),
        "status": found.state,
        "reason": found.job.reason.text if found.job.reason else None,
        "dataset": found.dataset_id,
        "target": found.target,
        "architecture": found.architecture,
        "parameters": found.num_parameters,
        "attempt": found.job.attempt,
        "device": found.job.device,
        "processes": found.job.num_devices,
        "folder": str(workspace.home.run(found.id)),
        "last": {name: point.value for name, point in last.items()},
        "report": {"val": val.figures} if val else {},
        "spec": found.spec.model_dump(mode="json"),
    }
    hidden = ("spec", "report", "last", "processes")
    shown = {**answer, "device": device_text(found.job), "tags": ", ".join(found.tags)}
    lines = [f"{name}: {value}" for name, value in shown.items() if name not in hidden and value not in (None, "")]
    lines += [NOBODY] if found.job.is_active and not is_worked_off(workspace.home, workspace.store) else []
    result(answer, [*lines, *_figure_lines(val.figures if val else {})], as_json=as_json)


def report(
    run: RunId,
    split: Annotated[
        str, typer.Option(help="val, or test: opens the sealed test rows, which is counted.")
    ] = "val",
    by: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Also the figures by the values of a column.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print a run's figures on its validation or test rows."""
    if split not in ("val", "test"):
        raise typer.BadParameter(f"--split must be val or test, not '{split}'")
    part: Part = "test" if split == "test" else "val"
    workspace = open_workspace()
    found = workspace.run(run)
    if by is not None:
        _require_groups(workspace, found, part, by)  # Before the test rows are opened in vain.
    if part == "test" and workspace.store.reports.get(found.id, "test") is None:
        job = actions.open_test(workspace.home, workspace.store, found.id)
        result_of(wait_for_job(workspace.home, workspace.store, job))
    figures = actions.report_of(workspace.store, found.id, part).figures
    slices = None if by is None else _slices(workspace, found, part, by)
    rivals = rivals_of(workspace.store, workspace.catalogue, found, part)
    answer: dict[str, Any] = {
        "run": found.id,
        "status": found.state,
        "report": {part: figures},
        "baselines": {part: {rival.name: rival.figures for rival in rivals if not rival.failure}},
        "failed_baselines": {part: {rival.name: rival.failure.text for rival in rivals if rival.failure}},
    }
    if part == "test":
        answer["openings"] = workspace.store.reports.num_openings(*found.sealed)
        times = "once" if answer["openings"] == 1 else f"{answer['openings']} times"
        say(f"These test rows have been opened {times}, over all runs.")
    if baselines_job(workspace.store, found, part):
        say("Baselines are still being trained.")
    # Intervals lie in the run's folder alone, which somebody may have deleted.
    whole = read_report(workspace.home, workspace.store, found.id, part)
    intervals = whole.intervals if whole else {}
    beside = rivals if whole is None else _with_lead(rivals, workspace.home, found, whole)
    answer["lead"] = {
        part: {
            rival.name: {name: interval.model_dump() for name, interval in rival.lead.items()}
            for rival in beside
            if rival.lead
        }
    }
    answer["intervals"] = {part: {name: interval.model_dump() for name, interval in intervals.items()}}
    lines = [
        *_figure_lines(figures, intervals),
        *_rival_lines(beside, workspace.catalogue.tasks[found.spec.task.name].headline),
    ]
    if slices is not None:
        answer["slices"], table = slices
        lines += ["", *table]
    result(answer, lines, as_json=as_json)


def predict(
    run: RunId,
    path: Annotated[
        Path,
        typer.Argument(
            help="A table with the columns trained on, or a folder or zip of images or texts; - reads stdin."
        ),
    ],
    out: Annotated[
        Path, typer.Option(dir_okay=False, allow_dash=True, help="CSV file to write; - writes to stdout.")
    ],
    as_json: Json = False,
) -> None:
    """Predict every row of a file, or every image; one row out per row in, in order."""
    if as_json and out == DASH:
        raise typer.BadParameter("--json and --out - both want stdout; give --out a file")
    workspace = open_workspace()
    run_id = workspace.run(run).id
    with as_files(workspace.home, path, out) as (source, target):
        job = actions.predict_file(workspace.home, workspace.store, run_id, source, target)
        done = result_of(wait_for_job(workspace.home, workspace.store, job))
    for kind in done["outside"]:
        say(f"{kind['num_rows']:,} of {done['rows']:,} rows: {kind['example']}")
    if done["unanswered"]:
        lost = f"{done['unanswered']:,} of {done['rows']:,} rows"
        say(f"{lost} without an answer: the picture or text file is empty, or cannot be read.")
    answer = {"run": run_id, "out": str(out), **{key: done[key] for key in ("rows", "unanswered", "outside")}}
    if out != DASH:
        result(answer, [f"Wrote {out}"], as_json=as_json)


def stop(
    run: RunId,
    now: Annotated[
        bool, typer.Option("--now", help="Kill it; without: finish the step, save and report.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Stop a run."""
    workspace = open_workspace()
    found = workspace.run(run)
    level = STOP_NOW if now else STOP_GENTLY
    job = actions.stop_job(workspace.home, workspace.store, found.job.id, level)
    if found.job.is_active:
        job = wait_for_run(workspace.home, workspace.store, found.id)
    result({"run": found.id, "status": job.state}, [f"{found.id}: {job.state}"], as_json=as_json)


def delete(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Whole id or number of a run, or id of a dataset.")],
    as_json: Json = False,
) -> None:
    """Delete a run or a dataset and free its disk; refuses what is in use."""
    workspace = open_workspace()
    if id_.startswith("d"):
        deleted, freed = id_, actions.delete_dataset(workspace.home, workspace.store, id_)
    else:
        deleted = workspace.run(id_).id
        if deleted != id_.lower() and deleted.startswith(id_.lower()):
            raise StoreError("run_id_short", run=id_, whole=deleted)
        freed = actions.delete_run(workspace.home, workspace.store, deleted)
    lines = [f"Deleted {deleted}, {freed:,} bytes freed."]
    result({"deleted": deleted, "freed_bytes": freed}, lines, as_json=as_json)


def _finish(workspace: Workspace, run_id: str, wait: bool, as_json: bool) -> None:
    """Waits where asked to, answers with the run's state and figures, and exits accordingly."""
    if wait:
        try:
            wait_for_run(workspace.home, workspace.store, run_id)
        except KeyboardInterrupt:
            say(f"\nDetached: run {run_id} goes on. Stop it with: python -m leyden stop {run_id}")
    run = workspace.store.runs.get(run_id)
    val = workspace.store.reports.get(run_id, "val")
    figures = {"val": val.figures} if val and not run.job.is_active else {}
    answer: dict[str, Any] = {"run": run_id, "status": run.state, "report": figures}
    if run.job.reason:
        answer["reason"] = run.job.reason.text
    lines = [f"{run_id}: {run.state}", *([run.job.reason.text] if run.job.reason else [])]
    result(answer, [*lines, *_figure_lines(figures.get("val", {}))], as_json=as_json)
    if run.state in ("failed", "stopped"):
        say(f"Run {run_id} {run.state}: {run.job.reason.text if run.job.reason else ''}")
        raise typer.Exit(1)


def _require_groups(workspace: Workspace, run: Run, part: Part, column: str) -> None:
    # Here, because no other command pays for pandas.
    from leyden.cli.slices import kind_of_groups

    kind_of_groups(workspace, run, part, column)


def _slices(workspace: Workspace, run: Run, part: Part, column: str) -> tuple[dict[str, Any], list[str]]:
    """The figures by the values of a column, as JSON and as lines."""
    # Here, because no other command pays for pandas.
    from leyden.cli.slices import slices_by
    from leyden.reports.slice_table import slices_plain, slices_table

    groups = slices_by(workspace, run, part, column)
    table = slices_table(groups, column)
    lines = [table.title, *columns(table.columns, table.rows)]
    return {"column": column, "groups": slices_plain(groups)}, lines


def _with_lead(rivals: Sequence[Rival], home: Home, run: Run, report: Report) -> Sequence[Rival]:
    # Not before it is needed: it takes pandas.
    from leyden.reports.leads import with_lead

    return with_lead(rivals, home, run, report)


def _rival_lines(rivals: Sequence[Rival], headline: str) -> list[str]:
    """A baseline a line, in the headline figure, or why it could not be trained."""
    lines = []
    for rival in rivals:
        if rival.failure is not None:
            lines.append(f"  {rival.name}: could not be trained: {rival.failure.text}")
        elif headline in rival.figures:
            lead = rival.lead.get(headline)
            ends = "" if lead is None else f" (this run minus it, 95 %: {show(lead.low)} to {show(lead.high)})"
            lines.append(f"  {rival.name}: {headline} {show(rival.figures[headline])}{ends}")
    return ["baselines", *lines] if lines else []


def _figure_lines(figures: dict[str, float], intervals: Mapping[str, Interval] | None = None) -> list[str]:
    """A figure a line, with its 95 % interval where it is known."""
    within = {
        name: f" (95 %: {show(interval.low)} to {show(interval.high)})"
        for name, interval in (intervals or {}).items()
    }
    return [f"  {name}: {show(value)}{within.get(name, '')}" for name, value in figures.items()]
