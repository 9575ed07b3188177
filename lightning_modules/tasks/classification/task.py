"""Classification: softmax over the classes of the training rows."""

from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torchmetrics import MetricCollection
from torchmetrics.classification import MulticlassAccuracy, MulticlassF1Score

from leyden.catalogue import Options
from leyden.datasets.read import category_strings
from leyden.prediction.columns import PREDICTION, probability_column
from lightning_modules.tasks.classification.card import CARD
from lightning_modules.tasks.classification.judge import judge
from lightning_modules.tasks.classification.target import find_classes, name_answers
from lightning_modules.tasks.judgement import Judgement
from lightning_modules.tasks.task import LiveMetrics

UNSEEN = -1
OPTIONS: dict[str, Any] = {"validate_args": False, "sync_on_compute": False}
"""Of torchmetrics. Where several processes train together, each counts the rows of all."""


class Classification:
    """A classification, fitted; `Task` says what its methods return.

    Args:
        classes: Names of the classes, in the order of the outputs.
        class_counts: Training rows of each.
    """

    name = CARD.name

    def __init__(self, classes: tuple[str, ...], class_counts: tuple[int, ...]) -> None:
        self.classes = classes
        self.class_counts = class_counts
        self.num_outputs = len(classes)
        self._index = {name: position for position, name in enumerate(classes)}

    def to_plain(self) -> dict[str, Any]:
        """Class names and counts."""
        return {"name": self.name, "classes": list(self.classes), "class_counts": list(self.class_counts)}

    def encode(self, values: pd.Series) -> np.ndarray:
        """Class indices (B,) int64; -1 for a class that training rows do not have, and for no class."""
        return category_strings(values).map(self._index).fillna(UNSEEN).to_numpy(dtype=np.int64, copy=True)

    def activate(self, logits: Tensor) -> Tensor:
        """Probabilities (B, C) float32."""
        probabilities = logits.float().softmax(dim=-1)
        return probabilities.mean(dim=1) if probabilities.ndim == 3 else probabilities

    def raw_target(self, encoded: Tensor) -> Tensor:
        """Class indices, as they are."""
        return encoded

    def live_metrics(self) -> LiveMetrics:
        """Accuracy and macro F1."""
        return _ClassMetrics(self.num_outputs)

    def columns(self, outputs: np.ndarray) -> pd.DataFrame:
        """The most probable class and all probabilities; no class where a probability is not a number."""
        names = name_answers(outputs, self.classes)
        probabilities = {probability_column(name): outputs[:, index] for index, name in enumerate(self.classes)}
        return pd.DataFrame({PREDICTION: names, **probabilities})

    def judge(self, outputs: np.ndarray, values: pd.Series, row_ids: np.ndarray) -> Judgement:
        """Figures, confusion, classes and curves."""
        return judge(outputs, values, self.classes, self.class_counts)


class _ClassMetrics(LiveMetrics):
    """Torchmetrics' figures over one class more than trained: rows of unseen classes are of it, and so are errors,
    as they are in the report."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.unseen = num_classes
        size = num_classes + 1
        self.metrics = MetricCollection(
            {
                "accuracy": MulticlassAccuracy(size, average="micro", **OPTIONS),
                "f1_macro": MulticlassF1Score(size, average="macro", **OPTIONS),
            }
        )

    def update(self, outputs: Tensor, raw_target: Tensor) -> None:
        """Adds a batch of probabilities and class indices."""
        target = torch.where(raw_target == UNSEEN, self.unseen, raw_target)
        self.metrics.update(outputs.argmax(dim=1), target)

    def compute(self) -> dict[str, float]:
        """The figures so far."""
        return {name: float(value) for name, value in self.metrics.compute().items()}

    def reset(self) -> None:
        """Forgets all batches."""
        self.metrics.reset()


def fit(options: Options, target_values: pd.Series) -> Classification:
    """Classes and counts of the training rows.

    Raises:
        RunError: There are fewer than two classes.
    """
    return Classification(*find_classes(target_values))


def from_plain(plain: dict[str, Any]) -> Classification:
    """The classification that `to_plain` described."""
    return Classification(tuple(plain["classes"]), tuple(plain["class_counts"]))
