"""What happens around training: stopping on request, stopping early, and telling how far it is."""

import time
from typing import Any

import pytorch_lightning as pl

from leyden.errors import StoreError
from leyden.jobs.context import JobContext
from leyden.spec.model import EarlyStopping
from lightning_modules.training.module import SupervisedModule

TELL_EVERY_S = 0.5


class StopOnRequest(pl.Callback):
    """Ends training after the current step when a person asks for it, and at once when another attempt took over.

    Lightning then validates once more: the weights so far get their chance to be the best.
    """

    def __init__(self, context: JobContext) -> None:
        self._context = context

    def on_train_batch_end(
        self, trainer: pl.Trainer, module: pl.LightningModule, outputs: Any, batch: Any, batch_index: int
    ) -> None:
        """Looks after every chunk."""
        if self._context.is_superseded.is_set():
            raise StoreError("superseded", job=self._context.job.id)
        assert isinstance(module, SupervisedModule)
        # Only the first rank hears of a request; all stop after the same step.
        [num_requests] = module.ranks.add_up(float(self._context.is_stop_requested()))
        # Gradients of half a step would be lost: its other micro-batches come first.
        if num_requests and batch.micro_batches[-1].ends_step:
            trainer.should_stop = True


class StopEarly(pl.Callback):
    """Ends training when validation loss has not become better for some epochs.

    Lightning's own callback also counts the validation of an epoch that was broken off, after which a resumed run
    would end elsewhere than an uninterrupted one.
    """

    def __init__(self, options: EarlyStopping, state: dict[str, Any] | None = None) -> None:
        self._options = options
        self.best: float | None = state["best"] if state else None
        self.num_waited: int = state["num_waited"] if state else 0

    def on_train_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Compares a complete epoch with the best one."""
        assert isinstance(module, SupervisedModule)
        if not module.is_epoch_complete:
            return
        loss = module.val_figures["val/loss"]
        if self.best is None or loss < self.best - self._options.min_delta:
            self.best, self.num_waited = loss, 0
        else:
            self.num_waited += 1
        if self.has_stopped:
            trainer.should_stop = True
            if module.ranks.is_first:
                print(f"Early stopping: no better validation loss for {self.num_waited} epochs.", flush=True)

    @property
    def has_stopped(self) -> bool:
        """Whether patience is at its end."""
        return 0 < self._options.patience <= self.num_waited

    def state(self) -> dict[str, Any]:
        """What it remembers."""
        return {"best": self.best, "num_waited": self.num_waited}


class TellProgress(pl.Callback):
    """Tells people epoch, step, speed and time left."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._told = 0.0

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Tells that it begins."""
        assert isinstance(module, SupervisedModule)
        self._started: float | None = None
        self._tell(module)

    def on_train_batch_end(
        self, trainer: pl.Trainer, module: pl.LightningModule, outputs: Any, batch: Any, batch_index: int
    ) -> None:
        """Starts the clock after the first step, which sets up much that later ones find, and tells now and then."""
        assert isinstance(module, SupervisedModule)
        if self._started is None:
            self._started, self._first = time.monotonic(), module.epoch
        elif time.monotonic() - self._told > TELL_EVERY_S:
            self._tell(module)

    def _tell(self, module: SupervisedModule) -> None:
        self._told = time.monotonic()
        trained = seconds = 0.0
        if self._started is not None:
            trained, seconds = module.epoch - self._first, self._told - self._started
        left = module.num_epochs - module.epoch
        self._context.progress(
            module.epoch / module.num_epochs,
            "training",
            epoch=min(module.num_epochs, int(module.epoch) + 1),
            epochs=module.num_epochs,
            step=module.position.step,
            rows_per_s=trained * module.num_rows / seconds if trained else None,
            seconds_left=seconds / trained * left if trained else None,
        )
