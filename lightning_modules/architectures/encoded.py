"""What an encoder returns."""

from typing import NamedTuple

from torch import Tensor


class Encoded(NamedTuple):
    """Features of a batch.

    Shape:
        vector: (B, D), or (B, K, D) for K ensemble members: the loss is averaged over them, and so are their
            probabilities.
        sequence: (B, T, D), one vector per token or patch, where an architecture has them.
        mask: (B, T) bool, True where the sequence holds a value.
    """

    vector: Tensor
    sequence: Tensor | None = None
    mask: Tensor | None = None
