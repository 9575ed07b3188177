"""Losses of one number per row."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from leyden.catalogue import Options
from lightning_modules.losses.build import Loss, flatten_members
from lightning_modules.losses.cards import HuberOptions
from lightning_modules.tasks.task import Task

PerRow = Callable[[Tensor, Tensor], Tensor]


def _mean_of(per_row: PerRow) -> Loss:
    """The mean of a loss per row, over the rows that have a target."""

    def loss(logits: Tensor, target: Tensor) -> Tensor:
        logits, target = flatten_members(logits, target)
        is_known = target.isfinite()
        losses = per_row(logits.squeeze(1), torch.where(is_known, target, 0.0))
        return (losses * is_known).sum() / is_known.sum().clamp_min(1)

    return loss


def mse(options: Options, task: Task) -> Loss:
    """Mean of squared errors."""
    return _mean_of(partial(F.mse_loss, reduction="none"))


def mae(options: Options, task: Task) -> Loss:
    """Mean of absolute errors."""
    return _mean_of(partial(F.l1_loss, reduction="none"))


def huber(options: HuberOptions, task: Task) -> Loss:
    """Mean of Huber's loss: error² / 2 up to delta, then delta * (|error| - delta / 2)."""
    return _mean_of(partial(F.huber_loss, reduction="none", delta=options.delta))
