"""Jobs in the store. States go queued -> running -> finished | failed | stopped; an end is final.

The contract that everything rests on: a job is claimed by exactly one owner (`queue.py`), and only the owner of a
running job may write for it.
"""

import time
from typing import Any

from sqlalchemy import Engine, Select, delete, func, select, update

from leyden.errors import StoreError
from leyden.messages.render import Message
from leyden.store.connection import reading, writing
from leyden.store.job_rows import add_job, end_job, job_of, require_owner
from leyden.store.queue import RUNNING_FIRST
from leyden.store.records import ACTIVE, ENDED, STOP_GENTLY, STOP_NOW, Job, State
from leyden.store.schema import jobs, metrics, runs


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
        job = self.find(job_id)
        if job is None:
            raise StoreError("job_unknown", job=job_id)
        return job

    def find(self, job_id: int) -> Job | None:
        """The job of this id, or None when it was deleted."""
        return self._first(select(jobs).where(jobs.c.id == job_id))

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
        query = query.order_by(*RUNNING_FIRST).limit(limit)
        with reading(self._engine) as connection:
            return [job_of(row) for row in connection.execute(query).mappings()]

    def latest(self, *, kind: str, run_id: str | None = None, subject: str | None = None) -> Job | None:
        """The newest job of a kind for a run or a subject, or None."""
        query = select(jobs).where(jobs.c.kind == kind).order_by(jobs.c.id.desc()).limit(1)
        if run_id:
            query = query.where(jobs.c.run_id == run_id)
        if subject:
            query = query.where(jobs.c.subject == subject)
        return self._first(query)

    def took_s(self, run_id: str) -> float:
        """Seconds from start to end of a run, over all its attempts that have ended."""
        query = select(func.sum(jobs.c.ended_at - jobs.c.started_at))
        with reading(self._engine) as connection:
            found = connection.execute(query.where(jobs.c.run_id == run_id, jobs.c.kind == "train")).scalar()
        return float(found or 0.0)

    def training_s(self, run_id: str) -> float:
        """Seconds between the first and the last point of a run's curves, over all its attempts that have ended.

        How long a process takes to start says nothing of the training, and may be most of a short one. Points that a
        later attempt has replaced do not count.
        """
        of_attempts = (
            select((func.max(metrics.c.time) - func.min(metrics.c.time)).label("seconds"))
            .join(metrics, metrics.c.run_id == jobs.c.run_id)
            .where(jobs.c.run_id == run_id, jobs.c.kind == "train")
            .where(metrics.c.time.between(jobs.c.started_at, jobs.c.ended_at))
            .group_by(jobs.c.id)
            .subquery()
        )
        with reading(self._engine) as connection:
            found = connection.execute(select(func.sum(of_attempts.c.seconds))).scalar()
        return float(found or 0.0)

    def follow(self, job_id: int) -> Job:
        """The job, or the attempt that goes on with it when its process vanished."""
        job = self.get(job_id)
        while job.reason and job.reason.code == "vanished":
            attempt = self._first(select(jobs).where(jobs.c.follows == job.id))
            if attempt is None:
                break
            job = attempt
        return job

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
        """Deletes ended jobs of these kinds that ended before a time (Unix seconds); returns their ids.

        Those whose result says that something in it `failed` stay: nothing else knows why.
        """
        failed = func.coalesce(func.json_extract(jobs.c.result, "$.failed"), "{}")
        old = (jobs.c.kind.in_(kinds), jobs.c.state.in_(ENDED), jobs.c.ended_at < before, failed == "{}")
        with writing(self._engine) as connection:
            return tuple(connection.execute(delete(jobs).where(*old).returning(jobs.c.id)).scalars())

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
            require_owner(connection, job_id, owner)
            end_job(connection, job_id, state, reason, result)

    def _first(self, query: Select[Any]) -> Job | None:
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        return job_of(row) if row else None

    def _update_own(self, job_id: int, owner: str, /, **values: Any) -> None:
        with writing(self._engine) as connection:
            require_owner(connection, job_id, owner)
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))
