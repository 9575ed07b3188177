"""The command about the queue: what runs and what waits, pausing it, and how much is done at once."""

from typing import Annotated, Any, get_args

import typer

from leyden import actions
from leyden.cli.output import Json, columns, result
from leyden.cli.workspace import open_workspace
from leyden.engine.local import is_worked_off
from leyden.jobs.table import JOB_KINDS
from leyden.machine import never_starts
from leyden.messages.render import Message
from leyden.store.queue import Move
from leyden.store.records import Job

LONGEST_ID = 18
"""Digits: what the store can hold."""
NOBODY = (
    "No supervisor looks after the queue: nothing starts, and what was cut off does not go on. Run python -m leyden "
    "supervise, or the server (python -m leyden serve), which starts one."
)


def queue(
    pause: Annotated[bool, typer.Option("--pause", help="Start no further training; what runs goes on.")] = False,
    go_on: Annotated[bool, typer.Option("--go-on", help="Start what waits.")] = False,
    cpu_runs: Annotated[
        int | None, typer.Option(min=1, max=32, help="How many runs train on the processor at once.")
    ] = None,
    light_jobs: Annotated[
        int | None, typer.Option(min=1, max=32, help="How many imports, evaluations and predictions run at once.")
    ] = None,
    moves: Annotated[
        list[str] | None, typer.Option("--move", metavar="JOB=WHERE", help="Moves what waits: first, up or down.")
    ] = None,
    stop: Annotated[
        list[int] | None, typer.Option(metavar="JOB", help="Stops what runs, removes what waits.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what runs and what waits, in order; move, stop, pause, or change how much runs at once."""
    if pause and go_on:
        raise typer.BadParameter("give --pause or --go-on, not both")
    wanted = [_move(text) for text in moves or []]
    workspace = open_workspace()
    for job_id in [*(job_id for job_id, _to in wanted), *(stop or [])]:
        workspace.store.jobs.get(job_id)  # All are known, or nothing is done.
    for job_id, _to in wanted:
        job = workspace.store.jobs.get(job_id)
        if job.state != "queued":
            raise typer.BadParameter(f"--move moves what waits, but job {job_id} is {job.state}")
    for job_id, to in wanted:
        workspace.store.queue.move(job_id, to)
    for job_id in stop or []:
        actions.stop_job(workspace.home, workspace.store, job_id)
    wishes = {"cpu_runs": cpu_runs, "light_jobs": light_jobs, "is_paused": pause if pause or go_on else None}
    changes: dict[str, Any] = {name: value for name, value in wishes.items() if value is not None}
    if changes:
        actions.change_queue(workspace.home, workspace.store, **changes)
    settings = workspace.store.settings.queue()
    jobs = [job for job in workspace.store.jobs.list(limit=None) if not JOB_KINDS[job.kind].is_background]
    is_at_work = is_worked_off(workspace.home, workspace.store)
    answer = {**settings.model_dump(), "is_worked_off": is_at_work, "jobs": [_plain(job) for job in jobs]}
    head = ("job", "state", "kind", "subject", "device", "progress")
    rows = [(job.id, job.state, job.kind, job.subject, device_text(job), _percent(job)) for job in jobs]
    lines = columns(head, rows) if rows else ["Nothing is running, and nothing waits."]
    lines += [f"{job.id} waits in vain: {reason.text}" for job in jobs if (reason := _in_vain(job))]
    lines.append(
        f"At once: {settings.cpu_runs} on the processor (--cpu-runs), {settings.light_jobs} light (--light-jobs)."
    )
    if not is_at_work:
        lines.append(NOBODY)
    if settings.is_paused:
        lines.append("The queue is paused; python -m leyden queue --go-on starts what waits.")
    result(answer, lines, as_json=as_json)


def device_text(job: Job) -> str | None:
    """Where a job runs, such as `2 x cpu` for two processes that share the processor; None: nowhere yet."""
    is_shared = job.num_devices > 1 and len(job.devices) == 1
    return f"{job.num_devices} x {job.device}" if is_shared else job.device


def _move(text: str) -> tuple[int, Move]:
    job, _equals, where = text.partition("=")
    to: Move | None = next((move for move in get_args(Move) if move == where), None)
    if to is None or not job.isascii() or not job.isdecimal() or len(job) > LONGEST_ID:
        raise typer.BadParameter(f"--move must be JOB={'|'.join(get_args(Move))}, such as 12=first, not '{text}'")
    return int(job), to


def _plain(job: Job) -> dict[str, Any]:
    names = {"id", "kind", "subject", "run_id", "state", "device", "num_devices", "progress", "attempt"}
    reason = _in_vain(job)
    return {**job.model_dump(mode="json", include=names), "waits_in_vain": reason.text if reason else None}


def _in_vain(job: Job) -> Message | None:
    """Why a waiting job cannot start on this machine."""
    return never_starts(job) if job.state == "queued" else None


def _percent(job: Job) -> str:
    return "" if job.progress is None else f"{job.progress:.0%}"
