"""How the rows of an epoch become steps: plain arithmetic, the same in every epoch.

A step is one move of the optimiser. Its rows may come in several micro-batches, whose gradients are added up with
the share of rows that each has: the step is that of one large batch, whatever the parts (batch normalisation
excepted, which sees a micro-batch at a time).
"""

from dataclasses import dataclass
from itertools import pairwise

from leyden.spec.model import Optimisation
from leyden.spec.steps import portion_bounds, step_bounds

MICRO_BYTES = 64 * 2**20
MICRO_ROWS = 16_384
"""Full-batch descent goes through rows in portions of at most this size."""


@dataclass(frozen=True, slots=True)
class MicroBatch:
    """Rows [start, stop) of an epoch's order, and their share of the rows of their step."""

    start: int
    stop: int
    share: float
    ends_step: bool
    is_counted: bool = True
    """Whether its rows count for what is measured; their share is 0 where they do not."""


def portion(num_rows: int, rank: int, num_ranks: int) -> tuple[int, int, int]:
    """A rank's share of the rows of a batch: where it begins and ends, and how many of its rows count.

    No share is of a single row, which batch normalisation refuses. A rank that is left without any computes the first
    rows along, because all ranks must take part in every step; they count for nothing.
    """
    num_sharing = min(num_ranks, max(1, num_rows // 2))
    if rank >= num_sharing:
        return 0, min(2, num_rows), 0
    start, stop = rank * num_rows // num_sharing, (rank + 1) * num_rows // num_sharing
    return start, stop, stop - start


@dataclass(frozen=True)
class Plan:
    """The micro-batches of one epoch, and where each step begins among them."""

    num_rows: int
    micro_batches: tuple[MicroBatch, ...]
    step_starts: tuple[int, ...]

    @property
    def num_steps(self) -> int:
        """Steps per epoch."""
        return len(self.step_starts)

    @property
    def micro_rows(self) -> int:
        """Rows of a full micro-batch."""
        return self.micro_batches[0].stop


def plan_epoch(num_rows: int, optimisation: Optimisation, row_bytes: int) -> Plan:
    """The plan for `num_rows` training rows of `row_bytes` bytes each."""
    if optimisation.batch_size == "all":
        micro_rows = max(32, min(MICRO_ROWS, MICRO_BYTES // max(1, row_bytes)))
    else:
        micro_rows = optimisation.batch_size
    micro_batches: list[MicroBatch] = []
    step_starts = []
    for start, stop in pairwise(step_bounds(num_rows, optimisation)):
        step_starts.append(len(micro_batches))
        for first, last in pairwise(portion_bounds(start, stop, micro_rows)):
            micro_batches.append(MicroBatch(first, last, (last - first) / (stop - start), last == stop))
    return Plan(num_rows, tuple(micro_batches), tuple(step_starts))
