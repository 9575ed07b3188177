"""Baselines in the store: what simple models reach on the rows of a run, trained once for all runs that ask the same.

`Run.question` is the key that runs share. Those of test rows are there only once somebody has opened these.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from leyden.datasets.profile import Part
from leyden.store.connection import reading, writing
from leyden.store.records import StoredBaseline
from leyden.store.schema import baselines


class Baselines:
    """The baselines table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, dataset_id: str, baseline: StoredBaseline) -> None:
        """Records one baseline on a dataset, instead of an earlier one of its key, part and name."""
        values = {**baseline.model_dump(), "dataset_id": dataset_id, "created_at": time.time()}
        same = (getattr(baselines.c, field) == values[field] for field in ("key", "part", "name"))
        with writing(self._engine) as connection:
            connection.execute(delete(baselines).where(*same))
            connection.execute(insert(baselines).values(**values))

    def list(self, key: str, part: Part) -> list[StoredBaseline]:
        """The baselines of a question, in the order in which they were trained: the simplest first."""
        return [*self.of((key,), part).get(key, ())]

    def of(self, keys: Collection[str], part: Part) -> Mapping[str, Sequence[StoredBaseline]]:
        """Baselines by question, those without any left out: one look for a whole comparison."""
        query = (
            select(baselines).where(baselines.c.key.in_(keys), baselines.c.part == part).order_by(baselines.c.id)
        )
        found: dict[str, Any] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(query).mappings():
                baseline = StoredBaseline(**{name: row[name] for name in StoredBaseline.model_fields})
                found.setdefault(baseline.key, []).append(baseline)
        return found
