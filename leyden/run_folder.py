"""What the files in a run's folder are called: who writes, reads or hands one out takes its name from here."""

from pathlib import Path

from leyden.datasets.profile import Part

BEST = "best.ckpt"
"""The epoch with the lowest validation loss, with everything that predicting takes."""
LAST, LAST_BEFORE = "last.ckpt", "last-1.ckpt"
"""What a resumed run goes on from, and what it goes on from should that be damaged."""
WEIGHTS = "weights.safetensors"
"""The best weights alone."""
SIGNATURE = "model.json"
"""What the model asks for and what it answers."""
ROWS = "rows.pt"
"""What several processes train on, for as long as it takes them to map it."""
SPEC = "spec.json"
LOG = "log.txt"
"""What the training printed."""


def can_go_on(folder: Path) -> bool:
    """Whether a run's folder holds what a resumed run goes on from."""
    return any((folder / name).is_file() for name in (LAST, LAST_BEFORE))


def report_file(part: Part) -> str:
    """A part's report."""
    return f"report-{part}.json"


def report_page(part: Part) -> str:
    """The same as one page to keep; it is made when somebody takes it."""
    return f"report-{part}.html"


def predictions_file(part: Part) -> str:
    """A part's predictions keyed by row id, Parquet."""
    return f"predictions-{part}.parquet"


def predictions_table(part: Part) -> str:
    """The same for people, CSV, with row numbers from 1."""
    return f"predictions-{part}.csv"
