"""The size of a network before it is trained: its layers are all of it."""

import pytest

from leyden.datasets.read import load_profile
from lightning_modules.measure import MAX_LAYERS, measure_spec
from tests.lightning_modules.workspace import add_pictures, add_table, flowers, reviews, submit


@pytest.fixture(params=["tabular", "image", "text"])
def modality(request, home, store):
    """A workspace with data of one modality; what is predicted of it."""
    if request.param == "image":
        add_pictures(home, store, 12)
    elif request.param == "text":
        add_table(home, store, reviews(), title="text", 正文="text")
    else:
        add_table(home, store, flowers())
    return request.param, {"tabular": "kind", "image": "label", "text": "mood"}[request.param]


ARCHITECTURES = {
    "tabular": ({"": "mlp"}, {"": "linear"}, {"": "resnet"}),
    "image": ({"": "cnn"}, {"": "torchvision", "options.model": "resnet18", "options.weights": "none"}),
    "text": (
        {"": "embedding_mean"},
        {"": "lstm"},
        {"": "lstm", "options.both_ways": False, "options.layers": 3, "options.cell": "gru"},
        {"": "textcnn"},
        {"": "transformer"},
    ),
}


def test_the_layers_hold_all_parameters(home, store, modality):
    name, target = modality
    for choice in ARCHITECTURES[name]:
        changes = {f"architecture.{name}.{key}".rstrip("."): value for key, value in choice.items()}
        run = submit(home, store, target, changes)
        measured = measure_spec(home, run.spec, load_profile(home, run.dataset_id))
        layers = measured["layers"]
        assert sum(layer["num_parameters"] for layer in layers) == measured["num_parameters"], (choice, layers)
        assert len(layers) <= MAX_LAYERS
