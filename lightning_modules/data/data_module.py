"""The data of a run as a LightningDataModule."""

import pytorch_lightning as pl

from leyden.spec.model import Spec
from lightning_modules.data.batches import EvaluationBatches, Position, TrainBatches, evaluation_rows
from lightning_modules.data.plan import Plan, plan_epoch
from lightning_modules.data.prepared import Prepared
from lightning_modules.data.stored import row_bytes


class SupervisedData(pl.LightningDataModule):
    """Training and validation rows of a run; test rows are never read here.

    Args:
        prepared: Its rows, and what was fitted on them.
        spec: The run's spec.
        position: Where training starts, and goes.
        rank: Which share of each training batch this process takes, of `num_ranks`.
        num_ranks: How many processes train together.
    """

    def __init__(
        self, prepared: Prepared, spec: Spec, position: Position, rank: int = 0, num_ranks: int = 1
    ) -> None:
        super().__init__()
        train = prepared.train
        self.train_rows, self.val_rows, self.fitted = train, prepared.val, prepared.fitted
        self.plan: Plan = plan_epoch(len(train), spec.optimisation, row_bytes(train.inputs))
        num_random = prepared.fitted.preparation.num_random
        self.train_batches = TrainBatches(train, self.plan, spec.seed, num_random, position, rank, num_ranks)

    def train_dataloader(self) -> TrainBatches:
        """Chunks of micro-batches, another order each epoch."""
        return self.train_batches

    def val_dataloader(self) -> EvaluationBatches:
        """The validation rows in order."""
        return EvaluationBatches(self.val_rows, evaluation_rows(self.val_rows.inputs))
