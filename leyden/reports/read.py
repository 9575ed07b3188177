"""Reads a run's report."""

from functools import lru_cache
from pathlib import Path

from leyden.datasets.profile import Part
from leyden.home import Home
from leyden.reports.model import Report
from leyden.run_folder import report_file
from leyden.store.store import Store


def read_report(home: Home, store: Store, run_id: str, part: Part) -> Report | None:
    """The report of a run on a part, or None while there is none that the store knows of."""
    if store.reports.get(run_id, part) is None:
        return None
    path = home.run(run_id) / report_file(part)
    return _parse(path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=64)
def _parse(path: Path, _written_at: int) -> Report:
    return Report.model_validate_json(path.read_bytes())
