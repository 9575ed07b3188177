"""What a task is: everything between the network's logits and what people read.

Tasks are fitted on the target of the training rows alone, and saved as plain data.
"""

from typing import Any, Protocol

import numpy as np
import pandas as pd
from torch import Tensor, nn

from lightning_modules.tasks.judgement import Judgement


class LiveMetrics(nn.Module):
    """Figures that are computed at every validation, batch by batch; a module, to move with the network."""

    def update(self, outputs: Tensor, raw_target: Tensor) -> None:
        """Adds a batch: what `Task.activate` and `Task.raw_target` returned."""
        raise NotImplementedError

    def compute(self) -> dict[str, float]:
        """The figures so far, by metric name; what is undefined is left out."""
        raise NotImplementedError

    def reset(self) -> None:
        """Forgets all batches."""
        raise NotImplementedError


class Task(Protocol):
    """A fitted task."""

    name: str
    classes: tuple[str, ...] | None
    class_counts: tuple[int, ...] | None
    """Training rows of each class."""
    num_outputs: int
    """Width of the head, O."""

    def to_plain(self) -> dict[str, Any]:
        """What was fitted, as JSON; `task_from_plain` reads it."""

    def encode(self, values: pd.Series) -> np.ndarray:
        """Targets for the loss, (B,): int64 class indices with -1 for a class that training rows do not have, or
        float32 in the units that the network learns in, NaN where there is no number."""

    def activate(self, logits: Tensor) -> Tensor:
        """Logits (B, O) or (B, K, O) as probabilities (B, C) or as values (B,) in the column's own units; ensemble
        members are averaged."""

    def raw_target(self, encoded: Tensor) -> Tensor:
        """Encoded targets (B,) in the units of `activate`: class indices, or values in the column's own units."""

    def live_metrics(self) -> LiveMetrics:
        """The figures of the cards with `is_live`, nothing counted yet."""

    def columns(self, outputs: np.ndarray) -> pd.DataFrame:
        """Outputs of `activate` as people read them: `prediction`, and `p_<class>` for each class."""

    def judge(self, outputs: np.ndarray, values: pd.Series, row_ids: np.ndarray) -> Judgement:
        """Judges outputs of `activate` against the target column of the same rows, in the same order."""
