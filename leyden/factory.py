"""Imports what a card or the job table names, at the moment it is used."""

import importlib
from typing import Any


def imported(name: str) -> Any:
    """The object behind `package.module:name`."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)
