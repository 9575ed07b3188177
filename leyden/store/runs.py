"""Runs in the store: submitting, reading, listing, labelling, continuing, deleting."""

import secrets
import time
from collections.abc import Sequence
from typing import Unpack

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from leyden.errors import StoreError
from leyden.spec.model import Spec
from leyden.spec.naming import architecture_text, plain_name, renamed_for_epochs
from leyden.store.connection import reading, writing
from leyden.store.job_rows import add_training, job_of, require_attempt
from leyden.store.listing import RunFilters, facets_of, rows_of, select_ids, select_meant, select_page, tags_of
from leyden.store.records import ACTIVE, Run, RunFacets, RunRow
from leyden.store.schema import datasets, jobs, metrics, models, reports, run_tags, runs, settings

MAX_TAG = 40
NUMBERS = "numbers"
"""Area of the settings with the highest number that was given."""


class Runs:
    """The runs table, and the training jobs that belong to it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def submit(self, spec: Spec, *, split_hash: str, name: str | None = None) -> Run:
        """Writes a run and its first training job in one transaction; without a name it is data and network."""
        run_id = f"r{secrets.token_hex(4)}"
        with writing(self._engine) as connection:
            query = select(datasets.c.name).where(datasets.c.id == spec.data.dataset)
            dataset_name = connection.execute(query).scalar()
            if dataset_name is None:
                raise StoreError("dataset_unknown", dataset=spec.data.dataset)
            connection.execute(
                insert(runs).values(
                    id=run_id,
                    number=_next_number(connection),
                    name=name or plain_name(dataset_name, spec),
                    dataset_id=spec.data.dataset,
                    spec=spec.model_dump(mode="json"),
                    fingerprint=spec.fingerprint,
                    split_hash=split_hash,
                    task=spec.task.name,
                    target=spec.data.target,
                    architecture=architecture_text(spec),
                    created_at=time.time(),
                )
            )
            hardware = spec.hardware
            wish = {"wanted_device": hardware.device, "num_devices": hardware.num_devices}
            add_training(connection, run_id, payload={}, **wish)
        return self.get(run_id)

    def get(self, run_id: str) -> Run:
        """The run of this id, with its latest training job.

        Raises:
            StoreError: `run_unknown`.
        """
        found = self.find(run_id)
        if found is None:
            raise StoreError("run_unknown", run=run_id)
        return found

    def find(self, run_id: str) -> Run | None:
        """The run of this id, or None when it was deleted."""
        query = (
            select(runs, datasets.c.name.label("dataset_name"))
            .join(datasets, datasets.c.id == runs.c.dataset_id)
            .where(runs.c.id == run_id)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            job = connection.execute(select(jobs).where(jobs.c.id == row["job_id"])).mappings().one()
            tags = tags_of(connection, [run_id]).get(run_id, ())
        values = {name: value for name, value in row.items() if name != "job_id"}
        return Run(**values, tags=tags, job=job_of(job))

    def named(self, word: str) -> Run:
        """The run that a person means by its id, by its number (`12` or `#12`), or by how its id begins, `r0f`.

        Raises:
            StoreError: `run_unknown`; `run_ambiguous`: several ids begin so.
        """
        if (run := self.find(word)) is not None:
            return run
        with reading(self._engine) as connection:
            found = connection.execute(select_meant(word)).scalars().all()
        if len(found) > 1:
            raise StoreError("run_ambiguous", run=word, found=len(found))
        return self.get(found[0] if found else word)

    def list(
        self,
        *,
        sort: str = "created_at",
        descending: bool = True,
        limit: int = 100,
        offset: int = 0,
        settings: Sequence[str] = (),
        **filters: Unpack[RunFilters],
    ) -> list[RunRow]:
        """Lines of the runs table; filtering, sorting and paging happen in the database.

        Args:
            sort: One of `leyden.store.listing.SORT_KEYS`, a figure (`val/f1_macro`) or a setting's dotted name.
            descending: Whether the largest comes first. Runs without a value come last either way.
            limit: Most lines.
            offset: How many lines come before the first.
            settings: Dotted names of settings whose values are read along.
            filters: Which runs (`leyden.store.listing.RunFilters`).
        """
        query = select_page(sort, descending, limit, offset, settings, filters)
        with reading(self._engine) as connection:
            return rows_of(connection, query)

    def count(self, **filters: Unpack[RunFilters]) -> int:
        """Number of runs that `list` would return without a limit."""
        query = select(func.count()).select_from(select_ids(filters).subquery())
        with reading(self._engine) as connection:
            return int(connection.execute(query).scalar_one())

    def facets(self) -> RunFacets:
        """What the list can be filtered by, each with its number of runs."""
        with reading(self._engine) as connection:
            return facets_of(connection)

    def continue_training(self, run_id: str, *, epochs: int | None = None) -> Run:
        """Queues a further attempt from the last checkpoint; `epochs` is the new total, None keeps it.

        A new total becomes the run's setting: what compares or clones it must not take it for a shorter one.

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
            if epochs is not None:
                _set_epochs(connection, run_id, epochs)
            add_training(
                connection,
                run_id,
                payload=job.payload,
                wanted_device=job.wanted_device,
                num_devices=job.num_devices,
                attempt=job.attempt + 1,
                start_step=job.saved_step,
                saved_step=job.saved_step,
            )
        return self.get(run_id)

    def split_hashes(self) -> set[str]:
        """The splits that runs were trained on."""
        with reading(self._engine) as connection:
            return set(connection.execute(select(runs.c.split_hash).distinct()).scalars())

    def rename(self, run_id: str, name: str) -> None:
        """Gives a run another name."""
        self._update([run_id], name=name)

    def set_note(self, run_id: str, note: str) -> None:
        """Keeps a remark with a run; empty for none."""
        self._update([run_id], note=note.strip())

    def set_starred(self, run_ids: Sequence[str], is_starred: bool) -> None:
        """Marks runs as worth finding again, or takes the mark away; ids that are not there are left out."""
        self._update(run_ids, is_starred=is_starred)

    def add_tags(self, run_ids: Sequence[str], tags: Sequence[str]) -> None:
        """Gives each of these runs each of these tags; ids that are not there are left out.

        Raises:
            StoreError: `tag_unfit` for a tag that is empty, long, or holds a comma.
        """
        fit = [fit_tag(tag) for tag in tags]
        with writing(self._engine) as connection:
            present = connection.execute(select(runs.c.id).where(runs.c.id.in_(run_ids))).scalars().all()
            known = tags_of(connection, present)
            new = [
                {"run_id": run_id, "tag": tag}
                for run_id in present
                for tag in dict.fromkeys(fit)
                if tag not in known.get(run_id, ())
            ]
            if new:
                connection.execute(insert(run_tags), new)

    def remove_tags(self, run_ids: Sequence[str], tags: Sequence[str]) -> None:
        """Takes these tags away from these runs."""
        query = delete(run_tags).where(run_tags.c.run_id.in_(run_ids), run_tags.c.tag.in_(tags))
        with writing(self._engine) as connection:
            connection.execute(query)

    def _update(self, run_ids: Sequence[str], **values: object) -> None:
        with writing(self._engine) as connection:
            changed = connection.execute(update(runs).where(runs.c.id.in_(run_ids)).values(**values)).rowcount
        if len(run_ids) == 1 and not changed:
            raise StoreError("run_unknown", run=run_ids[0])

    def set_num_parameters(self, run_id: str, job_id: int, num_parameters: int) -> None:
        """Notes the size of the network; refused for a superseded attempt."""
        with writing(self._engine) as connection:
            require_attempt(connection, job_id, run_id)
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


