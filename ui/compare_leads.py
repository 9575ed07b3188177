"""By how much one run is ahead of another on the rows that both were judged on; kept, for the page asks often."""

from collections.abc import Mapping
from functools import lru_cache

from leyden.datasets.profile import Part
from leyden.reports.model import Interval
from leyden.reports.paired import paired_differences
from leyden.run_folder import predictions_file
from ui import state
from ui.report_rows import outcomes_in

PART: Part = "val"


def differences(first: str, second: str) -> Mapping[str, Interval]:
    """Intervals of the first run's figures minus the second's, by metric name; none where predictions are missing."""
    try:
        return _differences(_judged(first), _judged(second))
    except (OSError, ValueError):  # They are gone, or no Parquet file of Leyden's.
        return {}


def _judged(run_id: str) -> tuple[str, int]:
    path = state.home().run(run_id) / predictions_file(PART)
    return str(path.parent), path.stat().st_mtime_ns


@lru_cache(maxsize=1024)
def _differences(first: tuple[str, int], second: tuple[str, int]) -> Mapping[str, Interval]:
    return paired_differences(*(outcomes_in(folder, PART, written_at) for folder, written_at in (first, second)))
