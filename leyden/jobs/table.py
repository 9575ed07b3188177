"""The job table: what kinds of work there are, and which function does each.

Adding a kind of job is one entry here. A `device` job gets a device of its own and a process of its own, which
ends with it; `light` jobs run one after another beside them; `idle` jobs, one at a time, take what the others leave
of the processors.
"""

from dataclasses import dataclass
from typing import Literal

Lane = Literal["device", "light", "idle"]


@dataclass(frozen=True)
class JobKind:
    """One kind of work."""

    name: str
    lane: Lane
    function: str
    """`package.module:function`, called with a `JobContext`; returns the job's result as JSON-able dict."""
    needs_torch: bool
    trains_run: bool = False
    """An attempt at training its run: it decides the run's state, writes its log, and owns its folder."""
    is_background: bool = False
    """Done for a page, not for a person: not worth showing, and forgotten after a day."""


JOB_KINDS: dict[str, JobKind] = {
    kind.name: kind
    for kind in (
        JobKind("train", "device", "lightning_modules.work:train", needs_torch=True, trains_run=True),
        JobKind("evaluate", "light", "lightning_modules.work:evaluate", needs_torch=True),
        JobKind("predict", "light", "lightning_modules.work:predict", needs_torch=True),
        JobKind("measure", "light", "lightning_modules.work:measure", needs_torch=True, is_background=True),
        JobKind(
            "baselines",
            "idle",
            "lightning_modules.baselines.work:train_baselines",
            needs_torch=False,
            is_background=True,
        ),
        JobKind("ingest", "light", "leyden.datasets.ingest:ingest_job", needs_torch=False),
    )
}
