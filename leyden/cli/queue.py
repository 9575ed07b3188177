"""The command about the queue: what runs and what waits, pausing it, and how much is done at once."""

from typing import Annotated, Any

import typer

from leyden import actions
from leyden.cli.output import Json, columns, result
from leyden.cli.workspace import open_workspace
from leyden.jobs.table import JOB_KINDS
from leyden.store.records import Job


def queue(
    pause: Annotated[bool, typer.Option("--pause", help="Start no further training; what runs goes on.")] = False,
    go_on: Annotated[bool, typer.Option("--go-on", help="Start what waits.")] = False,
    cpu_runs: Annotated[
        int | None, typer.Option(min=1, max=32, help="How many runs train on the processor at once.")
    ] = None,
    light_jobs: Annotated[
        int | None, typer.Option(min=1, max=32, help="How many imports, evaluations and predictions run at once.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what runs and what waits, in order; pause it, let it go on, or change how much runs at once."""
    if pause and go_on:
        raise typer.BadParameter("give --pause or --go-on, not both")
    workspace = open_workspace()
    wishes = {"cpu_runs": cpu_runs, "light_jobs": light_jobs, "is_paused": pause if pause or go_on else None}
    changes: dict[str, Any] = {name: value for name, value in wishes.items() if value is not None}
    if changes:
        actions.change_queue(workspace.home, workspace.store, **changes)
    settings = workspace.store.settings.queue()
    jobs = [job for job in workspace.store.jobs.list(limit=None) if not JOB_KINDS[job.kind].is_background]
    answer = {**settings.model_dump(), "jobs": [_plain(job) for job in jobs]}
    head = ("job", "state", "kind", "subject", "device", "progress")
    rows = [(job.id, job.state, job.kind, job.subject, job.device, _percent(job)) for job in jobs]
    lines = columns(head, rows) if rows else ["Nothing is running, and nothing waits."]
    if settings.is_paused:
        lines.append("The queue is paused; python -m leyden queue --go-on starts what waits.")
    result(answer, lines, as_json=as_json)


def _plain(job: Job) -> dict[str, Any]:
    names = {"id", "kind", "subject", "run_id", "state", "device", "num_devices", "progress", "attempt"}
    return job.model_dump(mode="json", include=names)


def _percent(job: Job) -> str:
    return "" if job.progress is None else f"{job.progress:.0%}"
