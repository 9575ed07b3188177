"""What the data module hands to the Trainer: chunks of several micro-batches, sliced from tensors by index.

No `DataLoader`: for rows in memory its machinery costs more than a small network's step. Lightning's own cost per
call is shared by the micro-batches of a chunk. Chunks follow the plan: their size never changes a result.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import torch
from torch import Tensor

from lightning_modules.data.plan import MicroBatch, Plan, portion
from lightning_modules.data.stored import StoredTensors, Tensors, lengths_of, row_bytes, take

CHUNK_BYTES = 64 * 2**20
QUICK_S = 0.03
SLOW_S = 0.12
MAX_MICRO_BATCHES = 128
BUCKETED = 32
"""Micro-batches whose rows are sorted by length together."""


@dataclass
class Position:
    """How far a training is. Shared by the module, which moves it, and the batches, which start from it."""

    epoch: int = 0
    """Epochs completed."""
    step_in_epoch: int = 0
    step: int = 0
    """Steps of the optimiser since the very start."""


@dataclass
class Pace:
    """How many micro-batches make a chunk: one at first, so that the first point comes at once, then as many as
    take a few hundredths of a second."""

    num_micro_batches: int = 1

    def note(self, seconds: float) -> None:
        """Learns from the time that the last chunk took."""
        if seconds < QUICK_S:
            self.num_micro_batches = min(MAX_MICRO_BATCHES, 2 * self.num_micro_batches)
        elif seconds > SLOW_S:
            self.num_micro_batches = max(1, self.num_micro_batches // 2)


@dataclass(frozen=True)
class Batch:
    """Rows on their device: inputs, encoded target (B,), and random numbers (B, R) when training wants them."""

    inputs: Tensors
    target: Tensor
    random: Tensor | None = None

    def to(self, device: torch.device) -> Self:
        """The same rows on another device."""
        if self.target.device == device:
            return self
        inputs = {
            modality: {name: tensor.to(device) for name, tensor in tensors.items()}
            for modality, tensors in self.inputs.items()
        }
        random = None if self.random is None else self.random.to(device)
        return type(self)(inputs, self.target.to(device), random)

    def slice(self, start: int, stop: int) -> "Batch":
        """Rows [start, stop), without copying."""
        inputs = {
            modality: {name: tensor[start:stop] for name, tensor in tensors.items()}
            for modality, tensors in self.inputs.items()
        }
        return Batch(inputs, self.target[start:stop], None if self.random is None else self.random[start:stop])


@dataclass(frozen=True)
class Chunk:
    """Consecutive micro-batches of a plan, and their rows."""

    rows: Batch
    micro_batches: tuple[MicroBatch, ...]

    def to(self, device: torch.device) -> "Chunk":
        """The same chunk on another device; Lightning calls this."""
        return Chunk(self.rows.to(device), self.micro_batches)

    def __iter__(self) -> Iterator[tuple[MicroBatch, Batch]]:
        first = self.micro_batches[0].start
        for micro in self.micro_batches:
            yield micro, self.rows.slice(micro.start - first, micro.stop - first)


@dataclass(frozen=True)
class Rows:
    """All rows of a part: inputs, and encoded targets (N,)."""

    inputs: StoredTensors
    target: Tensor

    def __len__(self) -> int:
        return len(self.target)


@dataclass(frozen=True)
class TrainBatches:
    """The training rows in an order that seed and epoch decide, from the position that training has reached.

    Args:
        rows: The training rows.
        plan: Their steps.
        seed: The run's.
        num_random: Random numbers per row.
        position: Where to start; read when an epoch begins.
        rank: Which share of each micro-batch is wanted.
        num_ranks: In how many shares micro-batches are cut.
        pace: Chunk sizes.
    """

    rows: Rows
    plan: Plan
    seed: int
    num_random: int
    position: Position
    rank: int = 0
    num_ranks: int = 1
    pace: Pace = field(default_factory=Pace)

    def __iter__(self) -> Iterator[Chunk]:
        generator = torch.Generator().manual_seed(epoch_seed(self.seed, self.position.epoch))
        order = torch.randperm(len(self.rows), generator=generator)
        lengths = lengths_of(self.rows.inputs)
        if lengths is not None:
            order = bucketed(order, lengths, self.plan, generator)
        # Drawn per row and epoch, not per batch: a resumption does not change them, nor does the batch size unless
        # rows of like length are put together by it.
        random = torch.rand(len(order), self.num_random, generator=generator) if self.num_random else None
        micro_batches = self.plan.micro_batches
        next_one = self.plan.step_starts[self.position.step_in_epoch]
        while next_one < len(micro_batches):
            chosen = micro_batches[next_one : next_one + self._chunk_size()]
            next_one += len(chosen)
            rows, chosen = self._own(chosen)
            index = order[rows]
            inputs = take(self.rows.inputs, index)
            batch = Batch(inputs, self.rows.target[index], None if random is None else random[rows])
            yield Chunk(batch, chosen)

    def _own(self, chosen: tuple[MicroBatch, ...]) -> tuple[slice | Tensor, tuple[MicroBatch, ...]]:
        """Where this rank's rows of some micro-batches lie in the epoch's order, and the micro-batches of them alone.

        Their shares are scaled so that the mean of all ranks' gradients is the gradient of the whole.
        """
        if self.num_ranks == 1:
            return slice(chosen[0].start, chosen[-1].stop), chosen
        places, own, num_rows = [], [], 0
        for micro in chosen:
            size = micro.stop - micro.start
            start, stop, num_counted = portion(size, self.rank, self.num_ranks)
            places.append(torch.arange(micro.start + start, micro.start + stop))
            share = self.num_ranks * micro.share * num_counted / size
            own.append(MicroBatch(num_rows, num_rows + stop - start, share, micro.ends_step, num_counted > 0))
            num_rows += stop - start
        return torch.cat(places), tuple(own)

    def _chunk_size(self) -> int:
        largest = self.plan.micro_batches[0]
        micro_bytes = row_bytes(self.rows.inputs) * (largest.stop - largest.start)
        return min(self.pace.num_micro_batches, max(1, CHUNK_BYTES // max(1, micro_bytes)))


@dataclass(frozen=True)
class EvaluationBatches:
    """All rows of a part, in the order of `evaluation_order`."""

    rows: Rows
    batch_rows: int

    def __len__(self) -> int:
        return -(-len(self.rows) // self.batch_rows)

    def __iter__(self) -> Iterator[Batch]:
        for index in evaluation_order(self.rows.inputs, len(self.rows)).split(self.batch_rows):
            yield Batch(take(self.rows.inputs, index), self.rows.target[index])


def bucketed(order: Tensor, lengths: Tensor, plan: Plan, generator: torch.Generator) -> Tensor:
    """An order in which the rows of a micro-batch are about equally long, so that little of it is padding.

    Rows meet by length within a few dozen neighbouring micro-batches only, and those are shuffled again: which rows
    meet still changes with each epoch, and no part of the epoch has only short ones.

    Args:
        order: (N,) a random order of all rows.
        lengths: (N,) by row.
        plan: Where the micro-batches of an epoch are.
        generator: Draws the order of the micro-batches.
    """
    found = torch.empty_like(order)
    for first in range(0, len(plan.micro_batches), BUCKETED):
        pool = plan.micro_batches[first : first + BUCKETED]
        rows = order[pool[0].start : pool[-1].stop]
        rows = rows[lengths[rows].argsort(stable=True)]
        taken = 0
        for number in torch.randperm(len(pool), generator=generator).tolist():
            micro = pool[number]
            found[micro.start : micro.stop] = rows[taken : taken + micro.stop - micro.start]
            taken += micro.stop - micro.start
    return found


def evaluation_order(inputs: StoredTensors, num_rows: int) -> Tensor:
    """(N,) rows by length, where they have one: then batches need little padding. Else as they are."""
    lengths = lengths_of(inputs)
    return torch.arange(num_rows) if lengths is None else lengths.argsort(stable=True)


def evaluation_rows(inputs: StoredTensors) -> int:
    """Rows per batch when nothing is learned: large for tables, modest for large pictures."""
    return max(16, min(2048, 16 * 2**20 // max(1, row_bytes(inputs))))


def epoch_seed(seed: int, epoch: int) -> int:
    """A seed for each epoch of each run, far from those of its neighbours."""
    return int(np.random.SeedSequence([seed, epoch]).generate_state(1, np.uint64)[0] >> 1)
