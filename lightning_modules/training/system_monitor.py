"""What the machine does while a run trains: a thread that measures every two seconds."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import psutil
from pytorch_lightning.loggers import Logger

from leyden.errors import StoreError
from leyden.machine import gpus
from lightning_modules.training.module import SupervisedModule

MEASURE_EVERY_S = 2.0
FIRST_AFTER_S = 0.5


class SystemMonitor:
    """Logs processor, memory and GPU use until it is closed. A context manager.

    Args:
        logger: Where points go.
        module: Tells where training is.
        device: Name of the claimed device.
    """

    def __init__(self, logger: Logger, module: SupervisedModule, device: str | None) -> None:
        self._logger, self._module, self._device = logger, module, device
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._log_on, daemon=True, name="system-monitor")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._thread.join()

    def _log_on(self) -> None:
        measure, wait = _measuring(self._device), FIRST_AFTER_S
        while not self._closing.wait(wait):
            wait = MEASURE_EVERY_S
            values = {**measure(), "epoch": self._module.epoch}
            try:
                self._logger.log_metrics(values, step=self._module.position.step)
            except StoreError:
                return  # Superseded; the training thread learns it from its own next point.


def _measuring(device: str | None) -> Callable[[], dict[str, float]]:
    """Measures for the thread that calls this: psutil compares with what the same thread saw last."""
    process = psutil.Process()
    # The first call has nothing to compare with and would return 0.
    psutil.cpu_percent()

    def measure() -> dict[str, float]:
        values = {
            "system/cpu_percent": psutil.cpu_percent(),
            "system/memory_bytes": float(process.memory_info().rss),
        }
        gpu = next((gpu for gpu in gpus() if gpu.device == device), None) if device else None
        if gpu is not None:
            values["system/gpu_percent"] = gpu.percent
            values["system/gpu_memory_bytes"] = float(gpu.memory_total - gpu.memory_free)
        return values

    return measure
