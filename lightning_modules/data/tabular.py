"""Numbers, categories and dates of a row as two tensors."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from leyden.datasets.profile import Column, ColumnKind
from leyden.prediction.signature import InputColumn
from leyden.spec import model
from lightning_modules.architectures.inputs import TabularInputs
from lightning_modules.data.category import UNKNOWN
from lightning_modules.data.modality import ImageReader, RowReader
from lightning_modules.data.stored import Sequences, Stored
from lightning_modules.data.unseen import Unseen

UNKNOWN_SHARE = 0.01
"""Share of training values that are shown as unknown, in columns whose training rows have no unknown value.
Without it the weights of 'unknown' would stay at their random start and decide for every unseen value."""


def column_type(kind: str) -> Any:
    """The class of a kind's fitted columns: `COLUMN` of the module that is called like the kind."""
    return importlib.import_module(f"lightning_modules.data.{kind}").COLUMN


@dataclass(frozen=True)
class TabularPreparation:
    """Fitted columns, in the order of the spec: `numbers` (N, F) float32 and `categories` (N, C) int64."""

    fitted: tuple[Any, ...]

    @classmethod
    def fit(
        cls, frame: pd.DataFrame, kinds: Mapping[str, ColumnKind], options: model.Preparation, images: ImageReader
    ) -> Self:
        """Fits each column on its own."""
        return cls(tuple(column_type(kind).fit(frame[name], options) for name, kind in kinds.items()))

    @classmethod
    def outline(cls, columns: Mapping[str, Column], options: model.Preparation, rows: RowReader) -> Self:
        """The columns' shapes, from the profile."""
        return cls(tuple(column_type(column.kind).outline(column, options) for column in columns.values()))

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """The one that `to_plain` described."""
        return cls(tuple(column_type(column["kind"]).model_validate(column) for column in plain["columns"]))

    def to_plain(self) -> dict[str, Any]:
        """All columns as JSON."""
        return {"columns": [column.model_dump(mode="json") for column in self.fitted]}

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns it reads."""
        return tuple(column.name for column in self.fitted)

    @property
    def inputs(self) -> TabularInputs:
        """Width of the numbers, and the cardinality of each category column."""
        return TabularInputs(
            num_numbers=sum(column.width for column in self._of("numbers")),
            cardinalities=tuple(column.cardinality for column in self._of("categories")),
        )

    @property
    def num_random(self) -> int:
        """One per category column that hides values."""
        return len(self._hiding)

    def check(self, frame: pd.DataFrame) -> None:
        """Each column on its own."""
        for column in self.fitted:
            column.check(frame[column.name])

    def describe(self) -> tuple[InputColumn, ...]:
        """Each column on its own."""
        return tuple(column.describe() for column in self.fitted)

    def unseen(self, frame: pd.DataFrame) -> list[Unseen]:
        """Each column on its own."""
        return [found for column in self.fitted for found in column.unseen(frame[column.name])]

    def transform(self, frame: pd.DataFrame, images: ImageReader) -> dict[str, Stored | Sequences]:
        """Each column's tensor, side by side."""
        numbers = [column.transform(frame[column.name]) for column in self._of("numbers")]
        categories = [column.transform(frame[column.name]) for column in self._of("categories")]
        empty = np.empty((len(frame), 0))
        blocks = np.concatenate([empty.astype(np.float32), *numbers], axis=1)
        indices = np.stack(categories, axis=1) if categories else empty.astype(np.int64)
        return {"numbers": Stored(torch.from_numpy(blocks)), "categories": Stored(torch.from_numpy(indices))}

    def finish(self, tensors: dict[str, Tensor], random: Tensor | None) -> dict[str, Tensor]:
        """In training, shows a few values as unknown."""
        if random is None or not self._hiding:
            return tensors
        categories = tensors["categories"].clone()
        hidden = categories[:, self._hiding].masked_fill(random < UNKNOWN_SHARE, UNKNOWN)
        categories[:, self._hiding] = hidden
        return {**tensors, "categories": categories}

    def blank(self, num_rows: int) -> dict[str, Tensor]:
        """Rows of zeros."""
        inputs = self.inputs
        return {
            "numbers": torch.zeros(num_rows, inputs.num_numbers),
            "categories": torch.zeros(num_rows, len(inputs.cardinalities), dtype=torch.int64),
        }

    @property
    def _hiding(self) -> list[int]:
        """Positions of the category columns whose training rows have no unknown value."""
        return [index for index, column in enumerate(self._of("categories")) if not column.has_unknown]

    def _of(self, tensor: str) -> list[Any]:
        return [column for column in self.fitted if column.tensor == tensor]


PREPARATION = TabularPreparation
