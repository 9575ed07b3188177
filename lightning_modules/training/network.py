"""The whole network of a run: an encoder per modality, a layer where several come together, and one head."""

import torch
from torch import Tensor, nn

from leyden.catalogue import Modality
from leyden.spec.model import Fusion, Spec
from lightning_modules.architectures.build import build_encoder
from lightning_modules.architectures.inputs import Inputs
from lightning_modules.data.stored import Tensors


class Network(nn.Module):
    """Encoders' vectors side by side, a hidden layer over them where there are several, then a linear head.

    Without that layer the answer would be a sum with one term per modality, and no modality could change what
    another means: whether a number is high *and* the picture shows a cat, say, could not be told.

    Shape:
        Inputs by modality, as each encoder wants them; logits (B, O), or (B, K, O) when an encoder has K ensemble
        members. Encoders without members lend their vector to all K.

    Args:
        encoders: By modality; each has `out_features`.
        num_outputs: O.
        fusion: The hidden layer.
    """

    def __init__(self, encoders: dict[Modality, nn.Module], num_outputs: int, fusion: Fusion) -> None:
        super().__init__()
        self.modalities = tuple(encoders)
        self.encoders = nn.ModuleDict({str(modality): encoder for modality, encoder in encoders.items()})
        width = sum(_width(encoder) for encoder in encoders.values())
        has_fusion = len(encoders) > 1 and fusion.width > 0
        self.fusion = _fusion(width, fusion) if has_fusion else nn.Identity()
        self.head = nn.Linear(fusion.width if has_fusion else width, num_outputs)

    def forward(self, inputs: Tensors) -> Tensor:
        """The logits of a batch."""
        vectors = [self.encoders[modality](inputs[modality]).vector for modality in self.modalities]
        logits: Tensor = self.head(self.fusion(vectors[0] if len(vectors) == 1 else _side_by_side(vectors)))
        return logits


def _fusion(width: int, fusion: Fusion) -> nn.Module:
    return nn.Sequential(nn.Linear(width, fusion.width), nn.ReLU(), nn.Dropout(fusion.dropout))


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
    spec: Spec, inputs: dict[Modality, Inputs], num_outputs: int, *, is_restored: bool = False
) -> Network:
    """The network that a spec describes.

    Args:
        spec: Says the architecture for each modality, and how they come together.
        inputs: What the prepared tensors look like.
        num_outputs: Width of the head.
        is_restored: Its weights come from a checkpoint next, so published ones are not fetched.
    """
    encoders = {
        modality: build_encoder(modality, spec.architecture[modality], inputs[modality], is_restored=is_restored)
        for modality in inputs
    }
    return Network(encoders, num_outputs, spec.fusion)


def count_parameters(network: nn.Module, *, trained_only: bool = False) -> int:
    """Numbers in the network's weights; of all of them, or of those that training changes."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad or not trained_only)
