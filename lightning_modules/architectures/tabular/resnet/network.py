"""The residual network for tables."""

from collections.abc import Mapping

from torch import Tensor, nn

from lightning_modules.architectures.encoded import Encoded
from lightning_modules.architectures.inputs import TabularInputs
from lightning_modules.architectures.tabular.categories import RowVector
from lightning_modules.architectures.tabular.norm import BatchNorm
from lightning_modules.architectures.tabular.resnet.card import Options


class Block(nn.Module):
    """x + Dropout(Linear(Dropout(ReLU(Linear(BatchNorm(x)))))).

    Shape:
        Input and output (B, width).
    """

    def __init__(self, options: Options) -> None:
        super().__init__()
        hidden = max(1, round(options.width * options.expansion))
        self.change = nn.Sequential(
            BatchNorm(options.width),
            nn.Linear(options.width, hidden),
            nn.ReLU(),
            nn.Dropout(options.dropout),
            nn.Linear(hidden, options.width),
            nn.Dropout(options.residual_dropout),
        )

    def forward(self, x: Tensor) -> Tensor:
        """The input, refined."""
        refined: Tensor = x + self.change(x)
        return refined


class ResNet(nn.Module):
    """A linear layer, residual blocks, then ReLU(BatchNorm(x)) before the head.

    Shape:
        numbers (B, N), categories (B, C); vector (B, width).

    Source:
        Gorishniy et al. (2021), section 3.2, arXiv:2106.11959, after their code (rtdl, MIT). Deviations: the width
        of embeddings follows each column's number of values; the paper has one width for all.
    """

    def __init__(self, options: Options, inputs: TabularInputs) -> None:
        super().__init__()
        self.row = RowVector(inputs, options.categories)
        self.first = nn.Linear(self.row.out_features, options.width)
        self.blocks = nn.Sequential(*(Block(options) for _ in range(options.layers)))
        self.last = nn.Sequential(BatchNorm(options.width), nn.ReLU())
        self.out_features: int = options.width

    def forward(self, inputs: Mapping[str, Tensor]) -> Encoded:
        """What the head reads."""
        return Encoded(self.last(self.blocks(self.first(self.row(inputs)))))


def build(options: Options, inputs: TabularInputs) -> ResNet:
    """The residual network for these inputs."""
    return ResNet(options, inputs)
