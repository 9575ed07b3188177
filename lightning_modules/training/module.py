"""The one LightningModule: it trains every combination of encoders on every task.

Optimisation is manual, so that one call of Lightning's can train on many small batches. Steps and epochs are
counted here: the Trainer's own counts start again when a training goes on.
"""

import math
import time
from contextlib import nullcontext
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel
from torch.optim import Optimizer

from leyden.errors import RunError
from leyden.spec.model import Spec
from lightning_modules.catalog import catalogue
from lightning_modules.data.batches import Batch, Chunk, Pace, Position
from lightning_modules.data.fitted import Fitted
from lightning_modules.losses.build import build_loss
from lightning_modules.training.meters import EpochOutputs, Interval, Speed, Validation
from lightning_modules.training.network import Network
from lightning_modules.training.randomness import random_state, seed_rank, set_random_state
from lightning_modules.training.ranks import Ranks
from lightning_modules.training.train_step import TrainStep

LOG_EVERY_S = 0.5


class SupervisedModule(pl.LightningModule):
    """Network, loss and metrics of a run.

    Args:
        network: The network, on the CPU; Lightning moves it.
        fitted: Preparation and task.
        spec: The run's spec.
        num_steps: Steps per epoch.
        num_epochs: Epochs of the whole run; the schedule of the learning rate is stretched over them.
        num_rows: Training rows.
        position: Where training is; moved on here.
        pace: Told how long chunks take.
        state: What `training_state` returned, to go on from; None: from the start.
        ranks: The processes that train together.
    """

    def __init__(
        self,
        network: Network,
        fitted: Fitted,
        spec: Spec,
        *,
        num_steps: int,
        num_epochs: int,
        num_rows: int,
        position: Position,
        pace: Pace,
        state: dict[str, Any] | None = None,
        ranks: Ranks = Ranks(),
    ) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.network = network
        self.fitted, self.spec, self.position = fitted, spec, position
        self.num_steps, self.num_epochs, self.num_rows = num_steps, num_epochs, num_rows
        self.loss = build_loss(spec.loss, fitted.task)
        self.val_figures: dict[str, float] = {}
        """What the latest validation found, by metric name."""
        self._headline = catalogue().tasks[fitted.task.name].headline
        self._live = fitted.task.live_metrics()
        self._pace, self._state = pace, state
        self.ranks = ranks
        self._interval, self._speed, self._validation = Interval(), Speed(), Validation()
        # What this rank alone has seen of the interval; the others learn of it at the end of a chunk.
        self._own = Interval() if ranks.are_several else self._interval
        self._outputs = EpochOutputs(fitted.task, num_rows, ranks)
        self._has_logged = False

    # -- where training is

    @property
    def epoch(self) -> float:
        """Epochs trained, with the share of the current one."""
        return self.position.epoch + self.position.step_in_epoch / self.num_steps

    @property
    def is_epoch_complete(self) -> bool:
        """Whether all steps of the current epoch are done."""
        return self.position.step_in_epoch == self.num_steps

    # -- training

    def configure_optimizers(self) -> Optimizer:
        """Builds the training step; the network is on its device by now."""
        num_steps = self.num_steps * self.num_epochs
        several = {"backward": self._backward} if self.ranks.are_several else {}
        self.train_step = TrainStep(self.network, self.loss, self.spec.optimisation, num_steps, **several)
        return self.train_step.optimiser

    def on_train_start(self) -> None:
        """Takes up optimiser, schedule and random numbers where they were."""
        if self._state is not None:
            self.train_step.load_state_dict(self._state["step"])
            set_random_state(self._state["random"], self.device)
        self._seed_step()

    def training_step(self, chunk: Chunk, batch_index: int) -> None:
        """Trains on each micro-batch of a chunk."""
        started = time.perf_counter()
        for micro, batch in chunk:
            inputs = self.fitted.preparation.finish(batch.inputs, batch.random)
            loss, logits = self.train_step(inputs, batch.target, share=micro.share, ends_step=micro.ends_step)
            num_rows = micro.stop - micro.start if micro.is_counted else 0
            self._own.add(loss, num_rows)
            self._outputs.add(logits[:num_rows], batch.target[:num_rows])
            if micro.ends_step:
                self._count_step()
        num_rows, seconds = len(chunk.rows.target), time.perf_counter() - started
        if self.ranks.are_several:
            num_rows, seconds = self._compare_notes(seconds)
        self._pace.note(seconds)
        self._speed.add(num_rows, seconds)

    def _compare_notes(self, seconds: float) -> tuple[int, float]:
        """Tells all ranks what each has seen of a chunk; knowing the same, they decide alike.

        Returns:
            The rows of all, and the mean of the times they took.
        """
        total, num_rows, all_seconds = self.ranks.add_up(*self._own.take_sum(), seconds)
        self._interval.add(torch.tensor(total / num_rows), int(num_rows))
        self._log_when_due()
        return int(num_rows), all_seconds / self.ranks.num

    def _backward(self, loss: Tensor, ends_step: bool) -> None:
        """DDP adds the gradients of all ranks up in the pass that ends a step; before, each gathers its own."""
        model = self.trainer.model
        assert isinstance(model, DistributedDataParallel)
        with nullcontext() if ends_step else model.no_sync():
            self.manual_backward(loss)

    def _count_step(self) -> None:
        self.position.step += 1
        self.position.step_in_epoch += 1
        self._seed_step()
        self._log_when_due()

    def _seed_step(self) -> None:
        """Other rows, other dropout: the first rank draws from the run's own numbers, the others by step."""
        if not self.ranks.is_first:
            seed_rank(self.spec.seed, self.ranks.rank, self.position.step, self.device)

    def _log_when_due(self) -> None:
        if not self._has_logged or self._interval.seconds > LOG_EVERY_S:
            self.log_training()

    def log_training(self) -> None:
        """Logs the mean loss since the last time.

        Raises:
            RunError: `non_finite_loss`: the weights are lost, and nothing after this is worth anything.
        """
        if not self._interval.num_rows:
            return
        loss, speed = self._interval.take(), self._speed.take(at_least_s=LOG_EVERY_S / 2)
        if not math.isfinite(loss):
            raise self._non_finite()
        values = {"train/loss": loss, "lr": self.train_step.schedule.lr}
        self._log(values if speed is None else {**values, "speed/rows_per_s": speed})
        self._has_logged = True

    def on_train_epoch_end(self) -> None:
        """Completes the epoch, unless it was broken off."""
        if not self.is_epoch_complete:
            return
        self.train_step.schedule.validated(self.val_figures["val/loss"])
        self.position.epoch += 1
        self.position.step_in_epoch = 0

    # -- validation

    def on_validation_epoch_start(self) -> None:
        """Logs the training so far, before validation moves the clock."""
        self.log_training()
        self.ranks.align_buffers(self.network)
        if self.is_epoch_complete:
            figures = self._outputs.take(self._live)
            if self._headline in figures:
                self._log({f"train/{self._headline}": figures[self._headline]})
        self._validation.reset(self._live, self.device)

    def validation_step(self, batch: Batch, batch_index: int) -> None:
        """Adds a batch to loss and live metrics; several ranks compute a share each, and all learn the whole."""
        start, stop, num_counted = self.ranks.portion(len(batch.target))
        inputs = batch.slice(start, stop).inputs if self.ranks.are_several else batch.inputs
        with self.train_step.autocast():
            logits = self.network(self.fitted.preparation.finish(inputs)).float()
        logits = self.ranks.gather(logits[:num_counted])
        self._validation.add(self.loss(logits, batch.target), len(batch.target))
        task = self.fitted.task
        self._live.update(task.activate(logits), task.raw_target(batch.target))

    def on_validation_epoch_end(self) -> None:
        """Logs what validation found."""
        loss = self._validation.loss
        if not math.isfinite(loss):
            raise self._non_finite()
        self.val_figures = {"val/loss": loss}
        self.val_figures |= {f"val/{name}": value for name, value in self._live.compute().items()}
        self._log(self.val_figures)
        self._interval.restart()

    # -- state

    def training_state(self) -> dict[str, Any]:
        """Everything that going on exactly takes, beside the weights."""
        return {"step": self.train_step.state_dict(), "random": random_state(self.device)}

    def network_weights(self) -> dict[str, Tensor]:
        """A copy of the network's weights on the CPU."""
        return {name: tensor.detach().cpu().clone() for name, tensor in self.network.state_dict().items()}

    def _log(self, values: dict[str, float]) -> None:
        for logger in self.loggers:
            logger.log_metrics({**values, "epoch": self.epoch}, step=self.position.step)

    def _non_finite(self) -> RunError:
        lr = self.spec.optimisation.lr
        return RunError("non_finite_loss", epoch=self.position.epoch + 1, step=self.position.step, lr=lr)
