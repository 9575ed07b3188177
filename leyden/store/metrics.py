"""Metrics in the store: points in the order they came, so that a reader asks only for what is new."""

from collections.abc import Sequence

from sqlalchemy import Engine, delete, func, insert, select, update

from leyden.store.connection import reading, writing
from leyden.store.job_rows import require_attempt
from leyden.store.records import Point
from leyden.store.schema import metrics, runs


class Metrics:
    """The metrics table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin_attempt(self, run_id: str, job_id: int, start_step: int) -> None:
        """Deletes the points after `start_step` and raises the run's generation, in one transaction.

        Raises:
            StoreError: `superseded` when the job is not the run's running attempt.
        """
        with writing(self._engine) as connection:
            require_attempt(connection, job_id, run_id)
            connection.execute(delete(metrics).where(metrics.c.run_id == run_id, metrics.c.step > start_step))
            query = update(runs).where(runs.c.id == run_id).values(generation=runs.c.generation + 1)
            connection.execute(query)

    def write(self, run_id: str, job_id: int, points: Sequence[Point]) -> None:
        """Adds points, all or none.

        Raises:
            StoreError: `superseded` for an old attempt; `store_unavailable` when nothing was written and the
                caller should keep the points and try again.
        """
        if not points:
            return
        rows = [{"run_id": run_id, **point.model_dump()} for point in points]
        with writing(self._engine) as connection:
            require_attempt(connection, job_id, run_id)
            connection.execute(insert(metrics), rows)

    def read(
        self, run_id: str, *, after: int = 0, names: Sequence[str] | None = None, limit: int | None = None
    ) -> tuple[list[Point], int]:
        """Points that came after the position `after`, in order, and the new position.

        Start with 0; start again with 0 when the run's generation has changed. `limit` is the most points that
        are wanted at once.
        """
        query = select(metrics).where(metrics.c.run_id == run_id, metrics.c.id > after).order_by(metrics.c.id)
        query = query.limit(limit)
        if names:
            query = query.where(metrics.c.name.in_(names))
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        points = [
            Point.model_construct(name=row.name, step=row.step, epoch=row.epoch, value=row.value, time=row.time)
            for row in rows
        ]
        return points, rows[-1].id if rows else after

    def began(self, run_id: str) -> float | None:
        """When the first point of a run came, in Unix seconds; None before."""
        query = select(metrics.c.time).where(metrics.c.run_id == run_id).order_by(metrics.c.id).limit(1)
        with reading(self._engine) as connection:
            time: float | None = connection.execute(query).scalar()
        return time

    def last(self, run_id: str) -> dict[str, Point]:
        """The newest point of each metric of a run."""
        newest = select(func.max(metrics.c.id)).where(metrics.c.run_id == run_id).group_by(metrics.c.name)
        with reading(self._engine) as connection:
            rows = connection.execute(select(metrics).where(metrics.c.id.in_(newest))).mappings().all()
        return {row["name"]: Point(**{key: row[key] for key in Point.model_fields}) for row in rows}

    def series(self, run_ids: Sequence[str], name: str) -> dict[str, list[float]]:
        """The values of one metric for several runs, in step order: what sparklines are drawn from."""
        query = (
            select(metrics.c.run_id, metrics.c.value)
            .where(metrics.c.run_id.in_(run_ids), metrics.c.name == name)
            .order_by(metrics.c.run_id, metrics.c.step)
        )
        values: dict[str, list[float]] = {}
        with reading(self._engine) as connection:
            for run_id, value in connection.execute(query):
                values.setdefault(run_id, []).append(value)
        return values
