"""Losses of class indices."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from leyden.catalogue import Options
from lightning_modules.losses.build import Loss, flatten_members
from lightning_modules.losses.cards import CrossEntropyOptions
from lightning_modules.tasks.task import Task

UNSEEN = -1
"""Encoded target of a class that training rows do not have."""


class CrossEntropy(nn.Module):
    """Cross-entropy of softmax(logits), with optional class weights and label smoothing.

    Shape:
        logits (B, C) or (B, K, C), target (B,) int64; a scalar.
    """

    weight: Tensor

    def __init__(self, weight: Tensor, label_smoothing: float) -> None:
        super().__init__()
        # Not persistent: it follows from the training rows, and a checkpoint's weights are the network's alone.
        self.register_buffer("weight", weight, persistent=False)
        self.label_smoothing = label_smoothing

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        """The mean of weighted losses over the rows whose class is known.

        Divided by their number and not by their weights, which average 1 over the training rows: so each row adds
        the same, whatever else is in its batch, and accumulated batches equal a large one.
        """
        logits, target = flatten_members(logits, target)
        weight = self.weight.to(logits.device, logits.dtype)
        total = F.cross_entropy(
            logits, target, weight, ignore_index=UNSEEN, reduction="sum", label_smoothing=self.label_smoothing
        )
        return total / (target != UNSEEN).sum().clamp_min(1)


def cross_entropy(options: CrossEntropyOptions, task: Task) -> Loss:
    """Cross-entropy; balanced weights are n / (C * count), scikit-learn's rule."""
    assert task.class_counts is not None, "cross-entropy needs classes"
    counts = torch.tensor(task.class_counts, dtype=torch.float32)
    is_balanced = options.class_weights == "balanced"
    weight = counts.sum() / (len(counts) * counts) if is_balanced else torch.ones_like(counts)
    return CrossEntropy(weight, options.label_smoothing)


def mse_one_hot(options: Options, task: Task) -> Loss:
    """Mean over rows and classes of (softmax(logits) - one-hot)²."""

    def loss(logits: Tensor, target: Tensor) -> Tensor:
        logits, target = flatten_members(logits, target)
        is_known = target != UNSEEN
        one_hot = F.one_hot(target.clamp_min(0), logits.shape[1])
        squares = (logits.softmax(dim=1) - one_hot).square().mean(dim=1)
        return (squares * is_known).sum() / is_known.sum().clamp_min(1)

    return loss
