"""What a network is told of the tensors it will get. One record per modality; plain data, no torch."""

from leyden.records import Record

PADDING = 0
"""The token that fills up the shorter rows of a batch of texts."""


class TabularInputs(Record):
    """Inputs of a table.

    A network gets `numbers`, (B, num_numbers) float32, and `categories`, (B, len(cardinalities)) int64, where
    column j holds values in [0, cardinalities[j]). Either may have no columns, but not both.
    """

    num_numbers: int
    cardinalities: tuple[int, ...] = ()


class ImageInputs(Record):
    """Inputs of pictures: a network gets `pixels`, (B, channels, size, size) float32, normalised."""

    size: int
    channels: int = 3


class TextInputs(Record):
    """Inputs of texts: a network gets `tokens`, (B, T) int64 with 1 <= T <= max_length.

    Tokens are in [0, num_tokens). `PADDING` stands at a row's end, up to the longest row of the batch, and must never
    change an answer; every row has at least one other token.
    """

    num_tokens: int
    max_length: int


Inputs = TabularInputs | ImageInputs | TextInputs
