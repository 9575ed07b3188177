"""The whole network of a run: an encoder per modality, and one head."""

import torch
from torch import Tensor, nn

from leyden.catalogue import Modality
from leyden.spec.model import Choice
from lightning_modules.architectures.build import build_encoder
from lightning_modules.architectures.inputs import Inputs
from lightning_modules.data.stored import Tensors


class Network(nn.Module):
    """Encoders' vectors side by side, then a linear head.

    Shape:
        Inputs by modality, as each encoder wants them; logits (B, O), or (B, K, O) when an encoder has K ensemble
        members. Encoders without members lend their vector to all K.

    Args:
        encoders: By modality; each has `out_features`.
        num_outputs: O.
    """

    def __init__(self, encoders: dict[Modality, nn.Module], num_outputs: int) -> None:
        super().__init__()
        self.modalities = tuple(encoders)
        self.encoders = nn.ModuleDict({str(modality): encoder for modality, encoder in encoders.items()})
        width = sum(_width(encoder) for encoder in encoders.values())
        self.head = nn.Linear(width, num_outputs)

    def forward(self, inputs: Tensors) -> Tensor:
        """The logits of a batch."""
        vectors = [self.encoders[modality](inputs[modality]).vector for modality in self.modalities]
        logits: Tensor = self.head(vectors[0] if len(vectors) == 1 else _side_by_side(vectors))
        return logits


def _width(encoder: nn.Module) -> int:
    width = encoder.out_features
    assert isinstance(width, int)
    return width


def _side_by_side(vectors: list[Tensor]) -> Tensor:
    members = max((vector.shape[1] for vector in vectors if vector.ndim == 3), default=None)
    if members is not None:
        vectors = [v if v.ndim == 3 else v.unsqueeze(1).expand(-1, members, -1) for v in vectors]
    return torch.cat(vectors, dim=-1)


def build_network(
    architecture: dict[Modality, Choice],
    inputs: dict[Modality, Inputs],
    num_outputs: int,
    *,
    is_restored: bool = False,
) -> Network:
    """The network of a spec's architecture.

    Args:
        architecture: The choice for each modality.
        inputs: What the prepared tensors look like.
        num_outputs: Width of the head.
        is_restored: Its weights come from a checkpoint next, so published ones are not fetched.
    """
    encoders = {
        modality: build_encoder(modality, architecture[modality], inputs[modality], is_restored=is_restored)
        for modality in inputs
    }
    return Network(encoders, num_outputs)


def count_parameters(network: nn.Module, *, trained_only: bool = False) -> int:
    """Numbers in the network's weights; of all of them, or of those that training changes."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad or not trained_only)
