"""From a device's name to what torch and Lightning call it.

How many threads a CPU uses is decided in `lightning_modules.training.threads`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from leyden.errors import RunError
from leyden.store.records import Job


@dataclass(frozen=True)
class Device:
    """A device to compute on.

    Args:
        accelerator: Lightning's name: cpu, gpu or mps.
        index: Its number among the devices that this process sees.
        title: What people call it.
    """

    accelerator: str
    index: int
    title: str

    @property
    def torch(self) -> torch.device:
        """Torch's name."""
        kinds = {"cpu": "cpu", "gpu": f"cuda:{self.index}", "mps": "mps"}
        return torch.device(kinds[self.accelerator])


def device_of(job: Job, rank: int = 0) -> Device:
    """The device that a job was given; of several, that of this rank.

    The supervisor counts what the driver shows, which torch may not be able to use. A job that left the choice then
    computes on the CPU, and its log says so.

    Raises:
        RunError: A person chose a device that torch cannot use.
    """
    try:
        return _given(job.devices, rank)
    except RunError as error:
        if job.wanted_device != "auto":
            raise
        print(f"{error} Going on with the CPU, since the choice was left to Leyden.", flush=True)
        return resolve("cpu")


def _given(names: tuple[str, ...], rank: int) -> Device:
    """A supervisor's choice: this process sees the GPUs among these alone, numbered from 0."""
    if names and names[0].startswith("cuda:"):
        return _gpu(rank, names[rank])
    return resolve(names[0] if names else None)


def resolve(name: str | None) -> Device:
    """The device of this name: cpu, mps, cuda:N, or auto for the fastest there is.

    Args:
        name: None is auto.

    Raises:
        RunError: This machine has no such device, or torch cannot use it.
    """
    name = _fastest() if name in (None, "auto") else name
    if name == "cpu":
        return Device("cpu", 0, "CPU")
    if name == "mps" and torch.backends.mps.is_available():
        return Device("mps", 0, "Apple GPU (MPS)")
    if name is not None and name.startswith("cuda:"):
        return _gpu(int(name.removeprefix("cuda:")), name)
    raise RunError("device_missing", device=name)


def _gpu(index: int, name: str) -> Device:
    if index < torch.cuda.device_count() and _can_compute(index):
        return Device("gpu", index, torch.cuda.get_device_name(index))
    raise RunError("device_missing", device=name)


def image_layout(device: torch.device) -> torch.memory_format:
    """The order in memory of pictures and of the weights that filter them.

    With colours innermost a step of the default picture network takes a third less on a CPU, and GPUs like it, too;
    MPS does not.
    """
    return torch.contiguous_format if device.type == "mps" else torch.channels_last


def _can_compute(index: int) -> bool:
    """Whether torch can use a GPU that it sees: its driver may be too old, or its build may lack the GPU's kind."""
    try:
        torch.ones(1, device=f"cuda:{index}").add(1)
    except torch.OutOfMemoryError:
        return True
    except RuntimeError:
        return False
    return True


def _fastest() -> str:
    if torch.cuda.is_available():
        return "cuda:0"
    return "mps" if torch.backends.mps.is_available() else "cpu"


@contextmanager
def gpus_hidden(device: Device) -> Iterator[None]:
    """Where the CPU was chosen, lets torch see no NVIDIA GPU.

    Its optimisers look for one at each step, and where there is none they load the driver's library anew each
    time: 0.7 ms measured, as long as a small network's whole backward pass.
    """
    before = os.environ.get("CUDA_VISIBLE_DEVICES")
    if device.accelerator == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("CUDA_VISIBLE_DEVICES", None)
        else:
            os.environ["CUDA_VISIBLE_DEVICES"] = before
