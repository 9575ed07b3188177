"""Checkpoints: plain data and tensors, loaded without unpickling anything else.

`best.ckpt` holds what predicting takes; `last.ckpt` also what going on with training takes.
"""

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from leyden.damaged_files import no_way_on
from leyden.errors import RunError
from leyden.run_folder import BEST, LAST, LAST_BEFORE
from leyden.spec.model import Fusion, Spec
from lightning_modules.data.fitted import Fitted
from lightning_modules.failures import explain
from lightning_modules.files import write_atomically

FORMAT = 1

DAMAGED = (RuntimeError, OSError, EOFError, pickle.UnpicklingError, ValueError, LookupError, TypeError)
"""What torch raises for a truncated or foreign file."""


@dataclass(frozen=True)
class Checkpoint:
    """A network at one moment of its training, with everything that predicting takes.

    Args:
        spec: The run's spec.
        fitted: Preparation and task.
        weights: The network's state, on the CPU when loaded.
        epoch: Epochs trained, with the share of the current one.
        step: Steps trained.
        training: State of optimiser, schedule, random numbers and progress; None in `best.ckpt`.
    """

    spec: Spec
    fitted: Fitted
    weights: dict[str, Tensor]
    epoch: float
    step: int
    training: dict[str, Any] | None = None

    def save(self, path: Path, *, keep: Path | None = None) -> None:
        """Writes the file atomically; `keep` is where the file that was there before goes."""
        content = {
            "format": FORMAT,
            "spec": self.spec.model_dump_json(),
            **self.fitted.to_plain(),
            "classes": list(self.fitted.task.classes or ()),
            "weights": self.weights,
            "epoch": self.epoch,
            "step": self.step,
            "training": self.training,
        }
        write_atomically(path, lambda file: torch.save(content, file), keep=keep)


def load_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint in a file.

    Raises:
        RunError: It is missing, closed to us, damaged, or written by a newer Leyden.
    """
    if not path.is_file():
        raise RunError("checkpoint_missing", path=str(path))
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        found = int(content["format"])
        if found > FORMAT:
            raise RunError("checkpoint_too_new", path=str(path), found=found, expected=FORMAT)
        return _parse(content)
    except PermissionError as error:
        raise RunError("checkpoint_closed", path=str(path)) from error
    except DAMAGED as error:
        if explain(error):
            raise  # Too little memory says nothing about the file.
        raise RunError("checkpoint_broken", path=str(path)) from error


def load_best(folder: Path) -> Checkpoint:
    """The checkpoint in a run's folder that predicts and is reported on.

    Raises:
        RunError: As `load_checkpoint`; damaged, it is told what is left to do with the run.
    """
    try:
        return load_checkpoint(folder / BEST)
    except RunError as error:
        if error.message.code != "checkpoint_broken":
            raise
        raise RunError("best_broken", file=BEST, folder=str(folder)) from error


def load_last(folder: Path) -> Checkpoint | None:
    """The newest checkpoint in a run's folder that training can go on from, or None when there is none.

    A broken one is passed over for the one before it.

    Raises:
        RunError: There are checkpoints, but none can be read; it says what the run is still good for.
    """
    paths = [path for name in (LAST, LAST_BEFORE) if (path := folder / name).is_file()]
    for path in paths:
        try:
            return load_checkpoint(path)
        except RunError as error:
            if path != paths[-1]:
                # Torch's own words are advice for programmers, and wrong for a damaged file.
                is_broken = error.message.code == "checkpoint_broken"
                why = f"{path.name} is damaged." if is_broken else error.message.text
                print(f"{why} Going on from {LAST_BEFORE}.", flush=True)
            elif error.message.code == "checkpoint_broken":
                raise no_way_on(paths, has_best=_can_be_read(folder / BEST)) from error
            else:
                raise
    return None


def _can_be_read(path: Path) -> bool:
    try:
        load_checkpoint(path)
    except RunError:
        return False
    return True


def _parse(content: dict[str, Any]) -> Checkpoint:
    return Checkpoint(
        spec=_as_trained(Spec.model_validate_json(content["spec"]), content["weights"]),
        fitted=Fitted.from_plain(content),
        weights=content["weights"],
        epoch=content["epoch"],
        step=content["step"],
        training=content["training"],
    )


def _as_trained(spec: Spec, weights: dict[str, Tensor]) -> Spec:
    """The spec of these weights: those from before several kinds of input met in a layer have none of it."""
    if len(spec.architecture) == 1 or any(name.startswith("fusion.") for name in weights):
        return spec
    return spec.model_copy(update={"fusion": Fusion(width=0)})
