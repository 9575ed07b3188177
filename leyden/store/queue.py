"""The queue: in which order jobs are taken, who gets the next one, and what follows one whose process vanished.

A job is claimed by exactly one owner, in strict order; only a job whose process vanished is started again, as a new
attempt. What a job is, and what its owner may write, is the business of `jobs.py`.
"""

import time
from collections.abc import Iterable
from typing import Literal

from sqlalchemy import Connection, Engine, RowMapping, func, select, update

from leyden.messages.render import Message
from leyden.store.connection import reading, writing
from leyden.store.job_rows import add_job, end_job, job_of
from leyden.store.records import ACTIVE, Job
from leyden.store.schema import jobs, runs
from leyden.store.settings import queue_settings

MAX_STALLED = 3
"""A job that vanished this many times without progress in between has failed."""

Move = Literal["first", "up", "down"]

PLACE = func.coalesce(jobs.c.place, jobs.c.id)
"""By age, unless a person moved something."""
ORDER = (jobs.c.priority.desc(), PLACE)
"""In which the queue is taken."""
RUNNING_FIRST = ((jobs.c.state == "queued").label("is_waiting"), *ORDER)


class Queue:
    """The jobs that wait, and how they come to run."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ahead_of(self, job: Job) -> tuple[Job, ...]:
        """What is done before a waiting job of the same lane: running jobs, then the queue before it."""
        query = select(jobs).where(jobs.c.state.in_(ACTIVE), jobs.c.lane == job.lane).order_by(*RUNNING_FIRST)
        with reading(self._engine) as connection:
            lane = [job_of(row) for row in connection.execute(query).mappings()]
        place = next((place for place, other in enumerate(lane) if other.id == job.id), len(lane))
        return tuple(lane[:place])

    def move(self, job_id: int, to: Move) -> None:
        """Moves a waiting job within its lane and priority; what is at the end of its way stays there.

        The jobs that wait exchange their places among themselves, so that what is queued later comes after them.
        """
        with writing(self._engine) as connection:
            job = connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().first()
            if job is None or job["state"] != "queued":
                return  # It was started, or taken away, just now.
            beside = (jobs.c.lane == job["lane"], jobs.c.priority == job["priority"], jobs.c.state == "queued")
            rows = connection.execute(select(jobs.c.id, PLACE).where(*beside).order_by(PLACE)).all()
            before, places = [row[0] for row in rows], [row[1] for row in rows]
            after = _moved(before, job_id, to)
            for old, new, at in zip(before, after, places, strict=True):
                if old != new:
                    connection.execute(update(jobs).where(jobs.c.id == new).values(place=at))

    def claim_next(
        self,
        lane: str,
        owner: str,
        *,
        free: tuple[str, ...],
        free_for_auto: tuple[str, ...],
        most_for_auto: int = 1,
        heeds_pause: bool = False,
    ) -> Job | None:
        """Takes the next queued job of a lane that can have its devices now, in strict order.

        One write transaction: two supervisors can never claim the same job. A job that waits for several devices
        keeps them free from those behind it, or it would wait for good; one that wants more than there are does not,
        or they would.

        Args:
            lane: Which queue.
            owner: Who claims.
            free: Devices that a job may have if it asks for them by name.
            free_for_auto: Devices for jobs that leave the choice; they get the first ones.
            most_for_auto: How many of those there are, taken ones included.
            heeds_pause: Takes nothing while the queue is paused, from the very moment on.
        """
        if not free and not free_for_auto:
            return None
        wishes = select(jobs.c.id, jobs.c.wanted_device, jobs.c.num_devices)
        wishes = wishes.where(jobs.c.state == "queued", jobs.c.lane == lane).order_by(*ORDER)
        with writing(self._engine) as connection:
            if heeds_pause and queue_settings(connection).is_paused:
                return None
            found = _first_that_fits(connection.execute(wishes).mappings(), free, free_for_auto, most_for_auto)
            if found is None:
                return None
            job_id, devices = found
            now = time.time()
            claim = update(jobs).where(jobs.c.id == job_id).returning(jobs)
            claim = claim.values(state="running", owner=owner, started_at=now, heartbeat_at=now)
            return job_of(connection.execute(claim.values(device=",".join(devices))).mappings().one())

    def mark_vanished(self, job_id: int, owner: str) -> Job | None:
        """Ends a running job whose process is gone, and queues its next attempt.

        The next attempt starts from the last checkpoint, before everything else in the queue. Without progress
        since the attempt before, three times in a row, the job has failed for good; a job that was told to stop
        ends as stopped.

        Returns:
            The next attempt, or None when there is none.
        """
        with writing(self._engine) as connection:
            query = select(jobs).where(jobs.c.id == job_id, jobs.c.state == "running", jobs.c.owner == owner)
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            job = job_of(row)
            if job.stop_request:
                end_job(connection, job_id, "stopped", Message(code="stopped_killed"))
                return None
            stalled = 0 if job.saved_step > job.start_step else job.stalled + 1
            if stalled >= MAX_STALLED:
                reason = Message(code="vanished_for_good", params={"times": stalled})
                end_job(connection, job_id, "failed", reason)
                return None
            end_job(connection, job_id, "failed", Message(code="vanished"))
            return _add_next_attempt(connection, job, stalled)


def _add_next_attempt(connection: Connection, job: Job, stalled: int) -> Job:
    next_id = add_job(
        connection,
        kind=job.kind,
        lane=job.lane,
        subject=job.subject,
        payload=job.payload,
        run_id=job.run_id,
        wanted_device=job.wanted_device,
        num_devices=job.num_devices,
        priority=job.priority + 1,
        attempt=job.attempt + 1,
        follows=job.id,
        start_step=job.saved_step,
        saved_step=job.saved_step,
        stalled=stalled,
    )
    connection.execute(update(runs).where(runs.c.job_id == job.id).values(job_id=next_id))
    return job_of(connection.execute(select(jobs).where(jobs.c.id == next_id)).mappings().one())


def _first_that_fits(
    wishes: Iterable[RowMapping], free: tuple[str, ...], free_for_auto: tuple[str, ...], most_for_auto: int
) -> tuple[int, tuple[str, ...]] | None:
    """The first waiting job that can have its devices now, and these."""
    for wish in wishes:
        devices = _devices_for(wish, free, free_for_auto)
        if devices is not None:
            return wish["id"], devices
        if 1 < wish["num_devices"] <= most_for_auto and wish["wanted_device"] == "auto":
            free = tuple(device for device in free if device not in free_for_auto)
            free_for_auto = ()
    return None


def _devices_for(
    wish: RowMapping, free: tuple[str, ...], free_for_auto: tuple[str, ...]
) -> tuple[str, ...] | None:
    """The devices that a waiting job can have now. Processes on the processor share it as one device."""
    wanted, number = wish["wanted_device"], wish["num_devices"]
    if wanted != "auto":
        return (wanted,) if wanted in free else None
    if free_for_auto[:1] == ("cpu",):
        return ("cpu",)
    return free_for_auto[:number] if len(free_for_auto) >= number else None


def _moved(order: list[int], job_id: int, to: Move) -> list[int]:
    """The order with one job moved."""
    at = order.index(job_id)
    target = {"first": 0, "up": max(0, at - 1), "down": min(len(order) - 1, at + 1)}[to]
    rest = [other for other in order if other != job_id]
    return [*rest[:target], job_id, *rest[target:]]
