"""Waiting for jobs from the command line, with their progress on stderr."""

import time
from collections.abc import Callable
from typing import Any

from leyden.cli.output import Status
from leyden.engine.local import wake_supervisor
from leyden.errors import DataError
from leyden.home import Home
from leyden.machine import never_starts
from leyden.messages import data
from leyden.store.records import Job
from leyden.store.store import Store

POLL_S = 0.2
WAKE_EVERY_S = 2.0
FAULTS_OF_ROWS = {"columns_missing", "no_value_is_date", "no_value_is_number", "image_not_given"}
"""Reasons that blame the rows a model was given; their sentences stand with those of runs."""


def wait_for_job(home: Home, store: Store, job: Job) -> Job:
    """The ended job, or the ended attempt that went on with it."""
    return _wait(home, store, lambda: store.jobs.follow(job.id))


def wait_for_run(home: Home, store: Store, run_id: str) -> Job:
    """The ended training job of a run, over all its attempts."""
    return _wait(home, store, lambda: store.runs.get(run_id).job)


class JobFailed(Exception):
    """A job failed or was stopped, for a reason that is not in what it was given."""


def result_of(job: Job) -> dict[str, Any]:
    """What a finished job has to show.

    Raises:
        DataError: It failed because of the data it was given.
        JobFailed: It failed for another reason, or was stopped.
    """
    if job.state == "finished":
        return job.result or {}
    assert job.reason is not None
    if job.reason.code in data.SENTENCES or job.reason.code in FAULTS_OF_ROWS:
        raise DataError(job.reason.code, **job.reason.params)
    raise JobFailed(job.reason.text)


def _wait(home: Home, store: Store, look: Callable[[], Job]) -> Job:
    status, woken = Status(), 0.0
    try:
        while (job := look()).is_active:
            status.update(_describe(store, job))
            if time.monotonic() - woken > WAKE_EVERY_S:
                # Whatever killed a supervisor meanwhile, somebody who waits has a new one started.
                wake_supervisor(home)
                woken = time.monotonic()
            time.sleep(POLL_S)
    finally:
        status.close()
    return job


def _describe(store: Store, job: Job) -> str:
    if job.state == "queued":
        if job.lane == "device" and store.settings.queue().is_paused:
            return f"{job.kind}: the queue is paused (python -m leyden queue --go-on)"
        if reason := never_starts(job):
            return f"{job.kind}: waiting in vain. {reason.text}"
        return f"{job.kind}: waiting in the queue ({len(store.queue.ahead_of(job))} before it)"
    percent = "" if job.progress is None else f" {job.progress:.0%}"
    doing = f": {job.doing.text}" if job.doing else ""
    return f"{job.kind}{percent}{doing}"
