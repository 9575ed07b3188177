"""A child process that has everything slow imported before its first job: `python -m lightning_modules`."""

import importlib
import os

from leyden.jobs.child import serve

IMPORTS = (
    "torchvision",
    "pytorch_lightning",
    "torchmetrics",
    "sklearn.metrics",
    "lightning_modules.catalog",
    "lightning_modules.work",
)
"""Whatever a job would import in its first seconds."""


def main() -> None:
    """Imports, then serves jobs from standard input."""
    # Read when torch is loaded. Threads that have nothing to do sleep: by default they spin, and where two trainings
    # share the processor, one spins away the time that the other's slowest thread waits for (a picture network's
    # step took 620 to 1,150 ms on two busy cores, and 100 to 140 ms like this).
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("KMP_BLOCKTIME", "0")
    # Torch's C++ warns past Python's filters, for programmers: of unused weights that are looked for, for one.
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")
    for name in IMPORTS:
        importlib.import_module(name)
    importlib.import_module("lightning_modules.catalog").catalogue()
    serve(importlib.import_module("lightning_modules.failures").explain)


if __name__ == "__main__":
    main()
