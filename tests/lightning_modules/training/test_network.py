import numpy as np
import pandas as pd
import torch
from torch import nn

from leyden.spec import model
from leyden.spec.model import Choice, Fusion, Images
from lightning_modules.architectures.encoded import Encoded
from lightning_modules.data.preparation import Preparation
from lightning_modules.data.stored import take
from lightning_modules.training.network import Network, build_network, count_parameters
from lightning_modules.training.threads import threads_for
from tests.lightning_modules.workspace import picture

SPEC = model.Spec(
    data=model.Data(dataset="d1", target="kind", inputs={"photo": "image", "size": "number"}),
    task=Choice(name="classification"),
    loss=Choice(name="cross_entropy"),
    architecture={"tabular": Choice(name="mlp"), "image": Choice(name="cnn")},
)


class Members(nn.Module):
    """An encoder with K ensemble members."""

    out_features = 4

    def forward(self, inputs):
        return Encoded(inputs["numbers"][:, None, :].expand(-1, 5, -1))


class Plain(nn.Module):
    out_features = 4

    def forward(self, inputs):
        return Encoded(inputs["pixels"])


def mixed():
    """A table with a number and a picture per row, prepared."""
    frame = pd.DataFrame({"photo": [picture(i) for i in range(6)], "size": np.arange(6.0)})
    options = model.Preparation(images=Images(size=16))
    return Preparation.fit(frame, {"photo": "image", "size": "number"}, options), frame


def test_a_table_with_pictures_trains_as_one_network():
    preparation, frame = mixed()
    network = build_network(SPEC, preparation.inputs, 3)
    stored = preparation.transform(frame)
    batch = preparation.finish(take(stored, torch.arange(6)), torch.rand(6, preparation.num_random))
    logits = network(batch)
    logits.sum().backward()
    assert logits.shape == (6, 3)
    assert all(parameter.grad is not None for parameter in network.parameters())


def test_the_order_of_inputs_in_a_spec_does_not_change_the_network():
    preparation, frame = mixed()
    options = model.Preparation(images=Images(size=16))
    other = Preparation.fit(frame, {"size": "number", "photo": "image"}, options)
    assert list(preparation.inputs) == list(other.inputs)
    assert list(Preparation.from_plain(preparation.to_plain()).inputs) == list(preparation.inputs)


def test_fusion_lets_one_modality_change_what_another_means():
    """Without it, the effect of a number is the same whatever the picture shows."""
    numbers, pixels = torch.rand(2, 4), torch.rand(2, 4)

    def effect(network, place):
        seen = {"image": {"pixels": pixels[place].expand(2, -1)}, "tabular": {"pixels": numbers}}
        first, second = network.eval()(seen)
        return second - first

    torch.manual_seed(0)
    added = Network({"tabular": Plain(), "image": Plain()}, 2, Fusion(width=0))
    assert torch.allclose(effect(added, 0), effect(added, 1), atol=1e-6)
    fused = Network({"tabular": Plain(), "image": Plain()}, 2, Fusion(width=32))
    assert not torch.allclose(effect(fused, 0), effect(fused, 1), atol=1e-3)


def test_ensemble_members_share_a_vector_that_has_none():
    network = Network({"tabular": Members(), "image": Plain()}, 2, Fusion())
    logits = network({"tabular": {"numbers": torch.rand(3, 4)}, "image": {"pixels": torch.rand(3, 4)}})
    assert logits.shape == (3, 5, 2)


def test_parameters_are_counted():
    network = Network({"tabular": Plain()}, 2, Fusion())
    assert count_parameters(network) == 4 * 2 + 2
    network.requires_grad_(False)
    assert count_parameters(network, trained_only=True) == 0


def test_small_steps_take_one_thread_and_large_ones_the_default(monkeypatch):
    chosen = []
    monkeypatch.setattr(torch, "get_num_threads", lambda: 8)
    monkeypatch.setattr(torch, "set_num_threads", chosen.append)
    preparation, _ = mixed()
    network = build_network(SPEC, preparation.inputs, 3)
    with threads_for(network, preparation, micro_rows=2):
        assert chosen == [1]
    assert chosen == [1, 8] and network.training
    with threads_for(network, preparation, micro_rows=100_000):
        assert chosen == [1, 8]
