"""From a spec's optimisation to an optimiser."""

from collections.abc import Iterable
from typing import Any

from torch import nn
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

from leyden.factory import imported
from leyden.spec.model import Optimisation
from lightning_modules.catalog import catalogue
from lightning_modules.optimisers.cards import AdamOptions, RMSpropOptions, SGDOptions

Groups = list[dict[str, Any]]


def build_optimiser(optimisation: Optimisation, parameters: Iterable[tuple[str, nn.Parameter]]) -> Optimizer:
    """The optimiser of the named parameters that train.

    Args:
        optimisation: Gives the choice, the learning rate and the weight decay.
        parameters: `module.named_parameters()`, already on their device.
    """
    card = catalogue().optimisers[optimisation.optimiser.name]
    options = card.options(**optimisation.optimiser.options)
    groups = decay_groups(parameters, optimisation.weight_decay)
    optimiser: Optimizer = imported(card.factory)(groups, optimisation.lr, options)
    return optimiser


def decay_groups(parameters: Iterable[tuple[str, nn.Parameter]], weight_decay: float) -> Groups:
    """Parameter groups with and without weight decay; biases and the scales of norms, all of them vectors, go
    without: decay would pull them to a value that is no simpler than another."""
    trained = [(name, parameter) for name, parameter in parameters if parameter.requires_grad]
    decayed = [parameter for _, parameter in trained if parameter.ndim > 1]
    others = [parameter for _, parameter in trained if parameter.ndim <= 1]
    groups = ((decayed, weight_decay), (others, 0.0))
    return [{"params": group, "weight_decay": decay} for group, decay in groups if group]


def adamw(groups: Groups, lr: float, options: AdamOptions) -> AdamW:
    """AdamW; the fused kernel is the fastest on CPU and CUDA alike."""
    return AdamW(groups, lr=lr, betas=(options.beta1, options.beta2), eps=options.eps, fused=_has_fused(groups))


def adam(groups: Groups, lr: float, options: AdamOptions) -> Adam:
    """Adam, fused likewise."""
    return Adam(groups, lr=lr, betas=(options.beta1, options.beta2), eps=options.eps, fused=_has_fused(groups))


def sgd(groups: Groups, lr: float, options: SGDOptions) -> SGD:
    """Stochastic gradient descent, fused likewise."""
    return SGD(groups, lr=lr, momentum=options.momentum, nesterov=options.nesterov, fused=_has_fused(groups))


def rmsprop(groups: Groups, lr: float, options: RMSpropOptions) -> RMSprop:
    """RMSprop, which has no fused kernel; torch takes the multi-tensor one on CUDA by itself."""
    return RMSprop(groups, lr=lr, alpha=options.alpha, momentum=options.momentum, eps=options.eps)


def _has_fused(groups: Groups) -> bool:
    """Whether every parameter lies where torch has fused kernels."""
    return all(
        parameter.device.type in ("cpu", "cuda", "mps") for group in groups for parameter in group["params"]
    )
