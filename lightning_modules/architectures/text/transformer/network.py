"""The transformer: a small encoder, trained from scratch."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lightning_modules.architectures.encoded import Encoded
from lightning_modules.architectures.inputs import TextInputs
from lightning_modules.architectures.text.tokens import TokenVectors, mean
from lightning_modules.architectures.text.transformer.card import Options

WIDENING = 4
"""A block's dense layer is this much wider than its tokens, as in the paper."""


class Attention(nn.Module):
    """Each token gathers from all tokens what it finds relevant, several heads at a time.

    Shape:
        Input (B, T, D), mask (B, T); output (B, T, D).
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.asked = nn.Linear(width, 3 * width)
        self.gathered = nn.Linear(width, width)

    def forward(self, sequence: Tensor, mask: Tensor) -> Tensor:
        """Queries, keys and values of all heads, and what they make of each other."""
        parts = self.asked(sequence).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        query, key, value = parts.unbind(0)
        found = F.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        return torch.as_tensor(self.gathered(found.transpose(1, 2).flatten(2)))


class Block(nn.Module):
    """Attention and a dense layer, each added to what came in, which is normalised first.

    Shape:
        Input (B, T, D), mask (B, T); output (B, T, D).
    """

    def __init__(self, width: int, options: Options) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.attention = Attention(width, options.heads)
        self.dense = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, WIDENING * width),
            nn.GELU(),
            nn.Linear(WIDENING * width, width),
        )
        self.dropout = nn.Dropout(options.dropout)

    def forward(self, sequence: Tensor, mask: Tensor) -> Tensor:
        """Adds what attention, and then the dense layer, found."""
        sequence = sequence + self.dropout(self.attention(self.norm(sequence), mask))
        return torch.as_tensor(sequence + self.dropout(self.dense(sequence)))


class Transformer(nn.Module):
    """Token vectors with their places, blocks of attention, and the mean of what comes out.

    Shape:
        tokens (B, T); vector (B, D) and sequence (B, T, D), D = heads * head_width.

    Source:
        Vaswani et al. (2017), arXiv:1706.03762, the encoder. Deviations: normalisation before each part (Xiong et
        al. 2020, arXiv:2002.04745), learned places, GELU, no dropout within attention, and a mean over tokens.
    """

    def __init__(self, options: Options, inputs: TextInputs) -> None:
        super().__init__()
        width = options.heads * options.head_width
        self.vectors = TokenVectors(inputs.num_tokens, width)
        self.places = nn.Parameter(torch.empty(inputs.max_length, width))
        nn.init.normal_(self.places, std=0.02)
        self.dropout = nn.Dropout(options.dropout)
        self.blocks = nn.ModuleList(Block(width, options) for _ in range(options.layers))
        self.norm = nn.LayerNorm(width)
        self.out_features: int = width

    def forward(self, inputs: Mapping[str, Tensor]) -> Encoded:
        """What every token means among the others, and the mean of it."""
        vectors, mask = self.vectors(inputs["tokens"])
        sequence = self.dropout(vectors + self.places[: vectors.shape[1]])
        for block in self.blocks:
            sequence = block(sequence, mask)
        sequence = self.norm(sequence)
        return Encoded(mean(sequence, mask), sequence, mask)


def build(options: Options, inputs: TextInputs) -> Transformer:
    """The network for these inputs."""
    return Transformer(options, inputs)
