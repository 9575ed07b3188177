"""The texts of a row as one tensor of tokens."""

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
from lightning_modules.architectures.inputs import PADDING, TextInputs
from lightning_modules.data.kinds import Scalar
from lightning_modules.data.modality import ImageReader, RowReader
from lightning_modules.data.stored import Sequences, Stored
from lightning_modules.data.tokens import TextColumn
from lightning_modules.data.unseen import Unseen

HOLDS_FILES = False
SIZE_IS_LEARNT = True

UNKNOWN_SHARE = 0.01
"""Share of training tokens that are shown as unknown, in columns whose training rows have no unknown token."""


@dataclass(frozen=True)
class TextPreparation:
    """Fitted text columns: `tokens`, one column's text after the other's in a row.

    Each column has numbers of its own, even for equal words: a title says something else with a word than a body
    does, and a mean over tokens could not tell where a word stood. So each can be read in its own way, too: a
    Chinese column by characters beside an English one by words.
    """

    fitted: tuple[TextColumn, ...]

    @classmethod
    def fit(
        cls, frame: pd.DataFrame, kinds: Mapping[str, ColumnKind], options: model.Preparation, images: ImageReader
    ) -> Self:
        """Learns each column's tokens."""
        return cls(tuple(TextColumn.fit(frame[name], options.texts) for name in kinds))

    @classmethod
    def outline(cls, columns: Mapping[str, Column], options: model.Preparation, rows: RowReader) -> Self:
        """Nearly what `fit` learns from the training rows."""
        frame = rows(list(columns))
        return cls(tuple(TextColumn.fit(frame[name], options.texts) for name in columns))

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """The one that `to_plain` described."""
        return cls(tuple(TextColumn.model_validate(column) for column in plain["columns"]))

    def to_plain(self) -> dict[str, Any]:
        """All columns with their tokenisers as JSON."""
        return {"columns": [column.model_dump(mode="json") for column in self.fitted]}

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns it reads."""
        return tuple(column.name for column in self.fitted)

    @property
    def inputs(self) -> TextInputs:
        """How many tokens there are, and how long a row may become."""
        return TextInputs(
            num_tokens=1 + sum(column.num_tokens for column in self.fitted),
            max_length=sum(column.max_length + 1 for column in self.fitted),
        )

    @property
    def num_random(self) -> int:
        """One per column that hides tokens."""
        return len(self._hiding)

    def check(self, frame: pd.DataFrame) -> None:
        """Every value can be read as text, and a missing one as none."""

    def describe(self) -> tuple[InputColumn, ...]:
        """Each column on its own."""
        return tuple(column.describe() for column in self.fitted)

    def unseen(self, frame: pd.DataFrame) -> list[Unseen]:
        """Each column on its own."""
        return [found for column in self.fitted for found in column.unseen(frame[column.name])]

    def transform(self, frame: pd.DataFrame, images: ImageReader) -> dict[str, Stored | Sequences]:
        """All rows' tokens."""
        parts = [
            [tokens + first for tokens in column.transform(frame[column.name])]
            for first, column in zip(self._firsts, self.fitted, strict=True)
        ]
        rows = [np.concatenate(row) for row in zip(*parts, strict=True)]
        starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        values = np.concatenate([np.empty(0, dtype=np.int32), *rows])
        return {"tokens": Sequences(torch.from_numpy(values), torch.from_numpy(starts))}

    def finish(self, tensors: dict[str, Tensor], random: Tensor | None) -> dict[str, Tensor]:
        """Cuts padding that no row of the batch needs; in training, shows a few tokens as unknown."""
        tokens = tensors["tokens"]
        is_needed = (tokens != PADDING).any(dim=0)
        tokens = tokens[:, : int(is_needed.sum())]
        if random is not None:
            for (first, column), share in zip(self._hiding, random.unbind(1), strict=True):
                tokens = _hide(tokens, first, column, share)
        return {"tokens": tokens}

    def blank(self, num_rows: int) -> dict[str, Tensor]:
        """Rows of the greatest length. Tokens as such, not padding: a row without any is not allowed."""
        return {"tokens": torch.ones(num_rows, self.inputs.max_length, dtype=torch.int64)}

    @property
    def _firsts(self) -> list[int]:
        """Where each column's numbers begin; 0 is the padding."""
        return np.cumsum([PADDING + 1, *(column.num_tokens for column in self.fitted)])[:-1].tolist()

    @property
    def _hiding(self) -> list[tuple[int, TextColumn]]:
        """The columns whose training rows have no unknown token, and where their numbers begin."""
        columns = zip(self._firsts, self.fitted, strict=True)
        return [(first, column) for first, column in columns if not column.has_unknown]


def from_json(value: Scalar, *, column: str, row: int) -> object:
    """A text; a number was written without quotes."""
    return str(value)


def _hide(tokens: Tensor, first: int, column: TextColumn, random: Tensor) -> Tensor:
    """Each of the first 1 / UNKNOWN_SHARE tokens of a column's text becomes unknown with that share's chance."""
    is_known = (tokens >= first) & (tokens < first + column.num_known)
    # Counted within the column, whose text another one's may stand before.
    is_chosen = is_known.cumsum(dim=1) - 1 == (random[:, None] / UNKNOWN_SHARE).long()
    return tokens.masked_fill(is_chosen & is_known, first + column.unknown)


PREPARATION = TextPreparation
