"""What the training rows decide, together: a network's weights mean nothing without it."""

from dataclasses import dataclass
from typing import Any, Self

from lightning_modules.data.preparation import Preparation
from lightning_modules.tasks.build import task_from_plain
from lightning_modules.tasks.task import Task


@dataclass(frozen=True)
class Fitted:
    """The fitted preparation of the inputs, and the fitted task with its target."""

    preparation: Preparation
    task: Task

    def to_plain(self) -> dict[str, Any]:
        """Both as plain data."""
        return {"preparation": self.preparation.to_plain(), "task": self.task.to_plain()}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """What `to_plain` returned."""
        return cls(Preparation.from_plain(plain["preparation"]), task_from_plain(plain["task"]))
