"""By how much a run is ahead of another, or of a baseline, on the rows that both were judged on. No torch.

Read from the answers on disk, and kept: pages ask for it each time they are drawn.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from leyden.home import Home
from leyden.reports.model import Headline, Interval, Report
from leyden.reports.outcomes import kept_outcomes
from leyden.reports.paired import paired_differences
from leyden.reports.rivals import Rival, headline_rival
from leyden.run_folder import predictions_file
from leyden.store.records import Run

Lead = Mapping[str, Interval]
"""95 % intervals of one model's figures minus another's, by metric name; empty where answers of one are missing."""


class _Answers(NamedTuple):
    path: Path
    target: str
    classes: tuple[str, ...] | None
    written_at: int


def lead_over_run(home: Home, report: Report, other: Report) -> Lead:
    """The figures of one run minus another's."""
    return _lead(report, home.run(report.run), home.run(other.run) / predictions_file(other.part))


def lead_over_baseline(home: Home, run: Run, report: Report, name: str) -> Lead:
    """The figures of a run minus a baseline's."""
    answers = home.baseline_answers(run.dataset_id, run.question, report.part, name)
    return _lead(report, home.run(run.id), answers)


def with_lead(rivals: Sequence[Rival], home: Home, run: Run, report: Report) -> tuple[Rival, ...]:
    """The baselines of a report, the best one with the run's lead over it."""
    headline = next((section for section in report.sections if isinstance(section, Headline)), None)
    best = headline_rival(headline, rivals) if headline else None
    if best is None:
        return tuple(rivals)
    lead = dict(lead_over_baseline(home, run, report, best.name))
    return tuple(one.model_copy(update={"lead": lead}) if one is best else one for one in rivals)


def _lead(report: Report, folder: Path, other: Path) -> Lead:
    paths = (folder / predictions_file(report.part), other)
    try:
        return _kept(*(_Answers(path, report.target, report.classes, path.stat().st_mtime_ns) for path in paths))
    except (OSError, ValueError):  # They are gone, or no Parquet file of Leyden's.
        return {}


@lru_cache(maxsize=1024)
def _kept(first: _Answers, second: _Answers) -> Lead:
    return paired_differences(*(kept_outcomes(one.path, one.target, one.classes) for one in (first, second)))
