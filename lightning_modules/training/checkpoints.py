"""Keeps a run's best and last checkpoints on disk."""

import time
from pathlib import Path
from typing import Any

import pytorch_lightning as pl

from leyden.errors import StoreError
from leyden.jobs.context import JobContext
from leyden.run_folder import BEST, LAST, LAST_BEFORE
from leyden.spec.model import Spec
from lightning_modules.checkpoint import Checkpoint
from lightning_modules.training.callbacks import StopEarly
from lightning_modules.training.module import SupervisedModule

BETWEEN_EPOCHS_S = 5.0
WITHIN_EPOCH_S = 60.0


class Checkpoints(pl.callbacks.Checkpoint):
    """Writes `best.ckpt` (lowest validation loss) and `last.ckpt`; the `last` before stays as `last-1.ckpt`.

    Epochs may take milliseconds and a checkpoint does not: after the first epoch it writes at most every few
    seconds, and every minute within a long epoch. A better network waits in memory until then; what a crash takes
    with it, the resumed training finds again. Lightning calls this after all other callbacks.

    Args:
        folder: The run's.
        spec: Its spec.
        context: Told the step that is safe; a superseded attempt writes nothing.
        stop_early: Its state is saved, too.
        best_loss: Of the `best.ckpt` that is there already.
    """

    def __init__(
        self, folder: Path, spec: Spec, context: JobContext, stop_early: StopEarly, best_loss: float | None
    ) -> None:
        self._folder, self._spec, self._context, self._stop_early = folder, spec, context, stop_early
        self._best_loss = best_loss
        self._best: Checkpoint | None = None
        self._saved_at: float | None = None
        self._saved_step: int | None = None

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Starts the clock of the first epoch."""
        self._started = time.monotonic()

    def on_train_batch_end(
        self, trainer: pl.Trainer, module: pl.LightningModule, outputs: Any, batch: Any, batch_index: int
    ) -> None:
        """Saves within a long epoch, and before the validation of a stopped one."""
        assert isinstance(module, SupervisedModule)
        is_safe = batch.micro_batches[-1].ends_step and not module.is_epoch_complete
        if is_safe and (trainer.should_stop or self._age > WITHIN_EPOCH_S):
            self._save(module)

    def on_train_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Notes a better network, and saves when it is time."""
        assert isinstance(module, SupervisedModule)
        loss = module.val_figures["val/loss"]
        if self._best_loss is None or loss < self._best_loss:
            self._best_loss = loss
            self._best = self._checkpoint(module)
        if trainer.should_stop or self._saved_at is None or self._age > BETWEEN_EPOCHS_S:
            self._save(module)

    def on_train_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Saves the last epoch, unless that has happened."""
        assert isinstance(module, SupervisedModule)
        if self._best is not None or self._saved_step != module.position.step:
            self._save(module)

    @property
    def _age(self) -> float:
        return time.monotonic() - (self._saved_at or self._started)

    def _save(self, module: SupervisedModule) -> None:
        # Raises when the loss is not a number any more: such weights must not replace good ones.
        module.log_training()
        for logger in module.loggers:
            logger.save()
        if self._context.is_superseded.is_set():
            raise StoreError("superseded", job=self._context.job.id)
        if self._best is None and self._best_loss is not None and not (self._folder / BEST).exists():
            # Somebody deleted it, and with it what was best: this is the best there is.
            self._best, self._best_loss = self._checkpoint(module), module.val_figures.get("val/loss")
        if self._best is not None:
            self._best.save(self._folder / BEST)
            self._best = None
        last = self._checkpoint(module, training=self._state(module))
        last.save(self._folder / LAST, keep=self._folder / LAST_BEFORE)
        self._tell_saved(module.position.step)
        self._saved_at, self._saved_step = time.monotonic(), module.position.step

    def _tell_saved(self, step: int) -> None:
        try:
            self._context.store.jobs.set_saved_step(self._context.job.id, self._context.owner, step)
        except StoreError as error:
            # The file is what counts; a store that is away learns of the next one.
            if error.message.code == "superseded":
                raise

    def _state(self, module: SupervisedModule) -> dict[str, Any]:
        position = module.position
        return {
            **module.training_state(),
            "position": {"epoch": position.epoch, "step_in_epoch": position.step_in_epoch, "step": position.step},
            "num_steps": module.num_steps,
            "num_epochs": module.num_epochs,
            "best_loss": self._best_loss,
            "stop_early": self._stop_early.state(),
        }

    def _checkpoint(self, module: SupervisedModule, training: dict[str, Any] | None = None) -> Checkpoint:
        weights, step = module.network_weights(), module.position.step
        return Checkpoint(self._spec, module.fitted, weights, module.epoch, step, training)
