import threading
from types import SimpleNamespace

import psutil

from lightning_modules.training import system_monitor
from lightning_modules.training.system_monitor import SystemMonitor
from tests.waiting import wait_for


class Logged:
    """A logger that keeps what it is told."""

    def __init__(self):
        self.values = []

    def log_metrics(self, values, step):
        self.values.append(values)


def test_the_first_use_of_the_processor_is_measured_and_not_psutils_first_zero(monkeypatch):
    seen = set()

    def cpu_percent():
        is_first = threading.get_ident() not in seen
        seen.add(threading.get_ident())
        return 0.0 if is_first else 40.0

    monkeypatch.setattr(psutil, "cpu_percent", cpu_percent)
    monkeypatch.setattr(system_monitor, "FIRST_AFTER_S", 0.0)
    logged, module = Logged(), SimpleNamespace(epoch=0.5, position=SimpleNamespace(step=3))
    with SystemMonitor(logged, module, None):
        wait_for(lambda: logged.values, what="the first measurement")
    assert logged.values[0]["system/cpu_percent"] == 40.0
    assert logged.values[0]["system/memory_bytes"] > 0 and logged.values[0]["epoch"] == 0.5
