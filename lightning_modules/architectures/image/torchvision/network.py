"""Torchvision's networks without their last layer."""

from collections.abc import Mapping

import torchvision
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models.vision_transformer import interpolate_embeddings

from lightning_modules.architectures.encoded import Encoded
from lightning_modules.architectures.image.torchvision.card import Options
from lightning_modules.architectures.image.torchvision.weights import imagenet_weights, weights_unreadable
from lightning_modules.architectures.inputs import ImageInputs

SMALLEST_SIDE = 64
"""These networks shrink a picture 32 times; below 64 px nothing but one pixel would be left to normalise."""
PATCH = 16
"""Side of the patches of the vision transformer: it takes whole ones only."""


class Backbone(nn.Module):
    """A network as published up to its last linear layer, which the head replaces.

    Shape:
        pixels (B, 3, S, S), S >= 16; vector (B, D), D by network: 512 (resnet18) to 4096 (vgg16).

    Source:
        torchvision.models, each with its paper. Deviations: pictures below 64 px are enlarged; for the vision
        transformer, pictures are enlarged to a multiple of 16 px and the position embeddings interpolated; one
        dropout, that of the options, stands before the head.
    """

    def __init__(self, options: Options, inputs: ImageInputs) -> None:
        super().__init__()
        self.options = options
        self.side = max(inputs.size, SMALLEST_SIDE)
        size: dict[str, int] = {}
        if self.is_transformer:
            self.side = -(-self.side // PATCH) * PATCH
            size["image_size"] = self.side
        self.network: nn.Module = torchvision.models.get_model(options.model, weights=None, **size)
        self.head, self.out_features = _remove_head(self.network)
        self.dropout = nn.Dropout(options.dropout)
        self.network.requires_grad_(not options.freeze)

    @property
    def is_transformer(self) -> bool:
        """Whether the network reads patches, and so has a fixed size of picture."""
        return self.options.model.startswith("vit_")

    def forward(self, inputs: Mapping[str, Tensor]) -> Encoded:
        """The features before the network's last layer."""
        pixels = inputs["pixels"]
        if pixels.shape[-1] != self.side:
            pixels = F.interpolate(pixels, size=(self.side, self.side), mode="bilinear", antialias=True)
        return Encoded(self.dropout(self.network(pixels)))

    def train(self, mode: bool = True) -> "Backbone":
        """Switches to training; a frozen network stays as it is, its normalisation statistics included."""
        super().train(mode)
        if self.options.freeze:
            self.network.eval()
        return self

    def load_pretrained(self) -> None:
        """Starts from ImageNet's weights if the options ask for them.

        Raises:
            RunError: They cannot be fetched or read.
        """
        if self.options.weights == "none":
            return
        state = imagenet_weights(self.options.model)
        head = (f"{self.head}.weight", f"{self.head}.bias")
        try:
            if self.is_transformer:
                state = interpolate_embeddings(self.side, PATCH, state)
            self.network.load_state_dict({key: value for key, value in state.items() if key not in head})
        except (RuntimeError, LookupError, TypeError, AttributeError) as error:
            raise weights_unreadable(self.options.model) from error


def _remove_head(network: nn.Module) -> tuple[str, int]:
    """Takes the last linear layer away; returns its name and how many features it read."""
    name, last = [(name, part) for name, part in network.named_modules() if isinstance(part, nn.Linear)][-1]
    parent = network.get_submodule(name.rpartition(".")[0])
    setattr(parent, name.rpartition(".")[2], nn.Identity())
    for part in parent.children() if parent is not network else ():
        if isinstance(part, nn.Dropout):
            part.p = 0.0
    return name, last.in_features


def build(options: Options, inputs: ImageInputs) -> Backbone:
    """The network for pictures of this size, with random weights until `load_pretrained`."""
    return Backbone(options, inputs)
