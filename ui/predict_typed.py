"""A row or text that was typed and asked: it stands in the address, so that a reload or a link brings it again."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from leyden.datasets.profile import ColumnKind
from leyden.prediction.signature import InputColumn
from ui import state
from ui.predict_ask import Row, last_asked
from ui.predict_inputs import has_same_name

TYPED = "typed"
"""The parameter of the address: JSON of the values that are not those that the form began with, by column."""
LONGEST = 1500
"""Characters that an address carries; longer texts last for a session."""
LARGEST = 2**53
"""Browsers tell larger whole numbers from their neighbours no more."""
CAME = "predict.came"
"""What an address asked when it was opened; asked once, whatever comes of it."""


def typed_here(run_id: str, columns: Sequence[InputColumn]) -> Row:
    """What was typed for these columns: what the address says, or else what was asked last in this session."""
    asked = last_asked(run_id)
    if state.parameter(TYPED) is None and asked is not None:
        _write(asked.typed)
        return dict(asked.typed)
    try:
        given = json.loads(state.parameter(TYPED) or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(given, dict):
        return {}
    kinds = {column.name: column.kind for column in columns}
    return {
        name: value
        for name, value in given.items()
        if name in kinds and (value is None or READABLE[kinds[name]](value))
    }


def keep_typed(row: Mapping[str, Any], begun: Mapping[str, Any], columns: Sequence[InputColumn]) -> Row:
    """Writes what was typed into the address.

    Args:
        row: What is asked now.
        begun: What the form began with.
        columns: Of the model.

    Returns:
        The values of `row` that are not the form's own, pictures left out.
    """
    typed = {
        column.name: row[column.name]
        for column in columns
        if column.kind != "image" and not has_same_name(row[column.name], begun[column.name])
    }
    _write(typed)
    return typed


def is_asked_by_link(run_id: str) -> bool:
    """Whether the address brought a row that was typed elsewhere, or before a reload, and that is not answered yet."""
    given = state.parameter(TYPED)
    if given is None or last_asked(run_id) is not None or state.recall(CAME, None) == (run_id, given):
        return False
    state.remember(CAME, (run_id, given))
    return True


def _write(typed: Mapping[str, Any]) -> None:
    written = json.dumps(typed, ensure_ascii=False, separators=(",", ":"))
    state.set_parameter(TYPED, written if typed and len(written) <= LONGEST else None)


def _is_number(value: Any) -> bool:
    """Whether it is a number that an input can show; where there are many columns, numbers are typed as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return False
    return math.isfinite(number) and abs(number) <= LARGEST


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


READABLE: Mapping[ColumnKind, Callable[[Any], bool]] = {
    "number": _is_number,
    "category": _is_text,
    "datetime": _is_text,
    "text": _is_text,
    "image": lambda _value: False,
}
