"""A child process that has everything slow imported before its first job: `python -m lightning_modules`."""

import importlib

from leyden.jobs.child import serve
from lightning_modules.failures import explain

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
    for name in IMPORTS:
        importlib.import_module(name)
    importlib.import_module("lightning_modules.catalog").catalogue()
    serve(explain)


if __name__ == "__main__":
    main()
