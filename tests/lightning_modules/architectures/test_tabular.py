import pytest
import torch
from torch import nn

from leyden.spec.model import Choice
from lightning_modules.architectures.build import build_encoder
from lightning_modules.architectures.inputs import TabularInputs
from lightning_modules.architectures.tabular.categories import OneHot
from lightning_modules.architectures.tabular.norm import BatchNorm


def test_an_mlp_can_be_exactly_784_128_128_10():
    choice = Choice(name="mlp", options={"layers": 2, "width": 128, "dropout": 0.0, "activation": "sigmoid"})
    encoder = build_encoder("tabular", choice, TabularInputs(num_numbers=784))
    network = nn.Sequential(encoder, nn.Linear(encoder.out_features, 10))
    shapes = [tuple(parameter.shape) for parameter in network.parameters()]
    assert shapes == [(128, 784), (128,), (128, 128), (128,), (10, 128), (10,)]
    assert [type(part) for part in encoder.layers] == [nn.Linear, nn.Sigmoid, nn.Linear, nn.Sigmoid]


def test_the_linear_model_has_no_weights_of_its_own():
    encoder = build_encoder("tabular", Choice(name="linear"), TabularInputs(num_numbers=2, cardinalities=(3,)))
    assert list(encoder.parameters()) == []
    inputs = {"numbers": torch.tensor([[1.5, -2.0]]), "categories": torch.tensor([[2]])}
    assert encoder(inputs).vector.tolist() == [[1.5, -2.0, 0.0, 0.0, 1.0]]


def test_one_hot_stands_side_by_side():
    assert OneHot((2, 3))(torch.tensor([[1, 0], [0, 2]])).tolist() == [[0, 1, 1, 0, 0], [1, 0, 0, 0, 1]]


@pytest.mark.parametrize("name", ["mlp", "resnet"])
def test_categories_are_read_either_way(name: str):
    inputs = TabularInputs(num_numbers=1, cardinalities=(4,))
    widths = []
    for categories in ("embedding", "one_hot"):
        encoder = build_encoder("tabular", Choice(name=name, options={"categories": categories}), inputs)
        widths.append(encoder.row.out_features)
    assert widths == [1 + 3, 1 + 4]


def test_a_resnet_block_starts_as_a_residual():
    encoder = build_encoder(
        "tabular", Choice(name="resnet", options={"layers": 1, "width": 8}), TabularInputs(num_numbers=8)
    ).eval()
    block = encoder.blocks[0]
    for parameter in block.change[4].parameters():
        nn.init.zeros_(parameter)
    x = torch.randn(5, 8)
    assert torch.equal(block(x), x)
    kinds = [type(part) for part in block.change]
    assert kinds == [BatchNorm, nn.Linear, nn.ReLU, nn.Dropout, nn.Linear, nn.Dropout]


def test_a_batch_of_one_row_is_normalised_by_the_running_statistics():
    norm = BatchNorm(4).train()
    for _ in range(200):
        norm(torch.randn(64, 4) * 3 + 5)
    before = norm.running_mean.clone()
    one = torch.randn(1, 4)
    in_training = norm(one)
    assert torch.equal(norm.running_mean, before)
    assert torch.equal(in_training, norm.eval()(one))
