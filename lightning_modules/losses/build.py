"""From a choice in a spec to a loss."""

from collections.abc import Callable

from torch import Tensor

from leyden.factory import imported
from leyden.spec.model import Choice
from lightning_modules.catalog import catalogue
from lightning_modules.tasks.task import Task

Loss = Callable[[Tensor, Tensor], Tensor]


def build_loss(choice: Choice, task: Task) -> Loss:
    """The loss of logits (B, O) or (B, K, O) against an encoded target (B,), averaged over rows and members.

    Rows without a target that can be learned, -1 or NaN, do not count; a batch of nothing else has loss 0.
    """
    card = catalogue().losses[choice.name]
    loss: Loss = imported(card.factory)(card.options(**choice.options), task)
    return loss


def flatten_members(logits: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """(B, K, O) and (B,) as (B * K, O) and (B * K,): each ensemble member answers for itself."""
    if logits.ndim == 2:
        return logits, target
    return logits.flatten(0, 1), target.repeat_interleave(logits.shape[1])
