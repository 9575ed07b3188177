"""What every modality's preparation does. One module per modality defines one as `PREPARATION`."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, Self

import pandas as pd
from torch import Tensor

from leyden.datasets.profile import Column, ColumnKind
from leyden.prediction.signature import InputColumn
from leyden.spec import model
from lightning_modules.architectures.inputs import Inputs
from lightning_modules.data.stored import Sequences, Stored
from lightning_modules.data.unseen import Unseen


class ImageReader(Protocol):
    """Turns a column of pictures into pixels."""

    def __call__(self, values: pd.Series, size: int) -> Stored:
        """The pictures as (N, 3, size, size) uint8; black where a value is missing."""


class RowReader(Protocol):
    """Reads some rows of columns: what a profile does not tell of them."""

    def __call__(self, columns: Sequence[str]) -> pd.DataFrame:
        """At most `OUTLINE_ROWS` rows."""


OUTLINE_ROWS = 20_000
"""Enough to see nearly every token that will be frequent enough to be known."""


class ModalityPreparation(Protocol):
    """The fitted preparation of the columns of one modality."""

    @classmethod
    def fit(
        cls, frame: pd.DataFrame, kinds: Mapping[str, ColumnKind], options: model.Preparation, images: ImageReader
    ) -> Self:
        """Learns from training rows; `kinds` names the columns and what each is read as."""

    @classmethod
    def outline(cls, columns: Mapping[str, Column], options: model.Preparation, rows: RowReader) -> Self:
        """One with the right shapes, from the profile's columns and, where they do not suffice, some rows; it is
        not for transforming."""

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """The one that `to_plain` described."""

    def to_plain(self) -> dict[str, Any]:
        """Everything fitted, as JSON."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns it reads."""

    @property
    def inputs(self) -> Inputs:
        """What the network is told of the tensors."""

    @property
    def num_random(self) -> int:
        """Random numbers per row and epoch that `finish` wants in training."""

    def check(self, frame: pd.DataFrame) -> None:
        """Refuses, with a DataError, rows whose columns hold nothing of their kind; rows are given all at once."""

    def describe(self) -> tuple[InputColumn, ...]:
        """What a person who types a row is told of each column."""

    def unseen(self, frame: pd.DataFrame) -> list[Unseen]:
        """Values of these rows that are unlike all that was seen in training."""

    def transform(self, frame: pd.DataFrame, images: ImageReader) -> dict[str, Stored | Sequences]:
        """All rows as tensors."""

    def finish(self, tensors: dict[str, Tensor], random: Tensor | None) -> dict[str, Tensor]:
        """What is left to do with a batch, on its device.

        Args:
            tensors: Rows of what `transform` returned.
            random: (B, num_random) uniform in [0, 1) for changes that training makes; None: none are made.
        """

    def blank(self, num_rows: int) -> dict[str, Tensor]:
        """Rows of zeros with the shapes and types that `finish` returns."""
