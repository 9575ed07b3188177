"""Classification by scikit-learn: what `lightning_modules.baselines` asks of a task. No torch."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from leyden.datasets.read import category_strings
from lightning_modules.tasks.classification.judge import judge
from lightning_modules.tasks.classification.target import find_classes, name_answers
from lightning_modules.tasks.judgement import Judgement

MAX_ITERATIONS = 300
TEXT_C = 10.0
"""Word weights are small and many: at scikit-learn's default of 1, a logistic regression on TF-IDF underfits."""


class ClassificationBaselines:
    """`TaskBaselines` of a classification.

    Args:
        values: The target column of all training rows.

    Raises:
        RunError: There are fewer than two classes.
    """

    def __init__(self, values: pd.Series) -> None:
        self.classes, self.class_counts = find_classes(values)
        self._index = {name: position for position, name in enumerate(self.classes)}

    @property
    def num_trees_per_step(self) -> int:
        """Of gradient boosting: one tree for each class, one in all for two."""
        return 1 if len(self.classes) == 2 else len(self.classes)

    def encode(self, values: pd.Series) -> np.ndarray:
        """Class indices (N,) of training rows, as float64 with NaN where there is no class."""
        return category_strings(values).map(self._index).to_numpy(dtype=np.float64, na_value=np.nan)

    def constant(self) -> Any:
        """Answers with the shares of the classes."""
        return DummyClassifier(strategy="prior")

    def linear(self, *, has_words: bool) -> Any:
        """Logistic regression."""
        return LogisticRegression(C=TEXT_C if has_words else 1.0, max_iter=MAX_ITERATIONS)

    def boosting(self, **options: Any) -> Any:
        """Gradient boosted trees."""
        return HistGradientBoostingClassifier(random_state=0, **options)

    def outputs(self, model: Any, rows: Any) -> np.ndarray:
        """Probabilities (N, C) of all classes; 0 for those that the model did not see."""
        probabilities = np.zeros((rows.shape[0], len(self.classes)))
        probabilities[:, model.classes_.astype(int)] = model.predict_proba(rows)
        return probabilities

    def answers(self, outputs: np.ndarray) -> np.ndarray:
        """The most probable classes."""
        return name_answers(outputs, self.classes)

    def judge(self, outputs: np.ndarray, values: pd.Series) -> Judgement:
        """As a network's answers are judged."""
        return judge(outputs, values, self.classes, self.class_counts)


fit = ClassificationBaselines
