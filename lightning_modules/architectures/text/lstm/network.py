"""The recurrent network."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from lightning_modules.architectures.encoded import Encoded
from lightning_modules.architectures.inputs import TextInputs
from lightning_modules.architectures.text.lstm.card import Options
from lightning_modules.architectures.text.tokens import POOLINGS, TokenVectors, dense, last

CELLS: Mapping[str, type[nn.LSTM] | type[nn.GRU]] = {"lstm": nn.LSTM, "gru": nn.GRU}


class Layer(nn.Module):
    """One layer of a recurrent network, forwards or both ways.

    Padding stands at the end, so that forwards it is read after everything else. Backwards a row is reversed
    within its own length: cheaper than torch's packed sequences, and without a trip to the CPU.

    Shape:
        Input (B, T, fan_in), mask (B, T); output (B, T, width), or (B, T, 2 * width) both ways.
    """

    def __init__(self, fan_in: int, options: Options) -> None:
        super().__init__()
        cell = CELLS[options.cell]
        self.forwards = cell(fan_in, options.width, batch_first=True)
        self.backwards = cell(fan_in, options.width, batch_first=True) if options.both_ways else None
        self.out_features: int = options.width * (1 + options.both_ways)

    def forward(self, sequence: Tensor, mask: Tensor) -> Tensor:
        """What each token means after what was read before it, and both ways also after it."""
        forwards, _ = self.forwards(sequence)
        if self.backwards is None:
            return torch.as_tensor(forwards)
        backwards, _ = self.backwards(_reversed(sequence, mask))
        return torch.cat([forwards, _reversed(backwards, mask)], dim=2)


class Recurrent(nn.Module):
    """Token vectors, recurrent layers, pooling, dropout, and a dense layer with ReLU.

    Shape:
        tokens (B, T); vector (B, dense), or (B, D) without a dense layer, D = width, or twice that both ways;
        sequence (B, T, D).

    Source:
        Hochreiter and Schmidhuber (1997); Cho et al. (2014), arXiv:1406.1078. Deviation: the vector may be the mean
        or maximum of all states (Conneau et al. 2017, arXiv:1705.02364) instead of the last one.
    """

    def __init__(self, options: Options, inputs: TextInputs) -> None:
        super().__init__()
        self.vectors = TokenVectors(inputs.num_tokens, options.embedding)
        self.layers = nn.ModuleList()
        width = options.embedding
        for _ in range(options.layers):
            self.layers.append(Layer(width, options))
            width = options.width * (1 + options.both_ways)
        self.between = nn.Dropout(options.dropout)
        self.pooling, self.width = options.pooling, options.width
        self.dense, self.out_features = dense(width, options.dense, options.dropout)

    def forward(self, inputs: Mapping[str, Tensor]) -> Encoded:
        """The states of the last layer, pooled."""
        sequence, mask = self.vectors(inputs["tokens"])
        for index, layer in enumerate(self.layers):
            sequence = layer(self.between(sequence) if index else sequence, mask)
        return Encoded(self.dense(self._pool(sequence, mask)), sequence, mask)

    def _pool(self, sequence: Tensor, mask: Tensor) -> Tensor:
        if self.pooling != "last":
            return POOLINGS[self.pooling](sequence, mask)
        # The backward reading ends at the first token.
        return torch.cat([last(sequence[..., : self.width], mask), sequence[:, 0, self.width :]], dim=1)


def _reversed(sequence: Tensor, mask: Tensor) -> Tensor:
    """Each row's tokens in reverse order, its padding left where it is."""
    places = torch.arange(mask.shape[1], device=mask.device)
    index = torch.where(mask, mask.sum(dim=1, keepdim=True) - 1 - places, places)
    return sequence.gather(1, index.unsqueeze(2).expand_as(sequence))


def build(options: Options, inputs: TextInputs) -> Recurrent:
    """The network for these inputs."""
    return Recurrent(options, inputs)
