"""What every kind of column says of its values, beside how they become tensors.

The module here that is called like the kind says it; nothing else in `lightning_modules` tells kinds apart, but for
the table of `lightning_modules.baselines.features`.
"""

import importlib
from collections.abc import Iterable
from typing import Protocol, cast

from leyden.datasets.profile import ColumnKind

Scalar = str | int | float | bool
"""A value as JSON writes it, other than null."""


class Kind(Protocol):
    """A module that is called like a kind of column."""

    HOLDS_FILES: bool
    """Whether a value is a whole file: it is no cell to show, and a row of missing ones alone has no answer."""

    SIZE_IS_LEARNT: bool
    """Whether its part of a network is as large as the training rows have different values, or words."""

    def from_json(self, value: Scalar, *, column: str, row: int) -> object:
        """A value of a request as `predict` takes it. What means nothing stays what it is: whoever predicts says so.

        Args:
            value: As it was written.
            column: Where it stands, to be named if need be.
            row: Likewise, from 0.

        Raises:
            DataError: It is not even written as it must be.
        """


def kind_of(name: ColumnKind) -> Kind:
    """The module of a kind."""
    return cast(Kind, importlib.import_module(f"lightning_modules.data.{name}"))


def hold_only_files(kinds: Iterable[ColumnKind]) -> bool:
    """Whether a row of columns of these kinds is nothing but files, of which it needs each to be answered."""
    return all(kind_of(kind).HOLDS_FILES for kind in kinds)
