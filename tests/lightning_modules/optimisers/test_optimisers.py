from typing import Any

import pytest
import torch
from pydantic import ValidationError
from torch import nn

from leyden.catalogue import FactoryCard
from leyden.spec.field import fields_of
from leyden.spec.model import Choice, Optimisation
from lightning_modules.catalog import catalogue
from lightning_modules.optimisers.build import build_optimiser

CARDS = list(catalogue().optimisers.values())
AT_BOUNDS = [
    (card, {field.name: value})
    for card in CARDS
    for field in fields_of(card.options)
    for value in ((False, True) if field.type == "bool" else (field.minimum, field.maximum))
]


def named(card: FactoryCard) -> str:
    return card.name


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))


def optimiser_of(card: FactoryCard, module: nn.Module, **fields: Any) -> torch.optim.Optimizer:
    options = fields.pop("options", {})
    optimisation = Optimisation(optimiser=Choice(name=card.name, options=options), **fields)
    return build_optimiser(optimisation, module.named_parameters())


@pytest.mark.parametrize("card", CARDS, ids=named)
def test_it_makes_a_loss_small(card: FactoryCard):
    module, inputs = network(), torch.randn(64, 3, generator=torch.Generator().manual_seed(0))
    optimiser = optimiser_of(card, module, lr=0.01)
    losses = []
    for _ in range(200):
        loss = (module(inputs)[:, 0] - inputs.sum(1)).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 5


@pytest.mark.parametrize("card", CARDS, ids=named)
def test_biases_and_norms_do_not_decay(card: FactoryCard):
    module = network()
    optimiser = optimiser_of(card, module, weight_decay=0.3, lr=0.02)
    decay = {id(p): group["weight_decay"] for group in optimiser.param_groups for p in group["params"]}
    expected = {name: 0.3 if name in ("0.weight", "2.weight") else 0.0 for name, _ in module.named_parameters()}
    assert {name: decay[id(p)] for name, p in module.named_parameters()} == expected
    assert all(group["lr"] == 0.02 for group in optimiser.param_groups)


@pytest.mark.parametrize("card", CARDS, ids=named)
def test_frozen_weights_are_left_out(card: FactoryCard):
    module = network()
    module[0].requires_grad_(False)
    optimiser = optimiser_of(card, module)
    assert sum(len(group["params"]) for group in optimiser.param_groups) == 4


@pytest.mark.parametrize(("card", "options"), AT_BOUNDS, ids=lambda value: getattr(value, "name", value))
def test_it_steps_at_the_bounds_of_its_options(card: FactoryCard, options: dict[str, Any]):
    try:
        card.options(**options)
    except ValidationError as error:
        refused = {finding["type"] for finding in error.errors()}
        assert refused <= {"less_than", "greater_than"}, "only an open bound is refused"
        name, value = next(iter(options.items()))
        options = {name: value - 1e-6 if "less_than" in refused else value + 1e-12}
    module = network()
    optimiser = optimiser_of(card, module, options=options)
    module(torch.randn(8, 3)).square().mean().backward()
    optimiser.step()
    assert all(parameter.isfinite().all() for parameter in module.parameters())


@pytest.mark.parametrize("card", CARDS, ids=named)
def test_its_state_is_restored_exactly(card: FactoryCard):
    inputs = torch.randn(3, 8, 3, generator=torch.Generator().manual_seed(1))

    def train(module: nn.Module, optimiser: torch.optim.Optimizer, batches: torch.Tensor) -> None:
        for batch in batches:
            optimiser.zero_grad()
            module(batch).square().mean().backward()
            optimiser.step()

    whole, first, second = network(), network(), network()
    train(whole, optimiser_of(card, whole), inputs)
    before, after = optimiser_of(card, first), optimiser_of(card, second)
    train(first, before, inputs[:1])
    second.load_state_dict(first.state_dict())
    after.load_state_dict(before.state_dict())
    train(second, after, inputs[1:])
    for name, value in whole.state_dict().items():
        assert torch.equal(value, second.state_dict()[name]), name
