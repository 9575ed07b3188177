"""Reports and openings of test rows in the store; a report's sections lie in its run's folder."""

import time

from sqlalchemy import Engine, delete, func, insert, select

from leyden.datasets.profile import Part
from leyden.store.connection import reading, writing
from leyden.store.records import Run, StoredReport
from leyden.store.schema import openings, reports


class Reports:
    """The reports and openings tables."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, run_id: str, part: Part, *, headline: str, figures: dict[str, float], num_rows: int) -> None:
        """Records a report's figures, instead of an earlier report of the same run and part."""
        values = {
            "run_id": run_id,
            "part": part,
            "headline": headline,
            "figures": figures,
            "num_rows": num_rows,
            "created_at": time.time(),
        }
        with writing(self._engine) as connection:
            connection.execute(delete(reports).where(reports.c.run_id == run_id, reports.c.part == part))
            connection.execute(insert(reports).values(**values))

    def get(self, run_id: str, part: Part) -> StoredReport | None:
        """The report of a run on a part, or None when there is none yet."""
        query = select(reports).where(reports.c.run_id == run_id, reports.c.part == part)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        return StoredReport(**{key: row[key] for key in StoredReport.model_fields}) if row else None

    def remove(self, run_id: str, part: Part) -> None:
        """Forgets a report, because the run was trained on since."""
        with writing(self._engine) as connection:
            connection.execute(delete(reports).where(reports.c.run_id == run_id, reports.c.part == part))

    def count_opening(self, run: Run) -> int:
        """Counts one more opening of a run's test rows.

        Returns:
            How often they have been opened by now, across all runs.
        """
        dataset_id, split_hash = run.sealed
        values = {"dataset_id": dataset_id, "split_hash": split_hash, "run_id": run.id}
        with writing(self._engine) as connection:
            connection.execute(insert(openings).values(opened_at=time.time(), **values))
        return self.num_openings(dataset_id, split_hash)

    def num_openings(self, dataset_id: str, split_hash: str) -> int:
        """How often these test rows (`Run.sealed` names them) have been opened, across all runs."""
        query = (
            select(func.count())
            .select_from(openings)
            .where(openings.c.dataset_id == dataset_id, openings.c.split_hash == split_hash)
        )
        with reading(self._engine) as connection:
            return int(connection.execute(query).scalar_one())
