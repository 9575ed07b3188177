"""The data of a run as a LightningDataModule."""

import pandas as pd
import pytorch_lightning as pl
import torch

from leyden.errors import RunError
from leyden.home import Home
from leyden.spec.model import Spec
from lightning_modules.data.batches import EvaluationBatches, Position, Rows, TrainBatches, evaluation_rows
from lightning_modules.data.fitted import Fitted
from lightning_modules.data.modality import ImageReader
from lightning_modules.data.pixel_cache import CachedImages, Progress
from lightning_modules.data.plan import Plan, plan_epoch
from lightning_modules.data.preparation import Preparation
from lightning_modules.data.rows import read_part
from lightning_modules.data.stored import row_bytes
from lightning_modules.tasks.build import fit_task


class SupervisedData(pl.LightningDataModule):
    """Training and validation rows of a run; test rows are never read here.

    Args:
        train: The training rows.
        val: The validation rows.
        fitted: What was fitted on the training rows.
        spec: The run's spec.
        position: Where training starts, and goes.
        rank: Which share of each training batch this process takes, of `num_ranks`.
        num_ranks: How many processes train together.
    """

    def __init__(
        self,
        train: Rows,
        val: Rows,
        fitted: Fitted,
        spec: Spec,
        position: Position,
        rank: int = 0,
        num_ranks: int = 1,
    ) -> None:
        super().__init__()
        self.train_rows, self.val_rows, self.fitted = train, val, fitted
        self.plan: Plan = plan_epoch(len(train), spec.optimisation, row_bytes(train.inputs))
        num_random = fitted.preparation.num_random
        self.train_batches = TrainBatches(train, self.plan, spec.seed, num_random, position, rank, num_ranks)

    def train_dataloader(self) -> TrainBatches:
        """Chunks of micro-batches, another order each epoch."""
        return self.train_batches

    def val_dataloader(self) -> EvaluationBatches:
        """The validation rows in order."""
        return EvaluationBatches(self.val_rows, evaluation_rows(self.val_rows.inputs))


def load_data(
    home: Home,
    spec: Spec,
    split_hash: str,
    *,
    fitted: Fitted | None,
    position: Position,
    progress: Progress,
    rank: int = 0,
    num_ranks: int = 1,
) -> SupervisedData:
    """Reads, fits (unless a checkpoint brings what was fitted) and transforms the rows of a run.

    Args:
        home: The workspace.
        spec: The run's spec.
        split_hash: The run's split.
        fitted: From a checkpoint; None: learn it from the training rows.
        position: Where training starts.
        progress: Told the share of pictures that are decoded.
        rank: Which share of each training batch this process takes.
        num_ranks: How many processes train together.

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
    return SupervisedData(train_rows, val_rows, fitted, spec, position, rank, num_ranks)


def _rows(frame: pd.DataFrame, target: str, fitted: Fitted, images: ImageReader) -> Rows:
    return Rows(fitted.preparation.transform(frame, images), torch.tensor(fitted.task.encode(frame[target])))
