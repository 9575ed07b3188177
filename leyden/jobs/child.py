"""A child process: takes jobs from its standard input, one line each, and does them.

The one place where exceptions are caught broadly: whatever a job's function raises becomes the job's reason, one
sentence for people, and a traceback in its log.
"""

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from leyden import failures
from leyden.errors import LeydenError, StoreError
from leyden.factory import imported
from leyden.home import Home, find_home
from leyden.jobs.context import JobContext, JobStopped
from leyden.jobs.crew import LEAVING_TIMEOUT_S, PATIENCE_S, Crew, CrewBroken, end_all
from leyden.jobs.output import log_traceback, output_to
from leyden.locks import FileLock
from leyden.machine import step_back
from leyden.messages.render import Message, Param
from leyden.run_folder import LOG
from leyden.store.records import Job, State
from leyden.store.store import open_store

Explain = Callable[[BaseException], Message | None]
Outcome = tuple[State, Message | None, dict[str, Any] | None]

LOCK_TIMEOUT_S = 2
RUN_LOCK_TIMEOUT_S = 60
STORE_TIMEOUT_S = 120


def serve(explain: Explain = failures.explain) -> None:
    """Does the jobs that a supervisor writes to standard input, until it closes.

    Args:
        explain: Translates known causes of failure (out of memory ...) into a sentence; None: unknown.
    """
    os.nice(10)
    home = find_home()
    for line in sys.stdin:
        handoff = json.loads(line)
        _show_devices(handoff["device"].split(","))
        if handoff["is_idle"]:
            step_back()
        crew = _join_crew(home, handoff) if handoff["num_ranks"] > 1 else None
        if crew is None or crew.rank == 0:
            run_job(home, handoff["job"], handoff["owner"], handoff["function"], explain, crew)
        else:
            help_with_job(crew, handoff["function"], explain)


def run_job(
    home: Home, job_id: int, claimed_by: str, function: str, explain: Explain, crew: Crew | None = None
) -> None:
    """Does one claimed job with a `package.module:function` and writes its end."""
    store = open_store(home)
    owner = f"{socket.gethostname()}:{os.getpid()}:{job_id}"
    lock = FileLock(home.job_lock(job_id))
    try:
        # A moment's patience: others look whether a lock is held by trying to take it.
        if not lock.acquire(LOCK_TIMEOUT_S):
            return  # Somebody does it already.
        try:
            job = store.jobs.adopt(job_id, claimed_by, owner, os.getpid())
        except StoreError:
            return  # Given up on, or deleted, before this process was ready.
        with output_to(_log_of(home, job), job):
            if job.follows is not None:
                goes_on = "goes on from its last checkpoint" if job.start_step else "begins anew"
                print(f"The process of attempt {job.attempt - 1} disappeared; this one {goes_on}.", flush=True)
            _work(JobContext(home, store, job, owner, crew), function, explain)
    finally:
        lock.release(remove=True)
        store.close()


def help_with_job(crew: Crew, function: str, explain: Explain) -> None:
    """Does one rank's part of a job that another process owns; leaves word of how it ended."""
    if not crew.meet():
        return
    # Whatever it is in the midst of: without its owner there is nothing left to help with.
    crew.watch(lambda broken: os._exit(1))
    store = open_store(crew.home)
    job = store.jobs.get(crew.job_id)
    with output_to(_log_of(crew.home, job)):
        state, reason, _result = _outcome(
            JobContext(crew.home, store, job, job.owner or "", crew), function, explain
        )
        if state == "failed":
            try:
                crew.check(PATIENCE_S)
            except CrewBroken as broken:
                # Another one is gone, and this failure only follows from it; rank 0 tells a reason that there is.
                os._exit(0 if broken.reason else 1)
    store.close()
    crew.leave(reason if state == "failed" else None)
    # Its part is done and said so: what libraries for several processes do on their way out may fail, and must not
    # look as if it had died in the midst of it.
    os._exit(0)


