import math

import numpy as np
import pandas as pd
import pytest
import torch
from torch.nn import functional as F

from leyden.catalogue import LossCard
from leyden.spec.model import Choice
from lightning_modules.catalog import catalogue
from lightning_modules.losses.build import build_loss
from lightning_modules.tasks.build import fit_task
from lightning_modules.tasks.task import Task

TARGETS = {
    "classification": pd.Series(["a", "b", "b", "c", "c", "c"], name="kind"),
    "regression": pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 9.0], name="price"),
}
CASES = [(card, task) for card in catalogue().losses.values() for task in card.tasks]


def fitted(task: str) -> Task:
    return fit_task(Choice(name=task), TARGETS[task])


def loss_of(name: str, task: str, **options):
    return build_loss(Choice(name=name, options=options), fitted(task))


def logits_of(task: str, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, fitted(task).num_outputs, generator=torch.Generator().manual_seed(0))


def target_of(task: str) -> torch.Tensor:
    return torch.from_numpy(fitted(task).encode(TARGETS[task]))


@pytest.mark.parametrize(("card", "task"), CASES, ids=lambda value: getattr(value, "name", value))
class TestEveryLoss:
    def test_it_is_a_number_that_falls_along_its_gradient(self, card: LossCard, task: str):
        loss, logits = loss_of(card.name, task), logits_of(task, 6).requires_grad_()
        before = loss(logits, target_of(task))
        before.backward()
        after = loss((logits - 0.01 * logits.grad).detach(), target_of(task))
        assert before.ndim == 0 and after.item() < before.item()

    def test_members_are_averaged(self, card: LossCard, task: str):
        loss, logits = loss_of(card.name, task), logits_of(task, 6, 4)
        each = [loss(logits[:, member], target_of(task)) for member in range(4)]
        assert torch.allclose(loss(logits, target_of(task)), torch.stack(each).mean())

    def test_rows_without_a_target_do_not_count(self, card: LossCard, task: str):
        loss, logits, target = loss_of(card.name, task), logits_of(task, 6), target_of(task)
        unknown = -1 if target.dtype == torch.int64 else math.nan
        target[4:] = unknown
        assert torch.allclose(loss(logits, target), loss(logits[:4], target[:4]))

    def test_a_batch_without_any_target_has_no_loss_and_no_gradient(self, card: LossCard, task: str):
        loss, logits, target = loss_of(card.name, task), logits_of(task, 6).requires_grad_(), target_of(task)
        target[:] = -1 if target.dtype == torch.int64 else math.nan
        value = loss(logits, target)
        value.backward()
        assert value.item() == 0 and not logits.grad.any()


def test_cross_entropy_is_torchs():
    logits, target = logits_of("classification", 6), target_of("classification")
    smooth = loss_of("cross_entropy", "classification", label_smoothing=0.1)
    assert torch.allclose(smooth(logits, target), F.cross_entropy(logits, target, label_smoothing=0.1))


def test_balanced_weights_are_scikit_learns():
    logits, target = logits_of("classification", 6), target_of("classification")
    weight = torch.tensor([6 / (3 * count) for count in (1, 2, 3)])
    balanced = loss_of("cross_entropy", "classification", class_weights="balanced", label_smoothing=0.2)
    assert torch.allclose(balanced(logits, target), F.cross_entropy(logits, target, weight, label_smoothing=0.2))


@pytest.mark.parametrize("label_smoothing", [0.0, 0.2])
def test_parts_of_a_batch_add_up_with_class_weights(label_smoothing):
    loss = loss_of("cross_entropy", "classification", class_weights="balanced", label_smoothing=label_smoothing)
    logits, target = logits_of("classification", 7), torch.tensor([0, 1, 1, 2, 2, 2, -1])
    parts = [loss(logits[rows], target[rows]) * share for rows, share in ((slice(2), 2 / 6), (slice(2, 7), 4 / 6))]
    assert torch.allclose(sum(parts), loss(logits, target))


def test_class_weights_are_not_part_of_a_checkpoint():
    assert loss_of("cross_entropy", "classification", class_weights="balanced").state_dict() == {}


def test_mse_on_one_hot_compares_probabilities():
    logits, target = logits_of("classification", 6), target_of("classification")
    expected = F.mse_loss(logits.softmax(1), F.one_hot(target, 3).float())
    assert torch.allclose(loss_of("mse_one_hot", "classification")(logits, target), expected)


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("mse", {}, lambda error: error**2),
        ("mae", {}, np.abs),
        ("huber", {"delta": 0.5}, lambda e: np.where(abs(e) < 0.5, e**2 / 2, 0.5 * (abs(e) - 0.25))),
    ],
)
def test_regression_losses_follow_their_formulas(name, options, expected):
    logits, target = logits_of("regression", 6), target_of("regression")
    error = (logits[:, 0] - target).numpy()
    assert loss_of(name, "regression", **options)(logits, target).item() == pytest.approx(
        expected(error).mean(), rel=1e-5
    )
