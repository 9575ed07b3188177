import pickle
from pathlib import Path

import pytest
import torch
import torchvision
from torchvision.models import get_model_weights

from leyden.errors import RunError
from leyden.spec.model import Choice
from lightning_modules.architectures.build import build_encoder
from lightning_modules.architectures.image.torchvision import network, weights
from lightning_modules.architectures.image.torchvision.card import CARD
from lightning_modules.architectures.inputs import ImageInputs

WIDTHS = {
    "resnet18": 512,
    "resnet50": 2048,
    "mobilenet_v2": 1280,
    "mobilenet_v3_small": 1024,
    "mobilenet_v3_large": 1280,
    "efficientnet_b0": 1280,
    "convnext_tiny": 768,
    "vit_b_16": 768,
    "vgg16": 4096,
}
NOWHERE = "http://127.0.0.1:9"


def encoder_of(model: str, size: int = 64, *, is_restored: bool = False, **options):
    choice = Choice(name="torchvision", options={"model": model, **options})
    return build_encoder("image", choice, ImageInputs(size=size), is_restored=is_restored)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Torch.hub's checkpoint folder, with no network behind it."""
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.setattr(torchvision.models._api, "load_state_dict_from_url", load_from_nowhere)
    return tmp_path / "checkpoints"


def load_from_nowhere(url: str, **arguments):
    return torch.hub.load_state_dict_from_url(f"{NOWHERE}/{url.rpartition('/')[2]}", **arguments)


def weights_file(hub: Path, model: str) -> Path:
    hub.mkdir(exist_ok=True)
    return hub / get_model_weights(model)[weights.VERSION].url.rpartition("/")[2]


@pytest.mark.parametrize("model", CARD.options.model_fields["model"].annotation.__args__)
@pytest.mark.parametrize("size", [16, 64, 100, 224])
def test_every_network_takes_every_size(model: str, size: int):
    with torch.device("meta"):
        encoder = encoder_of(model, size)
        vector = encoder({"pixels": torch.empty(2, 3, size, size)}).vector
    assert vector.shape == (2, WIDTHS[model]) and encoder.out_features == WIDTHS[model]


@pytest.mark.parametrize("model", WIDTHS)
def test_imagenet_weights_exist_for_every_network_under_their_hash(model: str):
    name = get_model_weights(model)[weights.VERSION].url.rpartition("/")[2]
    assert torch.hub.HASH_REGEX.search(name)


def test_a_network_without_its_head_is_torchvisions_own():
    encoder = encoder_of("mobilenet_v3_small", dropout=0.0).eval()
    torch.manual_seed(1)
    whole = torchvision.models.mobilenet_v3_small(weights=None).eval()
    state = {key: value for key, value in whole.state_dict().items() if not key.startswith("classifier.3.")}
    encoder.network.load_state_dict(state)
    pixels = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        logits = whole.classifier[3](encoder({"pixels": pixels}).vector)
        assert torch.allclose(logits, whole(pixels), atol=1e-6)


def test_weights_that_cannot_be_fetched_say_where_to_put_them(hub: Path):
    with pytest.raises(RunError) as failure:
        encoder_of("resnet18", weights="imagenet")
    assert failure.value.message.code == "weights_unavailable"
    assert "resnet18-f37072fd.pth" in str(failure.value) and str(hub) in str(failure.value)


def test_weights_that_lie_in_the_folder_are_taken(hub: Path):
    torch.manual_seed(5)
    whole = torchvision.models.resnet18(weights=None)
    torch.save(whole.state_dict(), weights_file(hub, "resnet18"))
    encoder = encoder_of("resnet18", weights="imagenet")
    assert torch.equal(encoder.network.layer4[1].conv2.weight, whole.layer4[1].conv2.weight)


def test_a_restored_network_fetches_nothing(hub: Path):
    encoder_of("resnet18", weights="imagenet", is_restored=True)
    assert not hub.exists()


class Trap:
    def __reduce__(self):
        return Path.touch, (Path("trapped"),)


def test_a_file_that_is_no_weights_is_refused_and_not_run(
    hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    for content in (pickle.dumps(Trap(), protocol=2), b"<html>not found</html>", b""):
        weights_file(hub, "resnet18").write_bytes(content)
        with pytest.raises(RunError) as failure:
            encoder_of("resnet18", weights="imagenet")
        assert failure.value.message.code == "weights_unreadable"
    assert not Path("trapped").exists()


def test_weights_of_another_network_are_refused(hub: Path):
    other = torchvision.models.mobilenet_v3_small(weights=None)
    torch.save(other.state_dict(), weights_file(hub, "resnet18"))
    with pytest.raises(RunError) as failure:
        encoder_of("resnet18", weights="imagenet")
    assert failure.value.message.code == "weights_unreadable"


def test_a_frozen_network_does_not_change(hub: Path):
    whole = torchvision.models.mobilenet_v3_small(weights=None)
    torch.save(whole.state_dict(), weights_file(hub, "mobilenet_v3_small"))
    encoder = encoder_of("mobilenet_v3_small", weights="imagenet", freeze=True).train()
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    assert not any(parameter.requires_grad for parameter in encoder.parameters())
    encoder({"pixels": torch.randn(4, 3, 64, 64)})
    assert all(torch.equal(value, before[name]) for name, value in encoder.state_dict().items())


def test_the_transformers_positions_are_interpolated(monkeypatch: pytest.MonkeyPatch):
    state = torchvision.models.vit_b_16(weights=None).state_dict()
    monkeypatch.setattr(network, "imagenet_weights", lambda model: dict(state))
    encoder = encoder_of("vit_b_16", size=100, weights="imagenet")
    assert encoder.side == 112
    assert encoder.network.encoder.pos_embedding.shape == (1, (112 // 16) ** 2 + 1, 768)
    assert torch.equal(encoder.network.conv_proj.weight, state["conv_proj.weight"])
