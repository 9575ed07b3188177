"""The models that `cards.py` names: each a scikit-learn pipeline for the inputs and the task of a run. No torch."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline, make_pipeline

from leyden.datasets.profile import ColumnKind, Profile
from leyden.home import Home
from lightning_modules.baselines.features import KINDS, linear_features, tree_features
from lightning_modules.tasks.judgement import Judgement

MAX_ROWS = 50_000
MAX_TREE_CELLS = 20_000_000
"""Rows x columns x trees per step of gradient boosting: about a minute of one core."""
LEAST_ROWS = 1_000


class TaskBaselines(Protocol):
    """What baselines ask of a task: `lightning_modules.tasks.<name>.baselines:fit(target values)`."""

    @property
    def classes(self) -> tuple[str, ...] | None:
        """Those that training rows have; None for numbers."""

    @property
    def num_trees_per_step(self) -> int:
        """Of gradient boosting."""

    def encode(self, values: pd.Series) -> np.ndarray:
        """Targets (N,) float64, NaN where there is none."""

    def constant(self) -> Any:
        """An unfitted model that always answers the same."""

    def linear(self, *, has_words: bool) -> Any:
        """An unfitted linear model; `has_words`: of many small numbers, most of them 0."""

    def boosting(self, **options: Any) -> Any:
        """Unfitted gradient boosted trees."""

    def outputs(self, model: Any, rows: Any) -> np.ndarray:
        """A fitted model's answers, as a network's `activate` returns them."""

    def answers(self, outputs: np.ndarray) -> np.ndarray:
        """Outputs as people read them: names of classes, or numbers, (N,)."""

    def judge(self, outputs: np.ndarray, values: pd.Series) -> Judgement:
        """Judges outputs against the target column of the same rows."""


@dataclass(frozen=True)
class Setting:
    """What a baseline is made for."""

    home: Home
    inputs: dict[str, ColumnKind]
    profile: Profile
    task: TaskBaselines


@dataclass(frozen=True)
class Baseline:
    """An unfitted model, and how many training rows it can learn from in reasonable time."""

    model: Pipeline
    most_rows: int


def constant(setting: Setting) -> Baseline:
    """Always the same answer; it looks at no input."""
    return Baseline(make_pipeline(ColumnTransformer([("nothing", "drop", [])]), setting.task.constant()), MAX_ROWS)


def linear(setting: Setting) -> Baseline:
    """Logistic or ridge regression on everything."""
    kinds = [KINDS[kind] for kind in setting.inputs.values()]
    features = linear_features(setting.home, setting.inputs, setting.profile)
    model = make_pipeline(features, setting.task.linear(has_words=any(kind.has_words for kind in kinds)))
    return Baseline(model, min(kind.most_rows or MAX_ROWS for kind in kinds))


def boosting(setting: Setting) -> Baseline:
    """Gradient boosted trees on numbers, categories and dates."""
    features, num_categories = tree_features(setting.inputs)
    model = setting.task.boosting(categorical_features=list(range(num_categories)) or None)
    cells_per_row = len(setting.inputs) * setting.task.num_trees_per_step
    most_rows = min(MAX_ROWS, max(LEAST_ROWS, MAX_TREE_CELLS // cells_per_row))
    return Baseline(make_pipeline(features, model), most_rows)
