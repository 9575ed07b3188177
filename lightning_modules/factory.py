"""Imports what a card names, at the moment it is used."""

import importlib
from typing import Any


def imported(factory: str) -> Any:
    """The object behind `package.module:name`."""
    module, _, name = factory.partition(":")
    return getattr(importlib.import_module(module), name)
