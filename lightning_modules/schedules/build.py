"""From a spec's optimisation to the course of the learning rate.

Torch's own schedulers are not used for the course itself: they keep the length of the run in their state, so that
a finished run could not be trained longer; they warn when a skipped 16-bit step looks like a wrong order of calls;
and one of them changes momentum besides. Here the rate is a function of the step; only a plateau remembers, and
for that torch's rule is taken.
"""

from typing import Any

from torch.optim import Optimizer

from leyden.factory import imported
from leyden.spec.model import Optimisation
from lightning_modules.catalog import catalogue
from lightning_modules.schedules.shapes import Shape


class Schedule:
    """Sets the learning rate of an optimiser: that of its first step at once, then after each step.

    Args:
        optimiser: Its groups' present learning rates are what the shape scales.
        shape: The share of the learning rate by step.
    """

    def __init__(self, optimiser: Optimizer, shape: Shape) -> None:
        # Not its groups: loading a state gives an optimiser new ones.
        self._optimiser = optimiser
        self._lrs = [float(group["lr"]) for group in optimiser.param_groups]
        self._shape = shape
        self._num_steps = 0
        self._apply()

    @property
    def lr(self) -> float:
        """The learning rate of the next step (of the first group)."""
        return float(self._optimiser.param_groups[0]["lr"])

    def step(self) -> None:
        """To be called after every step of the optimiser."""
        self._num_steps += 1
        self._apply()

    def validated(self, val_loss: float) -> None:
        """To be called after every validation."""
        self._shape.validated(val_loss)
        self._apply()

    def state_dict(self) -> dict[str, Any]:
        """Plain data: the number of steps done, and what the shape remembers."""
        return {"num_steps": self._num_steps, "shape": self._shape.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on where another schedule stood; the course is that of this one's own length."""
        self._num_steps = state["num_steps"]
        self._shape.load_state_dict(state["shape"])
        self._apply()

    def _apply(self) -> None:
        share = self._shape.share(self._num_steps)
        for group, lr in zip(self._optimiser.param_groups, self._lrs, strict=True):
            group["lr"] = lr * share


def build_schedule(optimisation: Optimisation, optimiser: Optimizer, num_steps: int) -> Schedule:
    """The schedule of a run.

    Args:
        optimisation: Gives the choice and the share of the run that warms up.
        optimiser: Freshly built: its learning rates are still those of the spec.
        num_steps: Steps of the optimiser in the whole run; the last rate holds beyond them.
    """
    card = catalogue().schedules[optimisation.schedule.name]
    options = card.options(**optimisation.schedule.options)
    num_warmup = round(optimisation.warmup * num_steps)
    return Schedule(optimiser, imported(card.factory)(options, num_steps, num_warmup))
