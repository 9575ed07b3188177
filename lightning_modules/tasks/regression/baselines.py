"""Regression by scikit-learn: what `lightning_modules.baselines` asks of a task. No torch."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge

from lightning_modules.tasks.judgement import Judgement
from lightning_modules.tasks.regression.judge import judge
from lightning_modules.tasks.regression.target import as_numbers, known_numbers


class RegressionBaselines:
    """`TaskBaselines` of a regression.

    Args:
        values: The target column of all training rows.

    Raises:
        RunError: No training row has a number.
    """

    num_trees_per_step = 1

    classes = None

    def __init__(self, values: pd.Series) -> None:
        self.mean = float(known_numbers(values).mean())

    def encode(self, values: pd.Series) -> np.ndarray:
        """Numbers (N,) float64, NaN where there is none."""
        return as_numbers(values)

    def constant(self) -> Any:
        """Answers with the mean."""
        return DummyRegressor(strategy="mean")

    def linear(self, *, has_words: bool) -> Any:
        """Ridge regression."""
        return Ridge()

    def boosting(self, **options: Any) -> Any:
        """Gradient boosted trees."""
        return HistGradientBoostingRegressor(random_state=0, **options)

    def outputs(self, model: Any, rows: Any) -> np.ndarray:
        """Values (N,) in the column's own units."""
        return np.asarray(model.predict(rows), dtype=np.float64)

    def answers(self, outputs: np.ndarray) -> np.ndarray:
        """The values, as they are."""
        return outputs

    def judge(self, outputs: np.ndarray, values: pd.Series) -> Judgement:
        """As a network's answers are judged."""
        return judge(outputs, as_numbers(values), values.index.to_numpy(), self.mean, str(values.name))


fit = RegressionBaselines
