"""From a choice in a spec, or from a checkpoint, to a fitted task."""

import importlib
from typing import Any

import pandas as pd

from leyden.spec.model import Choice
from lightning_modules.catalog import catalogue
from lightning_modules.tasks.task import Task


def fit_task(choice: Choice, target_values: pd.Series) -> Task:
    """The task, fitted on the target values of the training rows.

    Raises:
        RunError: The training rows cannot be learned from, such as those of one class only.
    """
    options = catalogue().tasks[choice.name].options(**choice.options)
    task: Task = _module(choice.name).fit(options, target_values)
    return task


def task_from_plain(plain: dict[str, Any]) -> Task:
    """The fitted task that `to_plain` described."""
    task: Task = _module(plain["name"]).from_plain(plain)
    return task


def _module(name: str) -> Any:
    assert name in catalogue().tasks, f"unknown task {name!r}"
    return importlib.import_module(f"lightning_modules.tasks.{name}.task")
