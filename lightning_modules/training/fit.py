"""The training recipe: data module, module, callbacks, logger, trainer, fit."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytorch_lightning as pl
from lightning_fabric.plugins.environments.lightning import LightningEnvironment
from lightning_fabric.utilities.warnings import PossibleUserWarning
from pytorch_lightning.strategies import DDPStrategy

from leyden.jobs.context import JobContext, JobStopped
from leyden.run_folder import BEST, ROWS
from leyden.store.records import Run
from lightning_modules.checkpoint import Checkpoint, load_last
from lightning_modules.data.batches import Position
from lightning_modules.data.data_module import SupervisedData
from lightning_modules.data.prepared import Prepared, prepare
from lightning_modules.devices import Device, device_of, gpus_hidden, image_layout
from lightning_modules.training.callbacks import StopEarly, StopOnRequest, TellProgress
from lightning_modules.training.checkpoints import Checkpoints
from lightning_modules.training.module import SupervisedModule
from lightning_modules.training.network import build_network, count_parameters
from lightning_modules.training.ranks import Ranks, joined
from lightning_modules.training.store_logger import StoreLogger
from lightning_modules.training.system_monitor import SystemMonitor
from lightning_modules.training.threads import threads_for


def fit(run: Run, context: JobContext) -> bool:
    """Trains a run, from its last checkpoint where it has one, until its last epoch or until told to stop.

    Going on is exact: on a CPU, a run that was killed and resumed ends with the weights of one that was not, also with
    several processes. A run that is trained longer than it was meant to keeps its weights and the state of its
    optimiser; its learning rate jumps to where a run of the new length would be at this step (a cosine that had come
    down to 0 rises again), and early stopping counts anew.

    Several processes train together where the job has a crew; what they come to is what one would, but for the order
    in which floating-point numbers are added, for dropout, and for batch normalisation on a CPU: there, each process
    normalises by its own share of a batch, and the running statistics are those of the first.

    Returns:
        Whether it came to its end; False when somebody stopped it before.
    """
    device = device_of(context.job, context.rank)
    with joined(context, device) as ranks:
        return _fit_together(run, context, device, ranks)


def _fit_together(run: Run, context: JobContext, device: Device, ranks: Ranks) -> bool:
    spec, folder = run.spec, context.home.run(run.id)
    last = load_last(folder)
    position = Position(**last.training["position"]) if last and last.training else Position()
    if ranks.is_first:
        context.store.metrics.begin_attempt(run.id, context.job.id, position.step)

    pl.seed_everything(spec.seed, verbose=False)
    context.progress(None, "reading_rows")
    data = SupervisedData(_prepare(run, context, last, ranks), spec, position, ranks.rank, ranks.num)
    module = _build_module(run, data, position, last, ranks)
    module.network.to(memory_format=image_layout(device.torch))
    if ranks.is_first:
        context.store.runs.set_num_parameters(run.id, context.job.id, count_parameters(module.network))

    stop_early = StopEarly(spec.optimisation.early_stopping, _early_stopping_state(run, last))
    if stop_early.has_stopped or position.epoch >= run.epochs:
        if ranks.is_first and last and not (folder / BEST).exists():
            # Somebody deleted it, and nothing is left to train: this is the best there is.
            replace(last, training=None).save(folder / BEST)
        return True

    callbacks: list[pl.Callback] = [StopOnRequest(context), stop_early]
    if ranks.is_first:
        best_loss = last.training["best_loss"] if last and last.training else None
        callbacks += [TellProgress(context), Checkpoints(folder, spec, context, stop_early, best_loss)]
    with (
        _logging(run, context, module, ranks) as logger,
        gpus_hidden(device),
        threads_for(module.network, data.fitted.preparation, data.plan.micro_rows, ranks.num),
        quiet(),
    ):
        trainer = pl.Trainer(
            accelerator=device.accelerator,
            **_placement(device, ranks),
            max_epochs=run.epochs - position.epoch,
            logger=logger or False,
            callbacks=callbacks,
            default_root_dir=folder,
            enable_checkpointing=ranks.is_first,
            enable_progress_bar=False,
            enable_model_summary=False,
            num_sanity_val_steps=0,
        )
        trainer.fit(module, datamodule=data)
    return stop_early.has_stopped or position.epoch >= run.epochs


def _placement(device: Device, ranks: Ranks) -> dict[str, Any]:
    """Where the Trainer runs: on one device, or as one of several ranks of DDP."""
    is_gpu = device.accelerator == "gpu"
    if not ranks.are_several:
        return {"devices": [device.index] if is_gpu else 1}
    # An architecture may have weights that a batch does not use. Besides, DDP lays gradients out anew after the first
    # step of an attempt unless it looks for such weights, and three or more ranks would then add up in another order
    # than before: going on would not be exact. Buffers are aligned before each validation.
    strategy = DDPStrategy(find_unused_parameters=True, broadcast_buffers=False)
    return {
        "devices": list(range(ranks.num)) if is_gpu else ranks.num,
        "strategy": strategy,
        "plugins": [LightningEnvironment()],
        "sync_batchnorm": is_gpu,
        "use_distributed_sampler": False,
    }


@contextmanager
def _logging(
    run: Run, context: JobContext, module: SupervisedModule, ranks: Ranks
) -> Iterator[StoreLogger | None]:
    """The logger into the store, and what the machine does meanwhile; the first rank logs for all."""
    if not ranks.is_first:
        yield None
        return
    with (
        StoreLogger(context.store.metrics, run.id, context.job.id) as logger,
        SystemMonitor(logger, module, context.job.devices[0] if context.job.devices else None),
    ):
        yield logger


def _prepare(run: Run, context: JobContext, last: Checkpoint | None, ranks: Ranks) -> Prepared:
    """The rows of a run. Of several processes the first prepares them, and all map what it has written."""
    file = context.home.run(run.id) / ROWS
    try:
        if ranks.is_first:
            file.unlink(missing_ok=True)  # Of an attempt that was killed, perhaps with other processes.
            prepared = prepare(
                context.home,
                run.spec,
                run.split_hash,
                fitted=last.fitted if last else None,
                progress=lambda share: _tell_decoding(context, share),
            )
            if not ranks.are_several:
                return prepared
            prepared.save(file)
        ranks.wait()
        # The first one does so, too: then its own copy goes.
        prepared = Prepared.load(file)
        ranks.wait()
    finally:
        if ranks.is_first:
            file.unlink(missing_ok=True)
    return prepared


def _early_stopping_state(run: Run, last: Checkpoint | None) -> dict[str, Any] | None:
    """What early stopping remembers; a run that was given another number of epochs gets new patience."""
    if last is None or last.training is None:
        return None
    state: dict[str, Any] = last.training["stop_early"]
    return {**state, "num_waited": 0} if run.epochs != last.training["num_epochs"] else state


def _tell_decoding(context: JobContext, share: float) -> None:
    """Progress of reading pictures; the only place to stop at before training begins."""
    if context.is_stop_requested():
        raise JobStopped
    context.progress(None, "decoding_images", percent=round(100 * share))


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps what Lightning says to programmers out of the log that people read."""
    for name in ("pytorch_lightning", "lightning_fabric", "lightning.pytorch"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=PossibleUserWarning)
        # Lightning asks torch in a way that torch will change; nothing here can.
        warnings.filterwarnings("ignore", message=r".*LeafSpec.*")
        # What is to replace it aligns buffers at the start as well; torch tells every process of a run.
        warnings.filterwarnings("ignore", message=r"`broadcast_buffers` is deprecated", category=FutureWarning)
        yield


def _build_module(
    run: Run, data: SupervisedData, position: Position, last: Checkpoint | None, ranks: Ranks
) -> SupervisedModule:
    fitted, spec = data.fitted, run.spec
    inputs, num_outputs = fitted.preparation.inputs, fitted.task.num_outputs
    network = build_network(last.spec if last else spec, inputs, num_outputs, is_restored=last is not None)
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
        ranks=ranks,
    )
