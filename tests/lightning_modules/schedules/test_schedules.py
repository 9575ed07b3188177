import json
from typing import Any

import pytest
import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR, OneCycleLR

from leyden.catalogue import FactoryCard
from leyden.spec.model import Choice, Optimisation
from lightning_modules.catalog import catalogue
from lightning_modules.schedules.build import Schedule, build_schedule

CARDS = list(catalogue().schedules.values())
LR = 0.1


def schedule_of(name: str, num_steps: int = 20, warmup: float = 0.0, **options: Any) -> Schedule:
    optimisation = Optimisation(lr=LR, schedule=Choice(name=name, options=options), warmup=warmup)
    return build_schedule(optimisation, SGD([torch.zeros(1)], lr=LR), num_steps)


def course(schedule: Schedule, num_steps: int = 20) -> list[float]:
    """The learning rate of each step."""
    rates = []
    for _ in range(num_steps):
        rates.append(schedule.lr)
        schedule.step()
    return rates


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
class TestEverySchedule:
    def test_the_rate_is_positive_and_never_above_its_value(self, card: FactoryCard):
        for warmup in (0.0, 0.3):
            for num_steps in (1, 2, 20):
                rates = course(schedule_of(card.name, num_steps, warmup), num_steps)
                assert all(0 < rate <= LR * (1 + 1e-12) for rate in rates)

    def test_it_holds_after_the_end(self, card: FactoryCard):
        rates = course(schedule_of(card.name), num_steps=40)
        assert len(set(rates[21:])) == 1

    def test_it_goes_on_where_it_stood(self, card: FactoryCard):
        first = schedule_of(card.name, warmup=0.2)
        for step in range(9):
            first.step()
            if step % 2:
                first.validated(1.0)
        second = schedule_of(card.name, warmup=0.2)
        second.load_state_dict(json.loads(json.dumps(first.state_dict())))
        assert second.lr == first.lr
        for _ in range(6):
            first.validated(2.0), second.validated(2.0)
        assert course(first, 11) == course(second, 11)

    def test_a_longer_run_stretches_it(self, card: FactoryCard):
        short, long = schedule_of(card.name, 20), schedule_of(card.name, 40)
        course(short, 20)
        long.load_state_dict(short.state_dict())
        other = schedule_of(card.name, 40)
        course(other, 20)
        assert long.lr == other.lr


def test_warm_up_rises_in_equal_steps():
    rates = course(schedule_of("constant", warmup=0.2))
    assert rates == pytest.approx([LR * share for share in (0.2, 0.4, 0.6, 0.8)] + [LR] * 16)


def test_cosine_is_torchs():
    optimiser = SGD([torch.zeros(1)], lr=LR)
    theirs = CosineAnnealingLR(optimiser, T_max=20, eta_min=LR * 0.1)
    expected = []
    for _ in range(20):
        expected.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        theirs.step()
    assert course(schedule_of("cosine", final=0.1)) == pytest.approx(expected)


def test_one_cycle_is_torchs():
    optimiser = SGD([torch.zeros(1)], lr=LR, momentum=0.9)
    theirs = OneCycleLR(optimiser, max_lr=LR, total_steps=21, cycle_momentum=False)
    expected = []
    for _ in range(20):
        expected.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        theirs.step()
    # Torch's peak lies at 0.3 * n - 1 instead of 0.3 * (n - 1): one cycle of 21 peaks at 5.3 of 20 steps.
    ours = course(schedule_of("one_cycle", num_steps=21, rise=5.3 / 20))
    assert ours == pytest.approx(expected, rel=1e-6)


def test_a_plateau_lowers_the_rate_and_stops_at_the_minimum():
    schedule = schedule_of("plateau", patience=1, factor=0.1, minimum=0.02)
    seen = []
    for loss in (1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.4, 0.4, 0.4):
        schedule.validated(loss)
        seen.append(round(schedule.lr / LR, 6))
    assert seen == [1, 1, 1, 0.1, 0.1, 0.02, 0.02, 0.02, 0.02]


def test_every_group_is_scaled_from_its_own_rate():
    optimiser = SGD([{"params": [torch.zeros(1)], "lr": 1.0}, {"params": [torch.zeros(1)], "lr": 0.5}], lr=0.1)
    schedule = build_schedule(Optimisation(schedule=Choice(name="cosine"), warmup=0.0), optimiser, 10)
    for _ in range(5):
        schedule.step()
    assert [group["lr"] for group in optimiser.param_groups] == pytest.approx([0.5, 0.25])
