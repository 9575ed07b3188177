"""What this machine has: processors, memory, disk, and the devices that can train. No torch."""

import functools
import os
import platform
import shutil
import sys
from pathlib import Path

import psutil

from leyden.errors import SpecError
from leyden.home import Home
from leyden.messages.render import Message
from leyden.records import Record
from leyden.spec.model import Hardware
from leyden.store.records import Job


class Gpu(Record):
    """One NVIDIA GPU; memory in bytes, use in percent."""

    device: str
    name: str
    memory_total: int
    memory_free: int
    percent: float


class Machine(Record):
    """A look at the machine now; sizes in bytes."""

    cpu_name: str
    num_cpus: int
    memory_total: int
    memory_used: int
    disk_total: int
    disk_free: int
    gpus: tuple[Gpu, ...]
    has_mps: bool

    @property
    def devices(self) -> list[tuple[str, str]]:
        """Values and labels for a device picker, best first."""
        choices = [(gpu.device, f"{gpu.name} ({gpu.memory_free / 2**30:.1f} GB free)") for gpu in self.gpus]
        if self.has_mps:
            choices.append(("mps", "Apple GPU (MPS)"))
        choices.append(("cpu", f"CPU ({self.num_cpus} cores)"))
        return [("auto", f"Automatic: {choices[0][1]}"), *choices]


def machine(home: Home) -> Machine:
    """Measures the machine; takes milliseconds."""
    memory = psutil.virtual_memory()
    disk = shutil.disk_usage(home.root)
    return Machine(
        cpu_name=_cpu_name(),
        num_cpus=os.cpu_count() or 1,
        memory_total=memory.total,
        memory_used=memory.total - memory.available,
        disk_total=disk.total,
        disk_free=disk.free,
        gpus=tuple(gpus()),
        has_mps=_has_mps(),
    )


def step_back() -> None:
    """Leaves the processors to all others, for as long as this process lives.

    Beside a training, whose process is at 10, it gets an eighth of a core where they want the same one.
    """
    os.nice(19)


def cpu_percent() -> float:
    """How busy all processors are, in percent of all of them; looks for a tenth of a second.

    Without an interval psutil compares with the last look of the same thread, and pages run in ever new ones.
    """
    return float(psutil.cpu_percent(interval=0.1))


@functools.cache
def accelerators() -> tuple[str, ...]:
    """Names of the devices that are faster than the CPU: `cuda:0` ..., or `mps`. They do not change."""
    names = tuple(gpu.device for gpu in gpus())
    return names or (("mps",) if _has_mps() else ())


def most_devices(device: str) -> int:
    """In how many parallel processes a run can train there: one per GPU, or one per processor core."""
    if device == "cpu" or (device == "auto" and not accelerators()):
        return os.cpu_count() or 1
    return len(accelerators()) if device == "auto" else 1


def require_devices(hardware: Hardware) -> None:
    """Refuses devices that this machine lacks: they would be waited for for good.

    Raises:
        SpecError: Naming those that there are.
    """
    here = ("auto", *accelerators(), "cpu")
    if hardware.device not in here:
        raise SpecError("device_not_here", device=hardware.device, here=", ".join(here))
    most = most_devices(hardware.device)
    if hardware.num_devices > most:
        code = "too_few_devices" if most_devices("auto") > most else "too_few_devices_anywhere"
        raise SpecError(code, wanted=hardware.num_devices, device=hardware.device, most=most)


def never_starts(job: Job) -> Message | None:
    """Why a job that waits for its devices will never have them on this machine; None: it will.

    Such a job comes with a workspace of another machine, or is left over from GPUs that are gone. Processes on the
    processor share it, however many they are.
    """
    is_on_cpu = job.wanted_device == "cpu" or (job.wanted_device == "auto" and not accelerators())
    if job.lane != "device" or is_on_cpu:
        return None
    try:
        require_devices(Hardware(device=job.wanted_device, num_devices=job.num_devices))
    except SpecError as error:
        return error.message
    return None


def gpus() -> list[Gpu]:
    """NVIDIA GPUs as the driver counts them; none when there is no driver."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return []
    try:
        return [_gpu(index) for index in range(pynvml.nvmlDeviceGetCount())]
    except pynvml.NVMLError:
        return []
    finally:
        pynvml.nvmlShutdown()


def _gpu(index: int) -> Gpu:
    import pynvml

    handle = pynvml.nvmlDeviceGetHandleByIndex(index)
    memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
    name = pynvml.nvmlDeviceGetName(handle)
    return Gpu(
        device=f"cuda:{index}",
        name=name if isinstance(name, str) else name.decode(),
        memory_total=int(memory.total),
        memory_free=int(memory.free),
        percent=float(pynvml.nvmlDeviceGetUtilizationRates(handle).gpu),
    )


def _has_mps() -> bool:
    return sys.platform == "darwin" and platform.machine() == "arm64"


@functools.cache
def _cpu_name() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
