"""What is measured while training: the mean loss of an interval, and the headline metric of an epoch."""

import time
from collections.abc import Mapping

import torch
from torch import Tensor

from lightning_modules.tasks.task import LiveMetrics, Task
from lightning_modules.training.ranks import Ranks

MAX_KEPT = 4_000_000
"""Outputs kept for the training rows' own metric; a larger epoch goes without it."""


class Interval:
    """Mean loss since the last look.

    Losses stay on their device until then: reading one would make a GPU wait.
    """

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forgets what there is; the next interval starts."""
        self._loss: Tensor | None = None
        self.num_rows = 0
        self._started = time.perf_counter()

    def add(self, loss: Tensor, num_rows: int) -> None:
        """Adds a micro-batch's mean loss."""
        weighted = loss * num_rows
        self._loss = weighted if self._loss is None else self._loss + weighted
        self.num_rows += num_rows

    @property
    def seconds(self) -> float:
        """Time since the last look."""
        return time.perf_counter() - self._started

    def take(self) -> float:
        """The mean; the next interval starts."""
        assert self._loss is not None
        mean = float(self._loss) / self.num_rows
        self.restart()
        return mean

    def take_sum(self) -> tuple[float, int]:
        """The sum and the number of rows, which may be none; the next interval starts."""
        found = float(self._loss) if self._loss is not None else 0.0, self.num_rows
        self.restart()
        return found


class Speed:
    """Rows per second of training alone, without validation and checkpoints."""

    def __init__(self) -> None:
        self._num_rows, self._seconds = 0, 0.0

    def add(self, num_rows: int, seconds: float) -> None:
        """Adds a chunk."""
        self._num_rows += num_rows
        self._seconds += seconds

    def take(self, at_least_s: float) -> float | None:
        """The speed since the last one, or None while that is too short a time to tell."""
        if self._seconds < at_least_s:
            return None
        speed = self._num_rows / self._seconds
        self._num_rows, self._seconds = 0, 0.0
        return speed


class EpochOutputs:
    """The outputs that the training rows got during an epoch, judged at its end.

    They are those of training: with dropout, of changed pictures, and of weights that were still moving.
    """

    def __init__(self, task: Task, num_rows: int, ranks: Ranks) -> None:
        self._task, self._ranks = task, ranks
        self._is_kept = num_rows * task.num_outputs <= MAX_KEPT
        self._logits: list[Tensor] = []
        self._targets: list[Tensor] = []

    def add(self, logits: Tensor, target: Tensor) -> None:
        """Keeps a micro-batch's outputs."""
        if self._is_kept:
            self._logits.append(logits)
            self._targets.append(target)

    def take(self, metrics: LiveMetrics) -> Mapping[str, float]:
        """The live metrics of what was kept, on all ranks; the next epoch starts."""
        if not self._logits:
            return {}
        metrics.reset()
        logits, targets = (self._ranks.gather(torch.cat(kept)) for kept in (self._logits, self._targets))
        metrics.update(self._task.activate(logits), self._task.raw_target(targets))
        self._logits.clear()
        self._targets.clear()
        return metrics.compute()


class Validation:
    """Mean loss and live metrics over the validation rows."""

    def __init__(self) -> None:
        self._loss = torch.zeros(())
        self._num_rows = 0

    def reset(self, metrics: LiveMetrics, device: torch.device) -> None:
        """Before the first batch."""
        metrics.reset()
        self._loss, self._num_rows = torch.zeros((), device=device), 0

    def add(self, loss: Tensor, num_rows: int) -> None:
        """Adds a batch's mean loss."""
        self._loss += loss * num_rows
        self._num_rows += num_rows

    @property
    def loss(self) -> float:
        """The mean over all rows."""
        return float(self._loss) / max(1, self._num_rows)
