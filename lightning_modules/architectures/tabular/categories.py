"""How tabular networks read a row: numbers as they are, categories one-hot or through embeddings."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lightning_modules.architectures.inputs import TabularInputs


class OneHot(nn.Module):
    """Category indices as zeros and ones, side by side.

    Shape:
        Input (B, C) int64; output (B, sum of cardinalities) float32.
    """

    def __init__(self, cardinalities: tuple[int, ...]) -> None:
        super().__init__()
        self.cardinalities = cardinalities
        self.out_features: int = sum(cardinalities)

    def forward(self, categories: Tensor) -> Tensor:
        """One block of columns per category column."""
        columns = zip(categories.unbind(1), self.cardinalities, strict=True)
        return torch.cat([F.one_hot(column, size) for column, size in columns], dim=1).float()


class Embeddings(nn.Module):
    """A learned vector per category value, side by side.

    Shape:
        Input (B, C) int64; output (B, sum of widths) float32.

    Source:
        Guo and Berkhahn, "Entity Embeddings of Categorical Variables" (2016); the width of a column's vectors is
        fastai's rule, min(50, 1.6 * cardinality ** 0.56).
    """

    def __init__(self, cardinalities: tuple[int, ...]) -> None:
        super().__init__()
        widths = [min(50, max(1, round(1.6 * size**0.56))) for size in cardinalities]
        sizes = zip(cardinalities, widths, strict=True)
        self.tables = nn.ModuleList(_embedding(size, width) for size, width in sizes)
        self.out_features: int = sum(widths)

    def forward(self, categories: Tensor) -> Tensor:
        """One block of columns per category column."""
        columns = zip(categories.unbind(1), self.tables, strict=True)
        return torch.cat([table(column) for column, table in columns], dim=1)


def _embedding(size: int, width: int) -> nn.Embedding:
    """A vector as long as one scaled number: torch's unit normal would outweigh those when it is wide."""
    table = nn.Embedding(size, width)
    nn.init.normal_(table.weight, std=width**-0.5)
    return table


class RowVector(nn.Module):
    """Numbers and categories of a row as one vector.

    Shape:
        numbers (B, num_numbers) and categories (B, C); output (B, out_features) float32.
    """

    def __init__(self, inputs: TabularInputs, categories: str) -> None:
        super().__init__()
        kinds: Mapping[str, type[OneHot] | type[Embeddings]] = {"one_hot": OneHot, "embedding": Embeddings}
        self.categories = kinds[categories](inputs.cardinalities) if inputs.cardinalities else None
        self.num_numbers = inputs.num_numbers
        self.out_features: int = inputs.num_numbers + (self.categories.out_features if self.categories else 0)

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """The numbers first, then the categories."""
        if self.categories is None:
            return inputs["numbers"]
        encoded = self.categories(inputs["categories"])
        return torch.cat([inputs["numbers"], encoded], dim=1) if self.num_numbers else encoded
