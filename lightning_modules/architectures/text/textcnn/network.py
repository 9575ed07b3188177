"""The convolutional network for texts."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lightning_modules.architectures.encoded import Encoded
from lightning_modules.architectures.inputs import TextInputs
from lightning_modules.architectures.text.textcnn.card import Options
from lightning_modules.architectures.text.tokens import TokenVectors, greatest

INITIAL_STD = 1.0
"""Of a token's vector: filters need something to hold on to. On 700 Chinese lyrics 0.1 costs a tenth of F1."""


class TextCNN(nn.Module):
    """Filters over phrases of several lengths, each one's greatest answer, and dropout.

    A phrase may begin at any token and reach beyond the text's end, where zeros stand.

    Shape:
        tokens (B, T); vector (B, lengths * filters); sequence (B, T, lengths * filters).

    Source:
        Kim (2014), arXiv:1408.5882, CNN-rand. Deviation: no limit on the norm of the last layer's weights.
    """

    def __init__(self, options: Options, inputs: TextInputs) -> None:
        super().__init__()
        self.vectors = TokenVectors(inputs.num_tokens, options.embedding, std=INITIAL_STD)
        self.lengths = range(options.shortest, options.shortest + options.lengths)
        self.filters = nn.ModuleList(
            nn.Conv1d(options.embedding, options.filters, length) for length in self.lengths
        )
        self.dropout = nn.Dropout(options.dropout)
        self.out_features: int = options.filters * options.lengths

    def forward(self, inputs: Mapping[str, Tensor]) -> Encoded:
        """What each filter finds at each token, and the most of it."""
        vectors, mask = self.vectors(inputs["tokens"])
        channels = vectors.transpose(1, 2)
        phrases = zip(self.lengths, self.filters, strict=True)
        found = [filters(F.pad(channels, (0, length - 1))) for length, filters in phrases]
        sequence = F.relu(torch.cat(found, dim=1)).transpose(1, 2)
        return Encoded(self.dropout(greatest(sequence, mask)), sequence, mask)


def build(options: Options, inputs: TextInputs) -> TextCNN:
    """The network for these inputs."""
    return TextCNN(options, inputs)
