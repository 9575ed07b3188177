"""Several processes that train one run together, by Lightning's DDP: how they meet, and what they tell each other.

Each takes its share of the rows of every micro-batch, and DDP averages the gradients: the step is that of one process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import Tensor, distributed, nn

from leyden.jobs.context import JobContext
from lightning_modules.data.plan import portion
from lightning_modules.devices import Device

TIMEOUT = timedelta(days=1)
"""A rank may decode pictures for hours while the others wait. One that dies is noticed by its lock."""


@dataclass(frozen=True)
class Ranks:
    """This process's place among those that train a run; one alone is rank 0 of 1."""

    rank: int = 0
    num: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this is the rank that writes: metrics, checkpoints, report."""
        return self.rank == 0

    @property
    def are_several(self) -> bool:
        """Whether there is anybody to talk to."""
        return self.num > 1

    def portion(self, num_rows: int) -> tuple[int, int, int]:
        """Where this rank's share of a batch begins and ends, and how many of its rows count."""
        return portion(num_rows, self.rank, self.num)

    def add_up(self, *values: float) -> list[float]:
        """The sums over all ranks of each one's values; all ranks must call this at the same point."""
        if not self.are_several:
            return list(values)
        tensor = torch.tensor(values, dtype=torch.float64)
        distributed.all_reduce(tensor)
        return [float(value) for value in tensor]

    def gather(self, rows: Tensor) -> Tensor:
        """The rows of all ranks, in the order of ranks; they may differ in number.

        Shape:
            rows (B_r, ...), returns (sum of B_r, ...).
        """
        if not self.are_several:
            return rows
        sizes = self.add_up(*(len(rows) if rank == self.rank else 0 for rank in range(self.num)))
        padded = rows.new_zeros(int(max(sizes)), *rows.shape[1:])
        padded[: len(rows)] = rows
        parts = [torch.empty_like(padded) for _rank in range(self.num)]
        distributed.all_gather(parts, padded)
        return torch.cat([part[: int(size)] for part, size in zip(parts, sizes, strict=True)])

    def wait(self) -> None:
        """Waits until all ranks are here."""
        self.add_up(0.0)

    def align_buffers(self, module: nn.Module) -> None:
        """Gives every rank the buffers of rank 0: the running statistics of batch normalisation."""
        if self.are_several:
            for buffer in module.buffers():
                distributed.broadcast(buffer, src=0)


@contextmanager
def joined(context: JobContext, device: Device) -> Iterator[Ranks]:
    """Meets the other processes of a job for as long as they train together."""
    crew = context.crew
    if crew is None:
        yield Ranks()
        return
    if device.accelerator == "gpu":
        torch.cuda.set_device(device.torch)
    # Counts and flags go by gloo, which does not make a GPU wait. They meet at a file: a port would be open to others.
    distributed.init_process_group(
        "cpu:gloo,cuda:nccl" if device.accelerator == "gpu" else "gloo",
        init_method=context.home.meeting_point(crew.job_id).absolute().as_uri(),
        rank=crew.rank,
        world_size=crew.size,
        timeout=TIMEOUT,
    )
    yield Ranks(crew.rank, crew.size)
    # Not after an error: the others may never come.
    distributed.barrier()
    distributed.destroy_process_group()
