"""Published ImageNet weights, by torchvision's own loader."""

import pickle
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlparse

import torch
from torch import Tensor
from torchvision.models import get_model_weights

from leyden.errors import RunError

VERSION = "IMAGENET1K_V1"
"""The one version that every network of the card has."""
TIMEOUT_S = 30.0


def imagenet_weights(model: str) -> dict[str, Tensor]:
    """The state of a network trained on ImageNet, downloaded once into torch.hub's checkpoint folder.

    Raises:
        RunError: They cannot be fetched, or the file does not hold weights.
    """
    try:
        with _timeout():
            state: dict[str, Tensor] = get_model_weights(model)[VERSION].get_state_dict(
                progress=False, check_hash=True, weights_only=True, map_location="cpu"
            )
    except (OSError, HTTPException) as error:
        raise RunError("weights_unavailable", **_where(model)) from error
    except (RuntimeError, pickle.UnpicklingError, EOFError, LookupError, ValueError) as error:
        raise weights_unreadable(model) from error
    return state


def weights_unreadable(model: str) -> RunError:
    """The file is there, and is not what its name says."""
    return RunError("weights_unreadable", **_where(model))


def _where(model: str) -> dict[str, str]:
    """Where torch.hub looks for the file, and where it fetches it from."""
    url = get_model_weights(model)[VERSION].url
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    return {"model": model, "url": url, "file": Path(urlparse(url).path).name, "folder": str(folder)}


@contextmanager
def _timeout() -> Iterator[None]:
    """Bounds each wait for the network: behind a firewall, torch.hub itself would wait for minutes."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT_S)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
