"""The multi-layer perceptron."""

from collections.abc import Mapping
from itertools import pairwise

from torch import Tensor, nn

from lightning_modules.architectures.encoded import Encoded
from lightning_modules.architectures.inputs import TabularInputs
from lightning_modules.architectures.tabular.categories import RowVector
from lightning_modules.architectures.tabular.mlp.card import Options
from lightning_modules.architectures.tabular.norm import BatchNorm

ACTIVATIONS: Mapping[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
}


class MLP(nn.Module):
    """Fully connected layers, each followed by (batch normalisation,) an activation (and dropout).

    Shape:
        numbers (B, N), categories (B, C); vector (B, width).

    Source:
        Rumelhart, Hinton and Williams, Nature 323 (1986). Deviations: activations of later years, dropout
        (Srivastava et al. 2014), batch normalisation (Ioffe and Szegedy 2015).
    """

    def __init__(self, options: Options, inputs: TabularInputs) -> None:
        super().__init__()
        self.row = RowVector(inputs, options.categories)
        widths = [self.row.out_features] + [options.width] * options.layers
        self.layers = nn.Sequential()
        for fan_in, fan_out in pairwise(widths):
            self.layers.extend(_layer(fan_in, fan_out, options))
        self.out_features: int = options.width

    def forward(self, inputs: Mapping[str, Tensor]) -> Encoded:
        """The last hidden layer's values."""
        return Encoded(self.layers(self.row(inputs)))


def _layer(fan_in: int, fan_out: int, options: Options) -> list[nn.Module]:
    linear = nn.Linear(fan_in, fan_out)
    _initialise(linear, options.activation)
    parts: list[nn.Module] = [linear]
    if options.batch_norm:
        parts.append(BatchNorm(fan_out))
    parts.append(ACTIVATIONS[options.activation]())
    if options.dropout:
        parts.append(nn.Dropout(options.dropout))
    return parts


def _initialise(linear: nn.Linear, activation: str) -> None:
    """He's rule for rectifiers and Glorot's for saturating activations, so that deep stacks keep their signal."""
    if activation in ("sigmoid", "tanh"):
        gain = nn.init.calculate_gain("tanh" if activation == "tanh" else "sigmoid")
        nn.init.xavier_uniform_(linear.weight, gain=gain)
    else:
        nn.init.kaiming_uniform_(linear.weight, nonlinearity="relu")
    nn.init.zeros_(linear.bias)


def build(options: Options, inputs: TabularInputs) -> MLP:
    """The perceptron for these inputs."""
    return MLP(options, inputs)
