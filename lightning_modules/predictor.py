"""A trained model that predicts: what `lightning_modules.load` returns, and what reports are made with."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from leyden.spec.model import Spec
from lightning_modules.checkpoint import Checkpoint, load_checkpoint
from lightning_modules.data.batches import evaluation_order, evaluation_rows
from lightning_modules.data.modality import ImageReader
from lightning_modules.data.pixels import decode_column
from lightning_modules.data.stored import StoredTensors, row_bytes, take
from lightning_modules.data.unseen import Unseen
from lightning_modules.devices import image_layout
from lightning_modules.training.network import build_network

BLOCK_ROWS = 16_384
BLOCK_BYTES = 256 * 2**20
"""Rows are prepared in blocks of at most this size: a million pictures do not have to fit into memory."""


class Predictor:
    """A trained network with its preparation and task. Needs nothing but its checkpoint.

    Args:
        checkpoint: What to predict with.
        device: Where to compute.

    Example:
        >>> model = lightning_modules.load("best.ckpt")
        >>> model.classes
        ('Adelie', 'Chinstrap', 'Gentoo')
        >>> model.predict(frame)["prediction"]
    """

    def __init__(self, checkpoint: Checkpoint, device: torch.device | str = "cpu") -> None:
        self._fitted = checkpoint.fitted
        self._device = torch.device(device)
        self.spec: Spec = checkpoint.spec
        self.target: str = checkpoint.spec.data.target
        self.classes: tuple[str, ...] | None = checkpoint.fitted.task.classes
        inputs, num_outputs = self._fitted.preparation.inputs, self._fitted.task.num_outputs
        network = build_network(self.spec, inputs, num_outputs, is_restored=True)
        network.load_state_dict(checkpoint.weights)
        network.to(self._device).to(memory_format=image_layout(self._device))
        self.network = network.eval().requires_grad_(False)

    @classmethod
    def load(cls, path: Path, device: torch.device | str = "cpu") -> Self:
        """The model in a checkpoint file.

        Raises:
            RunError: The file is missing, broken, or written by a newer Leyden.
        """
        return cls(load_checkpoint(path), device)

    def predict(
        self,
        frame: pd.DataFrame,
        *,
        batch_size: int | None = None,
        progress: Callable[[float], None] = lambda share: None,
    ) -> pd.DataFrame:
        """Predicts every row.

        Args:
            frame: The columns that the model was trained on; others do not matter. An image column holds paths,
                the bytes of image files, or PIL images; None or NaN: there is none, and the network sees a blank
                one, as it did in training where a row had none.
            batch_size: Rows per pass of the network; None: what suits their size. It is a matter of memory only.
            progress: Told the share of rows that is predicted; may raise to break off.

        Returns:
            `prediction`, and for a classification the probabilities `p_<class>`; the index is the frame's.

        Raises:
            DataError: Columns are missing or hold nothing of their kind, or a picture cannot be read.
        """
        preparation = self._fitted.preparation
        preparation.check(frame)
        # A row's size is known once there is one.
        sample = row_bytes(preparation.transform(frame.iloc[:1]))
        block = max(1, min(BLOCK_ROWS, BLOCK_BYTES // max(1, sample)))
        outputs = []
        for start in range(0, max(1, len(frame)), block):
            outputs.append(self._outputs(frame.iloc[start : start + block], decode_column, batch_size))
            progress(min(1.0, (start + block) / max(1, len(frame))))
        return self.columns(np.concatenate(outputs), frame.index)

    def unseen(self, frame: pd.DataFrame) -> list[Unseen]:
        """Where values of these rows are unlike all that was seen in training.

        Raises:
            DataError: As in `predict`.
        """
        self._fitted.preparation.check(frame)
        return self._fitted.preparation.unseen(frame)

    @property
    def num_bytes(self) -> int:
        """Memory that the network's weights take."""
        return sum(tensor.nbytes for tensor in self.network.state_dict().values())

    def columns(self, outputs: np.ndarray, index: pd.Index) -> pd.DataFrame:
        """Outputs as `predict` returns them."""
        columns = self._fitted.task.columns(outputs)
        columns.index = index
        return columns

    def outputs(
        self,
        frame: pd.DataFrame,
        images: ImageReader,
        progress: Callable[[float], None] = lambda share: None,
    ) -> np.ndarray:
        """Probabilities (N, C), or values (N,) in the target's units, float32.

        Args:
            frame: As in `predict`.
            images: How its pictures are read.
            progress: As in `predict`.

        Raises:
            DataError: As in `predict`.
        """
        self._fitted.preparation.check(frame)
        return self._outputs(frame, images, progress=progress)

    @torch.inference_mode()
    def _outputs(
        self,
        frame: pd.DataFrame,
        images: ImageReader,
        batch_size: int | None = None,
        progress: Callable[[float], None] = lambda share: None,
    ) -> np.ndarray:
        stored = self._fitted.preparation.transform(frame, images)
        order = evaluation_order(stored, len(frame))
        batches = order.split(batch_size or evaluation_rows(stored))
        parts = []
        for number, index in enumerate(batches, start=1):
            parts.append(self._forward(stored, index))
            progress(number / len(batches))
        outputs = torch.cat(parts)
        return outputs[order.argsort()].numpy()

    def _forward(self, stored: StoredTensors, index: Tensor) -> Tensor:
        batch = {
            modality: {name: tensor.to(self._device) for name, tensor in tensors.items()}
            for modality, tensors in take(stored, index).items()
        }
        logits = self.network(self._fitted.preparation.finish(batch))
        return self._fitted.task.activate(logits).cpu()
