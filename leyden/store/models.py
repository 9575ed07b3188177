"""Models in the store: things that predict, their parents, and their files with checksums."""

import time
from typing import Any

from sqlalchemy import Engine, RowMapping, delete, insert, select

from leyden.store.connection import reading, writing
from leyden.store.listing import conditions
from leyden.store.records import ModelRow, StoredModel
from leyden.store.schema import datasets, models, reports, runs

MOST_LISTED = 500


class Models:
    """The models table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, model_id: str, *, kind: str, run_id: str | None, files: dict[str, dict[str, Any]]) -> None:
        """Records a model, instead of an earlier one of the same id.

        Args:
            model_id: For a run's own model, the run's id.
            kind: `run` for a trained run's best checkpoint.
            run_id: The run it came from.
            files: Name to `{"path": relative to the workspace, "sha256": ..., "bytes": ...}`.
        """
        values: dict[str, Any] = {"id": model_id, "kind": kind, "run_id": run_id, "parents": [], "files": files}
        with writing(self._engine) as connection:
            connection.execute(delete(models).where(models.c.id == model_id))
            connection.execute(insert(models).values(created_at=time.time(), **values))

    def list(self, *, search: str = "", limit: int = MOST_LISTED) -> list[ModelRow]:
        """Models of runs with their validation figures, newest first.

        Args:
            search: As of runs.
            limit: Of more models, the newest are in the list, and as many starred ones.
        """
        query = _NEWEST_FIRST.where(*conditions({"search": search})).limit(limit)
        with reading(self._engine) as connection:
            rows = [
                *connection.execute(query).mappings(),
                *connection.execute(query.where(runs.c.is_starred)).mappings(),
            ]
        found = {row["id"]: _model_row(row) for row in rows}
        return sorted(found.values(), key=lambda row: row.created_at, reverse=True)

    def newest(self) -> ModelRow | None:
        """The first line of `list`, or None when there is no model."""
        with reading(self._engine) as connection:
            row = connection.execute(_NEWEST_FIRST.limit(1)).mappings().first()
        return _model_row(row) if row else None

    def find(self, model_id: str) -> ModelRow | None:
        """One line of `list`, or None when there is no such model."""
        with reading(self._engine) as connection:
            row = connection.execute(_ROWS.where(models.c.id == model_id)).mappings().first()
        return _model_row(row) if row else None

    def get(self, model_id: str) -> StoredModel | None:
        """The model of this id, or None."""
        with reading(self._engine) as connection:
            row = connection.execute(select(models).where(models.c.id == model_id)).mappings().first()
        return StoredModel(**row) if row else None


_ROWS = (
    select(
        models.c.id,
        models.c.run_id,
        runs.c.number,
        runs.c.name,
        runs.c.dataset_id,
        datasets.c.name.label("dataset_name"),
        runs.c.task,
        runs.c.target,
        runs.c.architecture,
        runs.c.is_starred,
        reports.c.headline,
        reports.c.figures,
        models.c.created_at,
    )
    .join(runs, runs.c.id == models.c.run_id)
    .join(datasets, datasets.c.id == runs.c.dataset_id)
    .outerjoin(reports, (reports.c.run_id == runs.c.id) & (reports.c.part == "val"))
)
_NEWEST_FIRST = _ROWS.order_by(models.c.created_at.desc())


def _model_row(row: RowMapping) -> ModelRow:
    return ModelRow(**{**row, "figures": row["figures"] or {}})
