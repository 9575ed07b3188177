"""The linear model: a row's vector goes straight to the head."""

from collections.abc import Mapping

from torch import Tensor, nn

from leyden.catalogue import Options
from lightning_modules.architectures.encoded import Encoded
from lightning_modules.architectures.inputs import TabularInputs
from lightning_modules.architectures.tabular.categories import RowVector


class Linear(nn.Module):
    """Numbers and one-hot categories; the head is the model.

    Shape:
        numbers (B, N), categories (B, C); vector (B, N + sum of cardinalities).

    Source:
        Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), chapters 3 and 4.
    """

    def __init__(self, inputs: TabularInputs) -> None:
        super().__init__()
        self.row = RowVector(inputs, "one_hot")
        self.out_features = self.row.out_features

    def forward(self, inputs: Mapping[str, Tensor]) -> Encoded:
        """The row as it is."""
        return Encoded(self.row(inputs))


def build(options: Options, inputs: TabularInputs) -> Linear:
    """The linear model for these inputs; it has no options."""
    return Linear(inputs)
