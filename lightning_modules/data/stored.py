"""Tensors that batches are sliced from."""

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self, cast

import torch
from torch import Tensor

from leyden.catalogue import Modality

VECTOR_BYTES = 4 * 128
"""A token becomes a vector of about this size, of which a network keeps several."""


@dataclass(frozen=True)
class Stored:
    """Rows of a tensor in memory, or of one mapped from a file, seen in an order of their own.

    Args:
        tensor: (M, ...).
        positions: (N,) int64, where each row lies in `tensor`; None: row i lies at i.
        file: The file of bytes that `tensor` is mapped from; None: it is in memory.
    """

    tensor: Tensor
    positions: Tensor | None = None
    file: Path | None = None

    def __len__(self) -> int:
        return len(self.tensor if self.positions is None else self.positions)

    @property
    def row_bytes(self) -> int:
        """Bytes of one row as the network gets it, in float32."""
        return 4 * self.tensor[:1].numel() if len(self.tensor) else 0

    def take(self, index: Tensor) -> Tensor:
        """The rows at `index`, (B,) int64, as a new tensor."""
        return self.tensor.index_select(0, index if self.positions is None else self.positions[index])

    def to_plain(self) -> dict[str, Any]:
        """As plain data and tensors; of a mapped file its path."""
        shared = {"positions": self.positions}
        if self.file is None:
            return {**shared, "tensor": self.tensor}
        return {**shared, "file": str(self.file), "shape": list(self.tensor.shape)}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """What `to_plain` returned; a file is mapped again."""
        if "file" not in plain:
            return cls(plain["tensor"], plain["positions"])
        shape = plain["shape"]
        mapped = torch.from_file(plain["file"], shared=True, size=math.prod(shape), dtype=torch.uint8)
        return cls(mapped.view(shape), plain["positions"], Path(plain["file"]))


@dataclass(frozen=True)
class Sequences:
    """Rows of different lengths in memory, without padding.

    Args:
        values: (M,), the rows one after the other; no value is 0.
        starts: (N + 1,) int64, where each row begins, and the end of the last one.
    """

    values: Tensor
    starts: Tensor

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Tensor:
        """(N,) int64."""
        return self.starts.diff()

    @cached_property
    def row_bytes(self) -> int:
        """Bytes of the longest row as a network works on it: a vector per value."""
        return VECTOR_BYTES * int(self.lengths.max()) if len(self) else 0

    def take(self, index: Tensor) -> Tensor:
        """The rows at `index`, (B,) int64, as (B, longest of them) int64; zeros fill up the shorter ones."""
        starts = self.starts[index]
        lengths = self.starts[index + 1] - starts
        places = torch.arange(int(lengths.max()) if len(index) else 0)
        is_value = places < lengths[:, None]
        rows = torch.zeros(is_value.shape, dtype=torch.int64)
        rows[is_value] = self.values[(starts[:, None] + places)[is_value]].long()
        return rows

    def to_plain(self) -> dict[str, Any]:
        """As tensors by name."""
        return {"values": self.values, "starts": self.starts}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """What `to_plain` returned."""
        return cls(**plain)


Tensors = dict[Modality, dict[str, Tensor]]
"""A batch: tensors by name, by modality."""

StoredTensors = dict[Modality, dict[str, Stored | Sequences]]
"""All rows of a part, likewise."""


def stored_to_plain(stored: StoredTensors) -> dict[str, Any]:
    """All rows as plain data and tensors, by name, by modality."""
    return {
        modality: {name: tensor.to_plain() for name, tensor in tensors.items()}
        for modality, tensors in stored.items()
    }


def stored_from_plain(plain: dict[str, Any]) -> StoredTensors:
    """What `stored_to_plain` returned."""
    return {
        cast(Modality, modality): {
            name: (Sequences if "starts" in tensor else Stored).from_plain(tensor)
            for name, tensor in tensors.items()
        }
        for modality, tensors in plain.items()
    }


def take(stored: StoredTensors, index: Tensor) -> Tensors:
    """The rows at `index` of every tensor."""
    return {
        modality: {name: tensor.take(index) for name, tensor in tensors.items()}
        for modality, tensors in stored.items()
    }


def row_bytes(stored: StoredTensors) -> int:
    """Bytes of one row of all tensors as the network gets them."""
    return sum(tensor.row_bytes for tensors in stored.values() for tensor in tensors.values())


def lengths_of(stored: StoredTensors) -> Tensor | None:
    """(N,) int64, how long the rows of texts are; None where all rows are of one size."""
    sequences = (tensor for tensors in stored.values() for tensor in tensors.values())
    return next((tensor.lengths for tensor in sequences if isinstance(tensor, Sequences)), None)
