"""What holds for every architecture of the catalogue: a new one is tested by existing."""

import ast
import inspect
from typing import Any

import pytest
import torch
from pydantic import ValidationError
from torch import Tensor, nn
from torch.nn import functional as F

from leyden.catalogue import ArchitectureCard
from leyden.spec.check import complete
from leyden.spec.model import Choice, Data, Spec
from lightning_modules.architectures.build import build_encoder
from lightning_modules.architectures.inputs import Inputs
from lightning_modules.catalog import catalogue
from tests.lightning_modules.architectures.cases import INPUTS, at_bounds, batch, cards, case_id, cases


def encoder_of(card: ArchitectureCard, inputs: Inputs, seed: int = 0, **options: Any) -> nn.Module:
    torch.manual_seed(seed)
    return build_encoder(card.modality, Choice(name=card.name, options=options), inputs, is_restored=True)


def forward(encoder: nn.Module, tensors: dict[str, Tensor]) -> Tensor:
    with torch.no_grad():
        vector: Tensor = encoder(tensors).vector
    return vector


@pytest.mark.parametrize(("card", "inputs"), cases(), ids=case_id)
def test_the_vector_is_as_wide_as_promised(card: ArchitectureCard, inputs: Inputs):
    encoder = encoder_of(card, inputs).eval()
    vector = forward(encoder, batch(inputs, num_rows=3))
    assert vector.shape in ((3, encoder.out_features), (3, vector.shape[1], encoder.out_features))
    assert vector.dtype == torch.float32 and vector.isfinite().all()


@pytest.mark.parametrize(("card", "options"), at_bounds(), ids=case_id)
def test_it_builds_at_the_bounds_of_its_options(card: ArchitectureCard, options: dict[str, Any]):
    inputs = INPUTS[card.modality][0]
    try:
        card.options(**options)
    except ValidationError as error:
        assert error.error_count() == 1 and not error.errors()[0]["loc"], "a bound must be allowed by itself"
        pytest.skip("this option goes with others only")
    with torch.device("meta"):  # shapes without the arithmetic: the largest networks cost nothing
        encoder = encoder_of(card, inputs, **options)
        tensors = {name: tensor.to("meta") for name, tensor in batch(inputs, num_rows=2).items()}
        vector = forward(encoder, tensors)
    assert vector.shape[0] == 2 and vector.shape[-1] == encoder.out_features


@pytest.mark.parametrize(("card", "inputs"), cases(), ids=case_id)
def test_a_last_batch_of_one_row_trains(card: ArchitectureCard, inputs: Inputs):
    encoder = encoder_of(card, inputs).train()
    assert forward(encoder, batch(inputs, num_rows=1)).isfinite().all()


@pytest.mark.parametrize("card", cards(), ids=case_id)
def test_it_overfits_one_batch(card: ArchitectureCard):
    inputs = INPUTS[card.modality][0]
    encoder = encoder_of(card, inputs).train()
    head = nn.Linear(encoder.out_features, 3)
    tensors, target = batch(inputs, num_rows=8), torch.tensor([0, 1, 2, 0, 1, 2, 0, 1])
    optimiser = torch.optim.Adam([*encoder.parameters(), *head.parameters()], lr=3e-3)
    losses = []
    for _ in range(400):
        logits = head(encoder(tensors).vector)
        loss = F.cross_entropy(logits if logits.ndim == 2 else logits.mean(1), target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        if max(losses[-3:]) < 0.1:
            break
    assert max(losses[-3:]) < 0.1 < losses[0]


@pytest.mark.parametrize("card", cards(), ids=case_id)
def test_every_weight_gets_a_gradient(card: ArchitectureCard):
    inputs = INPUTS[card.modality][0]
    encoder = encoder_of(card, inputs).train()
    head = nn.Linear(encoder.out_features, 1)
    head(encoder(batch(inputs, num_rows=4)).vector).square().sum().backward()
    for name, parameter in encoder.named_parameters():
        assert parameter.grad is not None, f"{name} is not used"


@pytest.mark.parametrize("card", cards(), ids=case_id)
def test_its_saved_state_gives_the_same_vectors(card: ArchitectureCard):
    inputs = INPUTS[card.modality][0]
    first, second = encoder_of(card, inputs, seed=0), encoder_of(card, inputs, seed=1)
    tensors = batch(inputs, num_rows=5)
    forward(first.train(), tensors)  # moves the running statistics, which belong to the state
    second.load_state_dict(first.state_dict())
    assert torch.equal(forward(first.eval(), tensors), forward(second.eval(), tensors))


@pytest.mark.parametrize("card", cards(), ids=case_id)
def test_equal_seeds_start_from_equal_weights(card: ArchitectureCard):
    inputs = INPUTS[card.modality][0]
    first, second = encoder_of(card, inputs, seed=3).state_dict(), encoder_of(card, inputs, seed=3).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(("card", "options"), at_bounds(), ids=case_id)
def test_a_spec_with_it_survives_json(card: ArchitectureCard, options: dict[str, Any]):
    try:
        card.options(**options)
    except ValidationError:
        pytest.skip("this option goes with others only")
    spec = Spec(
        data=Data(dataset="d1", target="y", inputs={"x": "number"}),
        task=Choice(name="regression"),
        loss=Choice(name="mse"),
        architecture={card.modality: Choice(name=card.name, options=options)},
    )
    completed = complete(spec, catalogue())
    assert Spec.model_validate_json(completed.model_dump_json()) == completed
    assert complete(completed, catalogue()) == completed
    assert completed.architecture[card.modality].options.items() >= options.items()


@pytest.mark.parametrize("card", cards(), ids=case_id)
def test_its_documentation_names_shapes_and_source(card: ArchitectureCard):
    encoder = encoder_of(card, INPUTS[card.modality][0])
    module = ast.parse(inspect.getsource(inspect.getmodule(type(encoder))))
    documented = [ast.get_docstring(node) or "" for node in module.body if isinstance(node, ast.ClassDef)]
    assert any("Shape:" in text and "Source:" in text for text in documented)
    assert card.source
