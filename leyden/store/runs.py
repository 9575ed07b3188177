"""Runs in the store: submitting, reading, listing, continuing, deleting."""

import secrets
import time
from typing import Any, Literal

from sqlalchemy import Engine, RowMapping, Select, delete, func, insert, select, update

from leyden.errors import StoreError
from leyden.messages.render import Message
from leyden.spec.model import Spec
from leyden.store.connection import reading, writing
from leyden.store.jobs import add_training, job_of, require_running
from leyden.store.records import ACTIVE, Run, RunRow, State
from leyden.store.schema import datasets, jobs, metrics, models, reports, run_tags, runs

SortKey = Literal["created_at", "name", "dataset_name", "architecture", "state", "duration_s"]


class Runs:
    """The runs table, and the training jobs that belong to it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def submit(self, spec: Spec, *, split_hash: str, name: str | None = None) -> Run:
        """Writes a run and its first training job in one transaction."""
        run_id = f"r{secrets.token_hex(4)}"
        architecture = " + ".join(choice.name for choice in spec.architecture.values())
        with writing(self._engine) as connection:
            query = select(datasets.c.name).where(datasets.c.id == spec.data.dataset)
            dataset_name = connection.execute(query).scalar()
            if dataset_name is None:
                raise StoreError("dataset_unknown", dataset=spec.data.dataset)
            connection.execute(
                insert(runs).values(
                    id=run_id,
                    name=name or f"{dataset_name} · {architecture}",
                    dataset_id=spec.data.dataset,
                    spec=spec.model_dump(mode="json"),
                    fingerprint=spec.fingerprint,
                    split_hash=split_hash,
                    task=spec.task.name,
                    target=spec.data.target,
                    architecture=architecture,
                    created_at=time.time(),
                )
            )
            add_training(connection, run_id, payload={}, wanted_device=spec.hardware.device)
        return self.get(run_id)

    def get(self, run_id: str) -> Run:
        """The run of this id, with its latest training job.

        Raises:
            StoreError: `run_unknown`.
        """
        query = (
            select(runs, datasets.c.name.label("dataset_name"))
            .join(datasets, datasets.c.id == runs.c.dataset_id)
            .where(runs.c.id == run_id)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
            if row is None:
                raise StoreError("run_unknown", run=run_id)
            job = connection.execute(select(jobs).where(jobs.c.id == row["job_id"])).mappings().one()
        values = {name: value for name, value in row.items() if name != "job_id"}
        return Run(**values, job=job_of(job))

    def list(
        self,
        *,
        dataset_id: str | None = None,
        architecture: str | None = None,
        states: tuple[State, ...] | None = None,
        search: str = "",
        sort: SortKey = "created_at",
        descending: bool = True,
        limit: int = 100,
        offset: int = 0,
    ) -> list[RunRow]:
        """Lines of the runs table; filtering, sorting and paging happen in the database."""
        query = _filtered(_rows(), dataset_id, architecture, states, search)
        order = _SORT_COLUMNS[sort]
        query = query.order_by(order.desc() if descending else order.asc(), runs.c.id).limit(limit).offset(offset)
        with reading(self._engine) as connection:
            return [_run_row(row) for row in connection.execute(query).mappings()]

    def count(
        self,
        *,
        dataset_id: str | None = None,
        architecture: str | None = None,
        states: tuple[State, ...] | None = None,
        search: str = "",
    ) -> int:
        """Number of runs that `list` would return without a limit."""
        query = _filtered(select(func.count()).select_from(_JOINED), dataset_id, architecture, states, search)
        with reading(self._engine) as connection:
            return int(connection.execute(query).scalar_one())

    def continue_training(self, run_id: str, *, epochs: int | None = None) -> Run:
        """Queues a further attempt from the last checkpoint; `epochs` is the new total, None keeps it.

        Raises:
            StoreError: `run_active` while an attempt is queued or running.
        """
        with writing(self._engine) as connection:
            query = select(jobs).join(runs, runs.c.job_id == jobs.c.id).where(runs.c.id == run_id)
            row = connection.execute(query).mappings().first()
            if row is None:
                raise StoreError("run_unknown", run=run_id)
            job = job_of(row)
            if job.is_active:
                raise StoreError("run_active", run=run_id)
            payload = {**job.payload, **({"epochs": epochs} if epochs else {})}
            add_training(
                connection,
                run_id,
                payload=payload,
                wanted_device=job.wanted_device,
                attempt=job.attempt + 1,
                start_step=job.saved_step,
                saved_step=job.saved_step,
            )
        return self.get(run_id)

    def rename(self, run_id: str, name: str) -> None:
        """Gives a run another name."""
        with writing(self._engine) as connection:
            if not connection.execute(update(runs).where(runs.c.id == run_id).values(name=name)).rowcount:
                raise StoreError("run_unknown", run=run_id)

    def set_num_parameters(self, run_id: str, job_id: int, num_parameters: int) -> None:
        """Notes the size of the network; refused for a superseded attempt."""
        with writing(self._engine) as connection:
            require_running(connection, job_id, run_id)
            query = update(runs).where(runs.c.id == run_id).values(num_parameters=num_parameters)
            connection.execute(query)

    def delete(self, run_id: str) -> None:
        """Removes a run's records; its folder is the caller's to remove. Openings stay counted.

        Raises:
            StoreError: `run_active` while any of its jobs is queued or running, `run_unknown`.
        """
        with writing(self._engine) as connection:
            active = select(jobs.c.id).where(jobs.c.run_id == run_id, jobs.c.state.in_(ACTIVE))
            if connection.execute(active).first():
                raise StoreError("run_active", run=run_id)
            for table in (run_tags, metrics, reports, models, jobs):
                connection.execute(delete(table).where(table.c.run_id == run_id))
            if not connection.execute(delete(runs).where(runs.c.id == run_id)).rowcount:
                raise StoreError("run_unknown", run=run_id)


_JOINED = (
    runs.join(datasets, datasets.c.id == runs.c.dataset_id)
    .join(jobs, jobs.c.id == runs.c.job_id)
    .outerjoin(reports, (reports.c.run_id == runs.c.id) & (reports.c.part == "val"))
)
_DURATION = jobs.c.ended_at - jobs.c.started_at
_SORT_COLUMNS: dict[SortKey, Any] = {
    "created_at": runs.c.created_at,
    "name": runs.c.name,
    "dataset_name": datasets.c.name,
    "architecture": runs.c.architecture,
    "state": jobs.c.state,
    "duration_s": _DURATION,
}


def _rows() -> Select[Any]:
    return select(
        runs.c.id,
        runs.c.name,
        runs.c.dataset_id,
        datasets.c.name.label("dataset_name"),
        runs.c.task,
        runs.c.target,
        runs.c.architecture,
        runs.c.spec["seed"].as_integer().label("seed"),
        jobs.c.state,
        jobs.c.reason,
        jobs.c.progress,
        reports.c.headline,
        reports.c.figures,
        runs.c.created_at,
        jobs.c.ended_at,
        _DURATION.label("duration_s"),
    ).select_from(_JOINED)


def _filtered(
    query: Select[Any],
    dataset_id: str | None,
    architecture: str | None,
    states: tuple[State, ...] | None,
    search: str,
) -> Select[Any]:
    if dataset_id:
        query = query.where(runs.c.dataset_id == dataset_id)
    if architecture:
        query = query.where(runs.c.architecture == architecture)
    if states:
        query = query.where(jobs.c.state.in_(states))
    for word in search.split():
        anywhere = runs.c.name + " " + runs.c.id + " " + datasets.c.name + " " + runs.c.architecture
        query = query.where(anywhere.icontains(word, autoescape=True))
    return query


def _run_row(row: RowMapping) -> RunRow:
    values = dict(row)
    values["figures"] = values["figures"] or {}
    values["reason"] = Message.model_validate(values["reason"]) if values["reason"] else None
    return RunRow(**values)
