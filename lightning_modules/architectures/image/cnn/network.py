"""The small convolutional network."""

from collections.abc import Mapping

from torch import Tensor, nn

from lightning_modules.architectures.encoded import Encoded
from lightning_modules.architectures.image.cnn.card import Options
from lightning_modules.architectures.inputs import ImageInputs

SMALLEST_MAP = 4
"""Maps below this side are not halved again: a 1 x 1 map of a single picture could not be normalised."""
WIDEST = 8
"""The last blocks have at most this many times the first one's channels."""


class CNN(nn.Module):
    """Blocks of convolution, batch normalisation, ReLU and pooling, then the mean over the picture.

    Shape:
        pixels (B, 3, S, S) with S >= 16; vector (B, width * min(2 ** (blocks - 1), 8)).

    Source:
        LeCun et al. (1998), blocks as in Simonyan and Zisserman (arXiv:1409.1556). Deviations: one convolution per
        block, batch normalisation, and global average pooling (Lin et al., arXiv:1312.4400) in place of the fully
        connected layers, so that any size of picture fits and few pictures suffice.
    """

    def __init__(self, options: Options, inputs: ImageInputs) -> None:
        super().__init__()
        self.blocks = nn.Sequential()
        fan_in, side = inputs.channels, inputs.size
        for index in range(options.blocks):
            fan_out = options.width * min(2**index, WIDEST)
            self.blocks.append(_block(fan_in, fan_out, is_halving=side >= SMALLEST_MAP))
            fan_in, side = fan_out, side // 2 if side >= SMALLEST_MAP else side
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(options.dropout))
        self.out_features = fan_in

    def forward(self, inputs: Mapping[str, Tensor]) -> Encoded:
        """The mean of the last block's maps."""
        return Encoded(self.pool(self.blocks(inputs["pixels"])))


def _block(fan_in: int, fan_out: int, *, is_halving: bool) -> nn.Sequential:
    # The normalisation has its own shift: a bias before it would do nothing.
    convolution = nn.Conv2d(fan_in, fan_out, kernel_size=3, padding=1, bias=False)
    nn.init.kaiming_normal_(convolution.weight, mode="fan_out", nonlinearity="relu")
    block = nn.Sequential(convolution, nn.BatchNorm2d(fan_out), nn.ReLU(inplace=True))
    if is_halving:
        block.append(nn.MaxPool2d(2))
    return block


def build(options: Options, inputs: ImageInputs) -> CNN:
    """The network for pictures of this size."""
    return CNN(options, inputs)
