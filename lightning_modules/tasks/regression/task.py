"""Regression: one number per row."""

from typing import Any

import numpy as np
import pandas as pd
from torch import Tensor
from torchmetrics import MeanAbsoluteError, R2Score

from leyden.prediction.columns import PREDICTION
from lightning_modules.tasks.judgement import Judgement
from lightning_modules.tasks.regression.card import CARD, Options
from lightning_modules.tasks.regression.judge import judge
from lightning_modules.tasks.regression.target import as_numbers, known_numbers
from lightning_modules.tasks.task import LiveMetrics


class Regression:
    """A regression, fitted; `Task` says what its methods return.

    Args:
        options: Whether the network learns in standard units.
        mean: Of the training rows.
        std: Of the training rows; 1 if they do not vary.
    """

    name = CARD.name
    classes = None
    class_counts = None
    num_outputs = 1

    def __init__(self, options: Options, mean: float, std: float) -> None:
        self.options = options
        self.mean = mean
        self.std = std
        self._shift, self._scale = (mean, std) if options.standardise else (0.0, 1.0)

    def to_plain(self) -> dict[str, Any]:
        """Options, mean and deviation."""
        return {"name": self.name, "options": self.options.model_dump(), "mean": self.mean, "std": self.std}

    def encode(self, values: pd.Series) -> np.ndarray:
        """Targets (B,) float32 in the units that the network learns in; NaN where there is no number."""
        return ((as_numbers(values) - self._shift) / self._scale).astype(np.float32)

    def activate(self, logits: Tensor) -> Tensor:
        """Values (B,) float32 in the column's own units."""
        values = logits.float().squeeze(-1)
        if values.ndim == 2:
            values = values.mean(dim=1)
        return self.raw_target(values)

    def raw_target(self, encoded: Tensor) -> Tensor:
        """Values (B,) in the column's own units."""
        return encoded * self._scale + self._shift

    def live_metrics(self) -> LiveMetrics:
        """R² and the mean absolute error."""
        return _NumberMetrics(self.mean, self.std)

    def columns(self, outputs: np.ndarray) -> pd.DataFrame:
        """The predicted numbers."""
        return pd.DataFrame({PREDICTION: outputs})

    def judge(self, outputs: np.ndarray, values: pd.Series, row_ids: np.ndarray) -> Judgement:
        """Figures and plots of the errors."""
        predicted = np.asarray(outputs, dtype=np.float64)
        return judge(predicted, as_numbers(values), np.asarray(row_ids), self.mean, str(values.name))


class _NumberMetrics(LiveMetrics):
    """Torchmetrics' figures in standard units, whatever the network learns in.

    R² sums squares in float32, and those of large values would drown their variance.
    """

    def __init__(self, mean: float, std: float) -> None:
        super().__init__()
        self.mean, self.std = mean, std
        self.num_rows = 0
        self.r2 = R2Score(sync_on_compute=False)
        self.mae = MeanAbsoluteError(sync_on_compute=False)

    def update(self, outputs: Tensor, raw_target: Tensor) -> None:
        """Adds a batch of values; rows without a number do not count."""
        is_known = raw_target.isfinite()
        predicted, true = ((values[is_known] - self.mean) / self.std for values in (outputs, raw_target))
        if len(true):
            self.num_rows += len(true)
            self.r2.update(predicted, true)
            self.mae.update(predicted, true)

    def compute(self) -> dict[str, float]:
        """The figures so far; R² needs two rows."""
        figures = {"r2": float(self.r2.compute())} if self.num_rows >= 2 else {}
        return figures | ({"mae": float(self.mae.compute()) * self.std} if self.num_rows else {})

    def reset(self) -> None:
        """Forgets all batches."""
        self.num_rows = 0
        self.r2.reset()
        self.mae.reset()


def fit(options: Options, target_values: pd.Series) -> Regression:
    """Mean and deviation of the training rows.

    Raises:
        RunError: No training row has a number.
    """
    numbers = known_numbers(target_values)
    return Regression(options, float(numbers.mean()), float(numbers.std()) or 1.0)


def from_plain(plain: dict[str, Any]) -> Regression:
    """The regression that `to_plain` described."""
    return Regression(Options(**plain["options"]), plain["mean"], plain["std"])
