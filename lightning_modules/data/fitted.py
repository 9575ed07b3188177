"""What the training rows decide, together: a network's weights mean nothing without it."""

from dataclasses import dataclass

from lightning_modules.data.preparation import Preparation
from lightning_modules.tasks.task import Task


@dataclass(frozen=True)
class Fitted:
    """The fitted preparation of the inputs, and the fitted task with its target."""

    preparation: Preparation
    task: Task
