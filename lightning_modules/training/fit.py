"""The training recipe: data module, module, callbacks, logger, trainer, fit."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytorch_lightning as pl
from lightning_fabric.utilities.warnings import PossibleUserWarning

from leyden.jobs.context import JobContext, JobStopped
from leyden.store.records import Run
from lightning_modules.checkpoint import Checkpoint, load_last
from lightning_modules.data.batches import Position
from lightning_modules.data.data_module import SupervisedData, load_data
from lightning_modules.devices import device_of, gpus_hidden, image_layout
from lightning_modules.training.callbacks import StopEarly, StopOnRequest, TellProgress
from lightning_modules.training.checkpoints import Checkpoints
from lightning_modules.training.module import SupervisedModule
from lightning_modules.training.network import build_network, count_parameters
from lightning_modules.training.store_logger import StoreLogger
from lightning_modules.training.system_monitor import SystemMonitor
from lightning_modules.training.threads import threads_for


def fit(run: Run, context: JobContext) -> bool:
    """Trains a run, from its last checkpoint where it has one, until its last epoch or until told to stop.

    Going on is exact: on a CPU, a run that was killed and resumed ends with the weights of one that was not. A run
    that is trained longer than it was meant to keeps its weights and the state of its optimiser; its learning rate
    jumps to where a run of the new length would be at this step (a cosine that had come down to 0 rises again),
    and early stopping counts anew.

    Returns:
        Whether it came to its end; False when somebody stopped it before.
    """
    spec, folder = run.spec, context.home.run(run.id)
    device = device_of(context.job)
    last = load_last(folder)
    position = Position(**last.training["position"]) if last and last.training else Position()
    context.store.metrics.begin_attempt(run.id, context.job.id, position.step)

    pl.seed_everything(spec.seed, verbose=False)
    context.progress(None, "reading_rows")
    data = load_data(
        context.home,
        spec,
        run.split_hash,
        fitted=last.fitted if last else None,
        position=position,
        progress=lambda share: _tell_decoding(context, share),
    )
    module = _build_module(run, data, position, last)
    module.network.to(memory_format=image_layout(device.torch))
    context.store.runs.set_num_parameters(run.id, context.job.id, count_parameters(module.network))

    stop_early = StopEarly(spec.optimisation.early_stopping, _early_stopping_state(run, last))
    best_loss = last.training["best_loss"] if last and last.training else None
    if stop_early.has_stopped or position.epoch >= run.epochs:
        return True

    with (
        StoreLogger(context.store.metrics, run.id, context.job.id) as logger,
        SystemMonitor(logger, module, context.job.device),
        gpus_hidden(device),
        threads_for(module.network, data.fitted.preparation, data.plan.micro_rows),
        _quiet(),
    ):
        trainer = pl.Trainer(
            accelerator=device.accelerator,
            devices=[device.index] if device.accelerator == "gpu" else 1,
            max_epochs=run.epochs - position.epoch,
            logger=logger,
            callbacks=[
                StopOnRequest(context),
                stop_early,
                TellProgress(context),
                Checkpoints(folder, spec, context, stop_early, best_loss),
            ],
            default_root_dir=folder,
            enable_progress_bar=False,
            enable_model_summary=False,
            num_sanity_val_steps=0,
        )
        trainer.fit(module, datamodule=data)
    return stop_early.has_stopped or position.epoch >= run.epochs


def _early_stopping_state(run: Run, last: Checkpoint | None) -> dict[str, Any] | None:
    """What early stopping remembers; a run that is to train longer gets new patience."""
    if last is None or last.training is None:
        return None
    state: dict[str, Any] = last.training["stop_early"]
    return {**state, "num_waited": 0} if run.epochs > last.training["num_epochs"] else state


def _tell_decoding(context: JobContext, share: float) -> None:
    """Progress of reading pictures; the only place to stop at before training begins."""
    if context.is_stop_requested():
        raise JobStopped
    context.progress(None, "decoding_images", percent=round(100 * share))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps what Lightning says to programmers out of the log that people read."""
    for name in ("pytorch_lightning", "lightning_fabric", "lightning.pytorch"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=PossibleUserWarning)
        # Lightning asks torch in a way that torch will change; nothing here can.
        warnings.filterwarnings("ignore", message=r".*LeafSpec.*")
        yield


def _build_module(run: Run, data: SupervisedData, position: Position, last: Checkpoint | None) -> SupervisedModule:
    fitted, spec = data.fitted, run.spec
    inputs, num_outputs = fitted.preparation.inputs, fitted.task.num_outputs
    network = build_network(spec, inputs, num_outputs, is_restored=last is not None)
    if last is not None:
        network.load_state_dict(last.weights)
    return SupervisedModule(
        network,
        fitted,
        spec,
        num_steps=data.plan.num_steps,
        num_epochs=run.epochs,
        num_rows=data.plan.num_rows,
        position=position,
        pace=data.train_batches.pace,
        state=last.training if last else None,
    )