def _work(context: JobContext, function: str, explain: Explain) -> None:
    job = context.job
    run_lock = FileLock(context.home.run_lock(job.run_id)) if job.run_id and job.trains_run else None
    try:
        if run_lock and not run_lock.acquire(RUN_LOCK_TIMEOUT_S):
            _end(context, "failed", Message(code="run_locked", params={"run": job.run_id}), None)
            return
        context.start()
        try:
            outcome = _crewed(context, function, explain) if context.crew else _outcome(context, function, explain)
        finally:
            context.close()
        _end(context, *outcome)
    finally:
        if run_lock:
            run_lock.release()


def _crewed(context: JobContext, function: str, explain: Explain) -> Outcome:
    """The outcome of a job that several processes do; when one of them is gone, all end."""
    crew = context.crew
    assert crew is not None

    def end_all_of(broken: CrewBroken) -> None:
        if broken.reason is not None:
            _end(context, "failed", broken.reason, None)
        print("A process of this job is gone; all others end, too.", flush=True)
        # Without a reason the job is left as it is: the supervisor sees that it vanished, and starts it again.
        end_all()

    try:
        if not crew.meet():
            return "failed", Message(code="crew_missing", params={"processes": crew.size}), None
    except CrewBroken as broken:
        end_all_of(broken)
    crew.watch(end_all_of)
    outcome = _outcome(context, function, explain)
    if outcome[0] == "failed":
        try:
            crew.check(PATIENCE_S)
        except CrewBroken as broken:
            end_all_of(broken)
    crew.dismiss()
    # Without a result, because the first failed or was stopped before all were at work, the others wait for it in
    # vain until they see that it is gone.
    crew.clean_up(0.0 if outcome[2] is None else LEAVING_TIMEOUT_S)
    return outcome


def _outcome(context: JobContext, function: str, explain: Explain) -> Outcome:
    try:
        return "finished", None, imported(function)(context)
    except JobStopped as stopped:
        return "stopped", Message(code="stopped_by_user"), stopped.result
    except LeydenError as error:
        log_traceback()
        return "failed", error.message, None
    except Exception as error:
        log_traceback()
        unexpected: dict[str, Param] = {
            "kind": type(error).__name__,
            "detail": str(error).strip() or "no further detail",
        }
        return "failed", explain(error) or Message(code="unexpected_error", params=unexpected), None


def _end(context: JobContext, state: State, reason: Message | None, result: dict[str, Any] | None) -> None:
    """Writes the end; a store that is away is waited for, since the work is done and must not be lost."""
    deadline = time.monotonic() + STORE_TIMEOUT_S
    while True:
        try:
            context.store.jobs.end(context.job.id, context.owner, state, reason=reason, result=result)
        except StoreError as error:
            if error.message.code == "superseded":
                return
            if time.monotonic() > deadline:
                raise
            time.sleep(1.0)
        else:
            return


def _show_devices(devices: list[str]) -> None:
    """Lets this process see the GPUs that its job was given, and no others; they are numbered from 0 in it."""
    if devices[0].startswith("cuda:"):
        # Must precede the first use of CUDA.
        os.environ["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"  # as the driver counts them, who named the devices
        os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(device.removeprefix("cuda:") for device in devices)


def _join_crew(home: Home, handoff: dict[str, Any]) -> Crew:
    """Takes this process's rank; Lightning reads it from the environment, and starts no processes then."""
    rank, size = handoff["rank"], handoff["num_ranks"]
    os.environ |= {"LOCAL_RANK": str(rank), "RANK": str(rank), "WORLD_SIZE": str(size)}
    return Crew(home, handoff["job"], rank, size)


def _log_of(home: Home, job: Job) -> Path:
    return home.run(job.run_id) / LOG if job.run_id and job.trains_run else home.job_log(job.id)


if __name__ == "__main__":
    serve()
