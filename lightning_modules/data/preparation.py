"""Everything fitted on the training rows' inputs, for all modalities at once: frames in, tensors out."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, get_args

import pandas as pd
import torch
from torch import Tensor

from leyden.catalogue import MODALITY_OF, Modality
from leyden.datasets.profile import ColumnKind, Profile
from leyden.errors import DataError
from leyden.prediction.signature import InputColumn
from leyden.spec import model
from lightning_modules.architectures.inputs import Inputs
from lightning_modules.data.modality import ImageReader, ModalityPreparation, RowReader
from lightning_modules.data.pixels import decode_column
from lightning_modules.data.stored import StoredTensors, Tensors
from lightning_modules.data.unseen import Unseen

Kinds = Mapping[str, ColumnKind]


@dataclass(frozen=True)
class Preparation:
    """The fitted preparation of every modality that a run's inputs have."""

    modalities: dict[Modality, ModalityPreparation]

    @classmethod
    def fit(
        cls, frame: pd.DataFrame, kinds: Kinds, options: model.Preparation, images: ImageReader = decode_column
    ) -> Self:
        """Learns from the training rows.

        Args:
            frame: The training rows, and no others.
            kinds: The input columns, and what each is read as.
            options: The spec's preparation.
            images: How pictures are read.
        """
        groups = _by_modality(kinds)
        return cls({name: _type(name).fit(frame, group, options, images) for name, group in groups.items()})

    @classmethod
    def outline(cls, profile: Profile, kinds: Kinds, options: model.Preparation, rows: RowReader) -> Self:
        """One with the right shapes, before there are training rows; it tells the inputs, and cannot transform.

        Args:
            profile: Of the dataset.
            kinds: The input columns, and what each is read as.
            options: The spec's preparation.
            rows: Reads what the profile does not tell.
        """
        columns = {column.name: column for column in profile.with_kinds(dict(kinds)).columns}
        return cls(
            {
                modality: _type(modality).outline({name: columns[name] for name in group}, options, rows)
                for modality, group in _by_modality(kinds).items()
            }
        )

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """The one that `to_plain` described."""
        modalities = [modality for modality in get_args(Modality) if modality in plain]
        return cls({modality: _type(modality).from_plain(plain[modality]) for modality in modalities})

    def to_plain(self) -> dict[str, Any]:
        """Everything fitted, as JSON."""
        return {modality: part.to_plain() for modality, part in self.modalities.items()}

    @property
    def inputs(self) -> dict[Modality, Inputs]:
        """What each network is told of its tensors."""
        return {modality: part.inputs for modality, part in self.modalities.items()}

    @property
    def num_random(self) -> int:
        """Random numbers per row and epoch that `finish` wants in training."""
        return sum(part.num_random for part in self.modalities.values())

    def check(self, frame: pd.DataFrame) -> None:
        """Looks at all rows before they are transformed, block by block.

        Raises:
            DataError: The frame lacks columns, or a column holds nothing of its kind.
        """
        wanted = [name for part in self.modalities.values() for name in part.columns]
        missing = [name for name in wanted if name not in frame.columns]
        if missing:
            found = ", ".join(map(str, frame.columns)) or None
            raise DataError("columns_missing", columns=", ".join(missing), found=found)
        for part in self.modalities.values():
            part.check(frame)

    def describe(self) -> tuple[InputColumn, ...]:
        """What a person who types a row is told of each column, by modality."""
        return tuple(column for part in self.modalities.values() for column in part.describe())

    def unseen(self, frame: pd.DataFrame) -> list[Unseen]:
        """Values of these rows that are unlike all that was seen in training; kinds without any are left out."""
        return [found for part in self.modalities.values() for found in part.unseen(frame) if found.rows.any()]

    def transform(self, frame: pd.DataFrame, images: ImageReader = decode_column) -> StoredTensors:
        """Rows as tensors, in the frame's order; values that mean nothing count as missing."""
        return {modality: part.transform(frame, images) for modality, part in self.modalities.items()}

    def finish(self, tensors: Tensors, random: Tensor | None = None) -> Tensors:
        """What is left to do with a batch, on its device; `random` (B, num_random) only in training."""
        sizes = [part.num_random for part in self.modalities.values()]
        shares = [None] * len(sizes) if random is None else torch.split(random, sizes, dim=1)
        return {
            modality: part.finish(tensors[modality], share)
            for (modality, part), share in zip(self.modalities.items(), shares, strict=True)
        }


def _by_modality(kinds: Kinds) -> dict[Modality, dict[str, ColumnKind]]:
    """The columns of each modality, always in the same order: encoders' vectors are side by side in it."""
    groups: dict[Modality, dict[str, ColumnKind]] = {modality: {} for modality in get_args(Modality)}
    for name, kind in kinds.items():
        groups[MODALITY_OF[kind]][name] = kind
    return {modality: group for modality, group in groups.items() if group}


def _type(modality: Modality) -> type[ModalityPreparation]:
    found: type[ModalityPreparation] = importlib.import_module(f"lightning_modules.data.{modality}").PREPARATION
    return found
