"""Models in the store: things that predict, their parents, and their files with checksums."""

import time
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from leyden.store.connection import reading, writing
from leyden.store.records import StoredModel
from leyden.store.schema import models


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

    def get(self, model_id: str) -> StoredModel | None:
        """The model of this id, or None."""
        with reading(self._engine) as connection:
            row = connection.execute(select(models).where(models.c.id == model_id)).mappings().first()
        return StoredModel(**row) if row else None
