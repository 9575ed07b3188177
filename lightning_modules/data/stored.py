"""Tensors that batches are sliced from."""

from dataclasses import dataclass

from torch import Tensor

from leyden.catalogue import Modality


@dataclass(frozen=True)
class Stored:
    """Rows of a tensor in memory, or of one mapped from a file, seen in an order of their own.

    Args:
        tensor: (M, ...).
        positions: (N,) int64, where each row lies in `tensor`; None: row i lies at i.
    """

    tensor: Tensor
    positions: Tensor | None = None

    def __len__(self) -> int:
        return len(self.tensor if self.positions is None else self.positions)

    @property
    def row_bytes(self) -> int:
        """Bytes of one row as the network gets it, in float32."""
        return 4 * self.tensor[:1].numel() if len(self.tensor) else 0

    def take(self, index: Tensor) -> Tensor:
        """The rows at `index`, (B,) int64, as a new tensor."""
        return self.tensor.index_select(0, index if self.positions is None else self.positions[index])


Tensors = dict[Modality, dict[str, Tensor]]
"""A batch: tensors by name, by modality."""

StoredTensors = dict[Modality, dict[str, Stored]]
"""All rows of a part, likewise."""


def take(stored: StoredTensors, index: Tensor) -> Tensors:
    """The rows at `index` of every tensor."""
    return {
        modality: {name: tensor.take(index) for name, tensor in tensors.items()}
        for modality, tensors in stored.items()
    }


def row_bytes(stored: StoredTensors) -> int:
    """Bytes of one row of all tensors as the network gets them."""
    return sum(tensor.row_bytes for tensors in stored.values() for tensor in tensors.values())
