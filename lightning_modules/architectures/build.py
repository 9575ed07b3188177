"""From a choice in a spec to an encoder."""

import importlib
from typing import Any, Protocol, runtime_checkable

from torch import nn

from leyden.catalogue import Modality
from leyden.spec.model import Choice
from lightning_modules.architectures.inputs import Inputs
from lightning_modules.catalog import catalogue


@runtime_checkable
class Pretrained(Protocol):
    """An encoder that can start from published weights."""

    def load_pretrained(self) -> None:
        """Fetches the published weights, where its options ask for them, and starts from them."""


def build_encoder(modality: Modality, choice: Choice, inputs: Inputs, *, is_restored: bool = False) -> nn.Module:
    """An encoder for one modality, whose attribute `out_features` is the width of the vector it returns.

    Args:
        modality: Which kind of input it reads.
        choice: Name and options; those left out take the card's defaults.
        inputs: What the prepared tensors look like.
        is_restored: Its weights come from a checkpoint next, so published ones are not fetched.

    Raises:
        RunError: Published weights were asked for and cannot be had.
    """
    card = catalogue().architectures[modality][choice.name]
    network: Any = importlib.import_module(f"lightning_modules.architectures.{modality}.{choice.name}.network")
    encoder: nn.Module = network.build(card.options(**choice.options), inputs)
    if isinstance(encoder, Pretrained) and not is_restored:
        encoder.load_pretrained()
    return encoder
