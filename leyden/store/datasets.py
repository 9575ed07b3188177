"""Datasets in the store: names, chosen kinds, what uses them."""

import time
from collections import Counter
from itertools import chain, count
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update

from leyden.datasets.profile import ColumnKind, Profile
from leyden.errors import StoreError
from leyden.store.connection import reading, writing
from leyden.store.records import Dataset
from leyden.store.schema import baselines, datasets, runs

_TEST_ROWS_FROM = runs.c.spec["data"]["test_dataset"].as_string()


class Datasets:
    """The datasets table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        dataset_id: str,
        *,
        name: str,
        profile: Profile,
        size_bytes: int,
        kinds: dict[str, ColumnKind] | None = None,
        parent_id: str | None = None,
        recipe: dict[str, Any] | None = None,
    ) -> Dataset:
        """Records a dataset. One that is there already keeps its name; chosen kinds are added to its own.

        A name that another dataset has gets a number, as a file's copy would: `penguins (2)`.
        """
        with writing(self._engine) as connection:
            found = connection.execute(select(datasets.c.kinds).where(datasets.c.id == dataset_id)).first()
            if found is None:
                parent = select(datasets.c.id).where(datasets.c.id == parent_id)
                values = {
                    "id": dataset_id,
                    "name": _free_name(connection, name),
                    "layout": profile.layout,
                    "num_rows": profile.num_rows,
                    "num_columns": len(profile.columns),
                    "size_bytes": size_bytes,
                    "kinds": dict(kinds or {}),
                    "parent_id": connection.execute(parent).scalar(),  # it may have been deleted meanwhile
                    "recipe": recipe,
                    "created_at": time.time(),
                }
                connection.execute(insert(datasets).values(**values))
            elif kinds:
                merged = {**found.kinds, **kinds}
                connection.execute(update(datasets).where(datasets.c.id == dataset_id).values(kinds=merged))
        return self.get(dataset_id)

    def get(self, dataset_id: str) -> Dataset:
        """The dataset of this id.

        Raises:
            StoreError: `dataset_unknown`.
        """
        with reading(self._engine) as connection:
            row = connection.execute(select(datasets).where(datasets.c.id == dataset_id)).mappings().first()
        if row is None:
            raise StoreError("dataset_unknown", dataset=dataset_id)
        return _dataset(row)

    def list(self) -> list[Dataset]:
        """All datasets, newest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(datasets).order_by(datasets.c.created_at.desc())).mappings().all()
        return [_dataset(row) for row in rows]

    def num_runs(self) -> dict[str, int]:
        """Number of runs of each dataset that has any, for training or as separate test rows."""
        counts: Counter[str] = Counter()
        with reading(self._engine) as connection:
            for column in (runs.c.dataset_id, _TEST_ROWS_FROM):
                query = select(column, func.count()).where(column.is_not(None)).group_by(column)
                counts.update({row[0]: row[1] for row in connection.execute(query)})
        return dict(counts)

    def rename(self, dataset_id: str, name: str) -> None:
        """Gives a dataset another name.

        Raises:
            StoreError: `dataset_name_taken`: another one has it; `dataset_unknown`.
        """
        with writing(self._engine) as connection:
            others = select(datasets.c.id).where(datasets.c.name == name, datasets.c.id != dataset_id)
            if connection.execute(others).first():
                raise StoreError("dataset_name_taken", name=name)
            _update(connection, dataset_id, name=name)

    def set_kinds(self, dataset_id: str, kinds: dict[str, ColumnKind]) -> None:
        """Replaces the kinds that a person chose instead of the inferred ones."""
        with writing(self._engine) as connection:
            _update(connection, dataset_id, kinds=dict(kinds))

    def set_kind(self, dataset_id: str, column: str, kind: ColumnKind | None) -> None:
        """Changes the kind that a person chose for one column; None goes back to the inferred one.

        Raises:
            StoreError: `dataset_unknown`.
        """
        with writing(self._engine) as connection:
            found = connection.execute(select(datasets.c.kinds).where(datasets.c.id == dataset_id)).first()
            if found is None:
                raise StoreError("dataset_unknown", dataset=dataset_id)
            kinds = {name: chosen for name, chosen in found.kinds.items() if name != column}
            kinds |= {} if kind is None else {column: kind}
            connection.execute(update(datasets).where(datasets.c.id == dataset_id).values(kinds=kinds))

    def delete(self, dataset_id: str) -> None:
        """Removes the record; its files are the caller's to remove.

        Raises:
            StoreError: `dataset_in_use` while runs refer to it, `dataset_unknown`.
        """
        with writing(self._engine) as connection:
            is_used = (runs.c.dataset_id == dataset_id) | _TEST_ROWS_FROM.in_([dataset_id])
            query = select(func.count()).select_from(runs).where(is_used)
            num_runs = connection.execute(query).scalar_one()
            if num_runs:
                raise StoreError("dataset_in_use", dataset=dataset_id, runs=num_runs)
            orphans = update(datasets).where(datasets.c.parent_id == dataset_id)
            connection.execute(orphans.values(parent_id=None))
            connection.execute(delete(baselines).where(baselines.c.dataset_id == dataset_id))
            deleted = connection.execute(delete(datasets).where(datasets.c.id == dataset_id)).rowcount
        if not deleted:
            raise StoreError("dataset_unknown", dataset=dataset_id)


def _update(connection: Connection, dataset_id: str, **values: object) -> None:
    query = update(datasets).where(datasets.c.id == dataset_id).values(**values)
    if not connection.execute(query).rowcount:
        raise StoreError("dataset_unknown", dataset=dataset_id)


def _free_name(connection: Connection, name: str) -> str:
    taken = set(connection.execute(select(datasets.c.name)).scalars())
    numbered = (f"{name} ({number})" for number in count(2))
    return next(free for free in chain([name], numbered) if free not in taken)


def _dataset(row: RowMapping) -> Dataset:
    return Dataset(**row)
