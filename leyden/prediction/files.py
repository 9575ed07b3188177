"""Files brought for prediction, and what came of them.

An uploaded file goes as soon as it was read; the answers to it stay for a day, or until somebody removes them.
"""

import contextlib
import shutil
import time
from pathlib import Path

from pydantic import Field

from leyden.datasets.profile import Histogram
from leyden.home import Home
from leyden.records import Record
from leyden.store.records import Job
from leyden.store.store import Store

OUT = "predictions.csv"
KEPT_S = 24 * 3600
KIND = "predict"


class OutsideCount(Record):
    """How many rows differ in one way from all that was seen in training, and the first of them as a sentence."""

    column: str
    code: str
    num_rows: int
    example: str
    first_row: int | None = Field(None, description="Whose example it is, counted from 1")


class FileAnswers(Record):
    """What came of a file, in short: the result of a `predict` job."""

    rows: int
    unanswered: int = Field(0, description="Rows without an answer: pictures or documents that cannot be read")
    columns: tuple[str, ...] = Field((), description="Of the preview")
    preview: tuple[tuple[str | float | None, ...], ...] = Field(
        (), description="The first rows with their answers"
    )
    classes: dict[str, int] = Field(default_factory=dict, description="Rows by predicted class, most first")
    histogram: Histogram | None = Field(None, description="Of predicted numbers")
    outside: tuple[OutsideCount, ...] = ()


def answers_file(home: Home, job: Job) -> Path | None:
    """Where the answers of a job are, or will be; None for one that wrote elsewhere."""
    out = Path(str(job.payload.get("out", "")))
    is_ours = job.kind == KIND and out.parent.parent == home.predictions.resolve()
    return out if is_ours else None


def discard(home: Home, job: Job) -> None:
    """Removes the answers of an ended job, with what is left of its upload."""
    out = answers_file(home, job)
    if out is not None and not job.is_active:
        shutil.rmtree(out.parent, ignore_errors=True)


def remove_old(home: Home, store: Store, kept_s: float = KEPT_S) -> None:
    """Removes what has not changed for `kept_s` seconds and no waiting or running job reads."""
    active = store.jobs.list(kinds=(KIND,), limit=10_000)
    in_use = {out.parent for job in active if (out := answers_file(home, job))}
    for folder in set(home.predictions.resolve().iterdir()) - in_use:
        # Others remove at the same time, and write: what goes away during the look is left to them.
        with contextlib.suppress(FileNotFoundError):
            newest = max(entry.stat().st_mtime for entry in (folder, *folder.glob("*")))
            if newest < time.time() - kept_s:
                shutil.rmtree(folder, ignore_errors=True)