def _next_number(connection: Connection) -> int:
    """One more than any run has had: a deleted run's number stands in notes and reports, and means no other run."""
    given = connection.execute(select(settings.c.value).where(settings.c.name == NUMBERS)).scalar() or {}
    highest = connection.execute(select(func.max(runs.c.number))).scalar() or 0
    number = int(max(highest, given.get("run", 0))) + 1
    connection.execute(delete(settings).where(settings.c.name == NUMBERS))
    connection.execute(insert(settings).values(name=NUMBERS, value={"run": number}))
    return number


def fit_tag(tag: str) -> str:
    """A tag as it is kept: without blanks around it.

    Raises:
        StoreError: `tag_unfit` when it is empty, long, or holds the comma that separates tags.
    """
    fit = " ".join(tag.split())
    if not fit or len(fit) > MAX_TAG or "," in fit:
        raise StoreError("tag_unfit", tag=fit[: 2 * MAX_TAG], longest=MAX_TAG)
    return fit


def _set_epochs(connection: Connection, run_id: str, epochs: int) -> None:
    query = (
        select(runs.c.name, runs.c.spec, datasets.c.name.label("data")).join(datasets).where(runs.c.id == run_id)
    )
    row = connection.execute(query).one()
    before = Spec.model_validate(row.spec)
    spec = before.model_copy(update={"optimisation": before.optimisation.model_copy(update={"epochs": epochs})})
    values = {"spec": spec.model_dump(mode="json"), "fingerprint": spec.fingerprint}
    name = renamed_for_epochs(row.name, row.data, before, epochs)
    connection.execute(update(runs).where(runs.c.id == run_id).values(name=name, **values))
