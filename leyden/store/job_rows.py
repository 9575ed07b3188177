"""Rows of the jobs table inside a transaction: what jobs, queue, runs and metrics do to them alike."""

import time
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, update

from leyden.errors import StoreError
from leyden.messages.render import Message
from leyden.store.records import Job, State
from leyden.store.schema import jobs, runs


def job_of(row: RowMapping) -> Job:
    """The record of a row."""
    return Job.model_validate(dict(row))


def add_job(connection: Connection, **values: Any) -> int:
    """Queues a job; returns its id."""
    values = {"state": "queued", "created_at": time.time(), **values}
    return int(connection.execute(insert(jobs).values(**values).returning(jobs.c.id)).scalar_one())


def add_training(connection: Connection, run_id: str, **values: Any) -> None:
    """Queues an attempt at training a run; it decides the run's state from now on."""
    job_id = add_job(connection, kind="train", lane="device", subject=run_id, run_id=run_id, **values)
    connection.execute(update(runs).where(runs.c.id == run_id).values(job_id=job_id))


def end_job(
    connection: Connection,
    job_id: int,
    state: State,
    reason: Message | None,
    result: dict[str, Any] | None = None,
) -> None:
    """Ends a job, whoever owns it: that it may be ended is the caller's to know."""
    values: dict[str, Any] = {"state": state, "ended_at": time.time(), "result": result}
    values["reason"] = reason.model_dump() if reason else None
    if state == "finished":
        values["progress"] = 1.0  # Its last word may have come before its last step.
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))


def require_owner(connection: Connection, job_id: int, owner: str) -> None:
    """Refuses a write for a job by whoever is not running it any more.

    Raises:
        StoreError: `superseded`.
    """
    _require_running(connection, job_id, jobs.c.owner == owner)


def require_attempt(connection: Connection, job_id: int, run_id: str) -> None:
    """Refuses a write for a run by an attempt that is not its running one any more.

    Raises:
        StoreError: `superseded`.
    """
    _require_running(connection, job_id, jobs.c.run_id == run_id)


def _require_running(connection: Connection, job_id: int, whose: ColumnElement[bool]) -> None:
    query = select(jobs.c.id).where(jobs.c.id == job_id, jobs.c.state == "running", whose)
    if connection.execute(query).first() is None:
        raise StoreError("superseded", job=job_id)
