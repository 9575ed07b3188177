"""The rows of a run, ready to train on; and how several processes of a machine hold them in memory once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd
import torch

from leyden.errors import RunError
from leyden.home import Home
from leyden.spec.model import Spec
from lightning_modules.data.batches import Rows
from lightning_modules.data.fitted import Fitted
from lightning_modules.data.modality import ImageReader
from lightning_modules.data.pixel_cache import CachedImages, Progress
from lightning_modules.data.preparation import Preparation
from lightning_modules.data.rows import read_part
from lightning_modules.data.stored import stored_from_plain, stored_to_plain
from lightning_modules.tasks.build import fit_task


@dataclass(frozen=True)
class Prepared:
    """Training and validation rows as tensors, and what was fitted on the training rows."""

    train: Rows
    val: Rows
    fitted: Fitted

    def save(self, path: Path) -> None:
        """Writes everything to a file that other processes map; what is mapped from a file itself is named only."""
        parts = {"train": self.train, "val": self.val}
        rows = {
            name: {"inputs": stored_to_plain(part.inputs), "target": part.target} for name, part in parts.items()
        }
        torch.save({**rows, "fitted": self.fitted.to_plain()}, path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """What `save` wrote. The tensors stay in the file, which may be removed once this has returned."""
        plain: dict[str, Any] = torch.load(path, mmap=True, weights_only=True)
        train, val = (
            Rows(stored_from_plain(plain[name]["inputs"]), plain[name]["target"]) for name in ("train", "val")
        )
        return cls(train, val, Fitted.from_plain(plain["fitted"]))


def prepare(home: Home, spec: Spec, split_hash: str, *, fitted: Fitted | None, progress: Progress) -> Prepared:
    """Reads, fits (unless a checkpoint brings what was fitted) and transforms the rows of a run.

    Args:
        home: The workspace.
        spec: The run's spec.
        split_hash: The run's split.
        fitted: From a checkpoint; None: learn it from the training rows.
        progress: Told the share of pictures that are decoded.

    Raises:
        RunError: A part has no rows.
    """
    train = read_part(home, spec.data, split_hash, "train")
    val = read_part(home, spec.data, split_hash, "val")
    for part, frame in (("training", train), ("validation", val)):
        if frame.empty:
            raise RunError("no_rows_in_part", part=part)
    images = CachedImages(home, spec.data.dataset, progress)
    if fitted is None:
        preparation = Preparation.fit(train, spec.data.inputs, spec.preparation, images)
        fitted = Fitted(preparation, fit_task(spec.task, train[spec.data.target]))
    train_rows, val_rows = (_rows(frame, spec.data.target, fitted, images) for frame in (train, val))
    return Prepared(train_rows, val_rows, fitted)


def _rows(frame: pd.DataFrame, target: str, fitted: Fitted, images: ImageReader) -> Rows:
    return Rows(fitted.preparation.transform(frame, images), torch.tensor(fitted.task.encode(frame[target])))
