"""What the machine did in the last minutes: samples kept in memory, for charts. No torch."""

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil

from leyden.machine import gpus

EVERY_S = 2.0
KEPT_S = 600.0


@dataclass(frozen=True)
class Sample:
    """One look at the machine: use in percent, memory in bytes."""

    time: float
    cpu_percent: float
    memory_used: int
    gpu_percent: tuple[float, ...]
    """Of each GPU, in the driver's order."""
    gpu_memory_used: tuple[int, ...]


@dataclass
class MachineHistory:
    """The last ten minutes, a sample every two seconds. Safe to use from several threads.

    The server samples all the time, so that a page has a past to show when it is opened; a sample takes a
    millisecond.
    """

    _samples: deque[Sample] = field(default_factory=lambda: deque(maxlen=int(KEPT_S / EVERY_S)))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _cpu_before: tuple[float, float] | None = None

    def look(self) -> None:
        """Takes a sample, unless the last one is fresh."""
        with self._lock:
            now = time.time()
            if self._samples and now - self._samples[-1].time < 0.9 * EVERY_S:
                return
            cpu_percent = self._cpu_percent()
            memory, found = psutil.virtual_memory(), gpus()
            self._samples.append(
                Sample(
                    now,
                    cpu_percent,
                    memory.total - memory.available,
                    tuple(gpu.percent for gpu in found),
                    tuple(gpu.memory_total - gpu.memory_free for gpu in found),
                )
            )

    @property
    def samples(self) -> Sequence[Sample]:
        """The samples, oldest first."""
        with self._lock:
            return tuple(self._samples)

    def _cpu_percent(self) -> float:
        """Use of all processors since the last sample; psutil's own memory of it is one per thread."""
        times = psutil.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        now = (sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0), idle)
        before, self._cpu_before = self._cpu_before, now
        if before is None:
            return float(psutil.cpu_percent(interval=0.1))
        total, idle = now[0] - before[0], now[1] - before[1]
        return 100 * min(1.0, max(0.0, 1 - idle / total)) if total > 0 else 0.0
