"""Courses of the learning rate: the share of it that each step gets."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import ReduceLROnPlateau

from leyden.catalogue import Options
from lightning_modules.schedules.cards import CosineOptions, OneCycleOptions, PlateauOptions


class Shape:
    """A share of the learning rate by step, from 0; this base remembers nothing.

    Args:
        share: From the number of steps done to the share that the next one gets.
    """

    def __init__(self, share: Callable[[int], float]) -> None:
        self.share = share

    def validated(self, val_loss: float) -> None:
        """Told after each validation."""

    def state_dict(self) -> dict[str, Any]:
        """What it remembers, as plain data."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes up what another one remembered."""


class Plateau(Shape):
    """Warm-up times a factor that torch's own plateau rule lowers."""

    def __init__(self, options: PlateauOptions, num_warmup: int) -> None:
        super().__init__(lambda step: _warmup(step, num_warmup) * self.factor)
        # The rule wants an optimiser to change: this one has a rate of 1, and so holds the factor.
        self._scale = SGD([torch.zeros(1)], lr=1.0)
        self._rule = ReduceLROnPlateau(
            self._scale, factor=options.factor, patience=options.patience, min_lr=options.minimum
        )

    @property
    def factor(self) -> float:
        """What the plateaus so far have left."""
        return float(self._scale.param_groups[0]["lr"])

    def validated(self, val_loss: float) -> None:
        """Counts validations without a lower loss."""
        self._rule.step(val_loss)

    def state_dict(self) -> dict[str, Any]:
        """The factor and the counts of the rule."""
        counts = ("best", "num_bad_epochs", "last_epoch", "cooldown_counter")
        return {"factor": self.factor, **{name: getattr(self._rule, name) for name in counts}}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes up the factor and the counts."""
        counts = {name: value for name, value in state.items() if name != "factor"}
        self._rule.load_state_dict(counts)
        self._scale.param_groups[0]["lr"] = state["factor"]


def constant(options: Options, num_steps: int, num_warmup: int) -> Shape:
    """1, after warm-up."""
    return Shape(lambda step: _warmup(step, num_warmup))


def cosine(options: CosineOptions, num_steps: int, num_warmup: int) -> Shape:
    """Half a cosine from 1 to `final`, after warm-up."""

    def share(step: int) -> float:
        done = _clip((step - num_warmup) / max(1, num_steps - num_warmup))
        return _warmup(step, num_warmup) * _cosine_between(1.0, options.final, done)

    return Shape(share)


def one_cycle(options: OneCycleOptions, num_steps: int, num_warmup: int) -> Shape:
    """Half a cosine up, another one down; torch's OneCycleLR with its defaults, but momentum stays."""
    # The last step gets the last rate: with torch, step n - 1 of n is the end.
    last = max(1, num_steps - 1)

    def share(step: int) -> float:
        done = _clip(step / last)
        if done < options.rise:
            return _cosine_between(1 / options.start_divisor, 1.0, done / options.rise)
        return _cosine_between(1.0, 1 / options.end_divisor, (done - options.rise) / (1 - options.rise))

    return Shape(share)


def plateau(options: PlateauOptions, num_steps: int, num_warmup: int) -> Shape:
    """1, after warm-up, lowered at each plateau of the validation loss."""
    return Plateau(options, num_warmup)


def _warmup(step: int, num_warmup: int) -> float:
    """Rises in equal steps; the first step already moves, and step `num_warmup` is at 1."""
    return min(1.0, (step + 1) / (num_warmup + 1))


def _cosine_between(start: float, end: float, done: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * done)) / 2


def _clip(done: float) -> float:
    return min(1.0, max(0.0, done))
