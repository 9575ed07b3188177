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
        RunError: They cannot be fetched, or the file is not what its name says.
    """
    weights = get_model_weights(model)[VERSION]
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    where = {"model": model, "file": Path(urlparse(weights.url).path).name, "folder": str(folder)}
    try:
        with _timeout():
            state: dict[str, Tensor] = weights.get_state_dict(
                progress=False, check_hash=True, weights_only=True, map_location="cpu"
            )
    except (OSError, HTTPException) as error:
        raise RunError("weights_unavailable", url=weights.url, **where) from error
    except (RuntimeError, pickle.UnpicklingError, EOFError, ValueError) as error:
        raise RunError("weights_unreadable", url=weights.url, **where) from error
    return state


@contextmanager
def _timeout() -> Iterator[None]:
    """Bounds each wait for the network: behind a firewall, torch.hub itself would wait for minutes."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT_S)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
