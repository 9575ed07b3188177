"""Jobs in the store: the queue. States go queued -> running -> finished | failed | stopped; an end is final.

The contract that everything rests on: a job is claimed by exactly one owner, in strict order; only the owner of
a running job may write for it; and only a job whose process vanished is started again, as a new attempt.
"""

import time
from typing import Any, Literal

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update

from leyden.errors import StoreError
from leyden.messages.render import Message
from leyden.store.connection import reading, writing
from leyden.store.records import ACTIVE, ENDED, STOP_GENTLY, STOP_NOW, Job, State
from leyden.store.schema import jobs, runs

MAX_STALLED = 3
"""A job that vanished this many times without progress in between has failed."""

Move = Literal["first", "up", "down"]

_ORDER = (jobs.c.priority.desc(), func.coalesce(jobs.c.place, jobs.c.id))
"""The order in which the queue is taken: within a priority by age, unless a person moved something."""


class Jobs:
    """The jobs table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # -- the page's side

    def add(
        self,
        kind: str,
        *,
        lane: str,
        subject: str,
        payload: dict[str, Any],
        run_id: str | None = None,
        wanted_device: str = "auto",
        num_devices: int = 1,
        priority: int = 0,
    ) -> Job:
        """Queues a job.

        Raises:
            StoreError: `run_unknown`: its run was deleted meanwhile.
        """
        with writing(self._engine) as connection:
            known = select(runs.c.id).where(runs.c.id == run_id)
            if run_id is not None and connection.execute(known).first() is None:
                raise StoreError("run_unknown", run=run_id)
            job_id = add_job(
                connection,
                kind=kind,
                lane=lane,
                subject=subject,
                payload=payload,
                run_id=run_id,
                wanted_device=wanted_device,
                num_devices=num_devices,
                priority=priority,
            )
        return self.get(job_id)

    def get(self, job_id: int) -> Job:
        """The job of this id.

        Raises:
            StoreError: `job_unknown`.
        """
        with reading(self._engine) as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().first()
        if row is None:
            raise StoreError("job_unknown", job=job_id)
        return job_of(row)

    def find(self, job_id: int) -> Job | None:
        """The job of this id, or None when it was deleted."""
        with reading(self._engine) as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().first()
        return job_of(row) if row else None

    def list(
        self,
        *,
        states: tuple[State, ...] = ACTIVE,
        kinds: tuple[str, ...] | None = None,
        run_id: str | None = None,
        limit: int | None = 200,
    ) -> list[Job]:
        """Jobs in these states: running ones first, then the queue in the order it will be taken."""
        query = select(jobs).where(jobs.c.state.in_(states))
        if kinds:
            query = query.where(jobs.c.kind.in_(kinds))
        if run_id:
            query = query.where(jobs.c.run_id == run_id)
        is_waiting = (jobs.c.state == "queued").label("is_waiting")
        query = query.order_by(is_waiting, *_ORDER).limit(limit)
        with reading(self._engine) as connection:
            return [job_of(row) for row in connection.execute(query).mappings()]

    def latest(self, *, kind: str, run_id: str | None = None, subject: str | None = None) -> Job | None:
        """The newest job of a kind for a run or a subject, or None."""
        query = select(jobs).where(jobs.c.kind == kind).order_by(jobs.c.id.desc()).limit(1)
        if run_id:
            query = query.where(jobs.c.run_id == run_id)
        if subject:
            query = query.where(jobs.c.subject == subject)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        return job_of(row) if row else None

    def training_s(self, run_id: str) -> float:
        """Seconds that a run was trained for, over all its attempts that have ended."""
        query = select(func.sum(jobs.c.ended_at - jobs.c.started_at))
        with reading(self._engine) as connection:
            found = connection.execute(query.where(jobs.c.run_id == run_id, jobs.c.kind == "train")).scalar()
        return float(found or 0.0)

    def follow(self, job_id: int) -> Job:
        """The job, or the attempt that goes on with it when its process vanished."""
        job = self.get(job_id)
        while job.reason and job.reason.code == "vanished":
            query = select(jobs).where(jobs.c.follows == job.id)
            with reading(self._engine) as connection:
                row = connection.execute(query).mappings().first()
            if row is None:
                break
            job = job_of(row)
        return job

    def ahead_of(self, job: Job) -> "tuple[Job, ...]":
        """What is done before a waiting job of the same lane: running jobs, then the queue before it."""
        lane = [other for other in self.list(limit=None) if other.lane == job.lane]
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
            place = func.coalesce(jobs.c.place, jobs.c.id)
            beside = (jobs.c.lane == job["lane"], jobs.c.priority == job["priority"], jobs.c.state == "queued")
            rows = connection.execute(select(jobs.c.id, place).where(*beside).order_by(place)).all()
            before, places = [row[0] for row in rows], [row[1] for row in rows]
            after = _moved(before, job_id, to)
            for old, new, at in zip(before, after, places, strict=True):
                if old != new:
                    connection.execute(update(jobs).where(jobs.c.id == new).values(place=at))

    def request_stop(self, job_id: int, level: int = STOP_GENTLY) -> Job:
        """Asks a job to stop. A queued one is stopped at once; a request never becomes weaker."""
        now = time.time()
        with writing(self._engine) as connection:
            waiting = update(jobs).where(jobs.c.id == job_id, jobs.c.state == "queued")
            reason = Message(code="stopped_in_queue").model_dump()
            connection.execute(waiting.values(state="stopped", ended_at=now, reason=reason))
            running = update(jobs).where(jobs.c.id == job_id, jobs.c.state == "running")
            connection.execute(running.where(jobs.c.stop_request < level).values(stop_request=level))
        return self.get(job_id)

    # -- the supervisor's side

    def forget(self, kinds: tuple[str, ...], *, before: float) -> tuple[int, ...]:
        """Deletes ended jobs of these kinds that ended before a time (Unix seconds); returns their ids."""
        old = (jobs.c.kind.in_(kinds), jobs.c.state.in_(ENDED), jobs.c.ended_at < before)
        with writing(self._engine) as connection:
            return tuple(connection.execute(delete(jobs).where(*old).returning(jobs.c.id)).scalars())

    def claim_next(
        self, lane: str, owner: str, *, free: tuple[str, ...], free_for_auto: tuple[str, ...]
    ) -> Job | None:
        """Takes the next queued job of a lane that can have its devices now, in strict order.

        One write transaction: two supervisors can never claim the same job. A job that waits for several devices
        keeps them free from those behind it, or it would wait for good.

        Args:
            lane: Which queue.
            owner: Who claims.
            free: Devices that a job may have if it asks for them by name.
            free_for_auto: Devices for jobs that leave the choice; they get the first ones.
        """
        if not free and not free_for_auto:
            return None
        now = time.time()
        with writing(self._engine) as connection:
            wishes = select(jobs.c.id, jobs.c.wanted_device, jobs.c.num_devices)
            query = wishes.where(jobs.c.state == "queued", jobs.c.lane == lane).order_by(*_ORDER)
            for row in connection.execute(query).mappings():
                given = _devices_for(row, free, free_for_auto)
                if given is None:
                    if row["num_devices"] > 1 and row["wanted_device"] == "auto":
                        free = tuple(device for device in free if device not in free_for_auto)
                        free_for_auto = ()
                    continue
                values = {"state": "running", "owner": owner, "started_at": now, "heartbeat_at": now}
                claim = update(jobs).where(jobs.c.id == row["id"], jobs.c.state == "queued").returning(jobs)
                claimed = connection.execute(claim.values(**values, device=",".join(given))).mappings().first()
                return job_of(claimed) if claimed else None
        return None

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
                _end(connection, job_id, "stopped", Message(code="stopped_killed"))
                return None
            stalled = 0 if job.saved_step > job.start_step else job.stalled + 1
            if stalled >= MAX_STALLED:
                _end(connection, job_id, "failed", Message(code="vanished_for_good", params={"times": stalled}))
                return None
            _end(connection, job_id, "failed", Message(code="vanished"))
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
        return self.get(next_id)

    # -- the owner's side

    def adopt(self, job_id: int, owner: str, new_owner: str, pid: int) -> Job:
        """Hands a claimed job from the supervisor that claimed it to the child that runs it.

        Raises:
            StoreError: `superseded` when it is not running under `owner` any more.
        """
        self._update_own(job_id, owner, owner=new_owner, pid=pid, heartbeat_at=time.time())
        return self.get(job_id)

    def beat(self, job_id: int, owner: str, progress: float | None, doing: Message | None) -> None:
        """Says that the owner lives, and how far it is.

        Raises:
            StoreError: `superseded` when the job is not the owner's any more.
        """
        values: dict[str, Any] = {"heartbeat_at": time.time(), "progress": progress}
        values["doing"] = doing.model_dump() if doing else None
        self._update_own(job_id, owner, **values)

    def stop_request(self, job_id: int) -> int:
        """0, `STOP_GENTLY` or `STOP_NOW`."""
        query = select(jobs.c.stop_request).where(jobs.c.id == job_id)
        with reading(self._engine) as connection:
            level = connection.execute(query).scalar()
        # A deleted job has nobody left to work for.
        return STOP_NOW if level is None else level

    def set_saved_step(self, job_id: int, owner: str, step: int) -> None:
        """Notes that a checkpoint of this step is on disk."""
        self._update_own(job_id, owner, saved_step=step)

    def end(
        self,
        job_id: int,
        owner: str,
        state: State,
        *,
        reason: Message | None = None,
        result: dict[str, Any] | None = None,
    ) -> None:
        """Ends the owner's job.

        Raises:
            StoreError: `superseded` when it is not running under `owner` any more.
        """
        assert state in ENDED
        with writing(self._engine) as connection:
            _require_owner(connection, job_id, owner)
            _end(connection, job_id, state, reason, result)

    def _update_own(self, job_id: int, owner: str, /, **values: Any) -> None:
        with writing(self._engine) as connection:
            _require_owner(connection, job_id, owner)
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))


def require_running(connection: Connection, job_id: int, run_id: str) -> None:
    """Refuses a write for a run by an attempt that is not its running one any more."""
    query = select(jobs.c.id).where(jobs.c.id == job_id, jobs.c.run_id == run_id, jobs.c.state == "running")
    if connection.execute(query).first() is None:
        raise StoreError("superseded", job=job_id)


def add_job(connection: Connection, **values: Any) -> int:
    """Queues a job inside a transaction."""
    values = {"state": "queued", "created_at": time.time(), **values}
    return int(connection.execute(insert(jobs).values(**values).returning(jobs.c.id)).scalar_one())


def add_training(connection: Connection, run_id: str, **values: Any) -> None:
    """Queues an attempt at training a run inside a transaction; it decides the run's state from now on."""
    job_id = add_job(connection, kind="train", lane="device", subject=run_id, run_id=run_id, **values)
    connection.execute(update(runs).where(runs.c.id == run_id).values(job_id=job_id))


def _require_owner(connection: Connection, job_id: int, owner: str) -> None:
    query = select(jobs.c.id).where(jobs.c.id == job_id, jobs.c.owner == owner, jobs.c.state == "running")
    if connection.execute(query).first() is None:
        raise StoreError("superseded", job=job_id)


def _end(
    connection: Connection,
    job_id: int,
    state: State,
    reason: Message | None,
    result: dict[str, Any] | None = None,
) -> None:
    values: dict[str, Any] = {"state": state, "ended_at": time.time(), "result": result}
    values["reason"] = reason.model_dump() if reason else None
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))


def _devices_for(row: RowMapping, free: tuple[str, ...], free_for_auto: tuple[str, ...]) -> tuple[str, ...] | None:
    """The devices that a waiting job can have now. Processes on the processor share it as one device."""
    wanted, number = row["wanted_device"], row["num_devices"]
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


def job_of(row: RowMapping) -> Job:
    """The record of a jobs row."""
    return Job.model_validate(dict(row))
