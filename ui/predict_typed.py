"""A row or text that was typed and asked: it stands in the address, so that a reload or a link brings it again."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from leyden.datasets.profile import ColumnKind
from leyden.prediction.signature import InputColumn
from ui import state
from ui.predict_ask import OF_QUESTION, Row, forget_answers, last_asked
from ui.predict_inputs import has_same_name

TYPED = "typed"
"""The parameter of the address: JSON of the values that are not those that the form began with, by column."""
LONGEST = 1500
"""Characters that a browser's address carries; longer texts last for a session."""
CAME = "predict.came"
"""What an address asked when it was opened; asked once, whatever comes of it."""
FORMS = "predict.forms"
"""How often this session began another form because the browser went Back to another question."""


def typed_here(run_id: str, columns: Sequence[InputColumn]) -> Row:
    """What was typed for these columns, by the address or, too long for one, in this session; as far as an input can
    show it."""
    kinds = {column.name: column.kind for column in columns}
    return {
        name: value
        for name, value in _given(run_id).items()
        if name in kinds and (value is None or READABLE[kinds[name]](value))
    }


def follow_address(run_id: str) -> None:
    """Drops the question that is here, where the browser went Back to another one or to none."""
    asked = last_asked(run_id)
    here = {name: state.parameter(name) for name in ("row", "lines", TYPED)}
    if asked is not None and here == {**asked.address, TYPED: _short(asked.typed)}:
        return
    forget_answers()
    state.forget(CAME)
    state.remember(FORMS, form_number() + 1)


def form_number() -> int:
    """Of the form that is here: what one was filled with must not be found in the next."""
    return state.recall(FORMS, 0)


def restore(run_id: str) -> None:
    """Brings the question that was asked last in this session back into an address that asks nothing; call first.

    Who comes back from another page finds the form beside the answer that it has.
    """
    asked = last_asked(run_id)
    if asked is None or any(map(state.parameter, OF_QUESTION)):
        return
    for name, value in asked.address.items():
        state.set_parameter(name, value)
    state.set_parameter(TYPED, _short(asked.typed))


def keep_typed(
    run_id: str, row: Mapping[str, Any], begun: Mapping[str, Any], columns: Sequence[InputColumn]
) -> str | None:
    """Writes what was typed into the address: it is asked now, and not by the address once more.

    Args:
        run_id: Of the model.
        row: What is asked now.
        begun: What the form began with.
        columns: Of the model.

    Returns:
        What was typed, as JSON; None for nothing.
    """
    typed = {
        column.name: row[column.name]
        for column in columns
        if column.kind != "image" and not has_same_name(row[column.name], begun[column.name])
    }
    written = json.dumps(typed, ensure_ascii=False, separators=(",", ":")) if typed else None
    state.set_parameter(TYPED, _short(written))
    state.remember(CAME, (run_id, written))
    return written


def is_asked_by_link(run_id: str, columns: Sequence[InputColumn]) -> bool:
    """Whether the address brought a whole row that is not answered yet: from somebody else, or from before a reload.

    A dropped picture does not stand in it, and what no input can show is not in the form.
    """
    written = state.parameter(TYPED)
    if written is None or last_asked(run_id) is not None or state.recall(CAME, None) == (run_id, written):
        return False
    state.remember(CAME, (run_id, written))
    has_pictures = any(column.kind == "image" for column in columns)
    return not has_pictures and len(typed_here(run_id, columns)) == len(_given(run_id)) > 0


def _short(written: str | None) -> str | None:
    return written if written is not None and len(written) <= LONGEST else None


def _given(run_id: str) -> Row:
    written, asked = state.parameter(TYPED), last_asked(run_id)
    if written is None and asked is not None and asked.address.get("row") == state.parameter("row"):
        written = asked.typed
    try:
        given = json.loads(written or "{}")
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _is_number(value: Any) -> bool:
    """Whether it is a number, or what was typed for one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _is_text(value)
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _is_text(value: Any) -> bool:
    # Half a character, which JSON can write, is none.
    return isinstance(value, str) and value.encode(errors="ignore").decode() == value


READABLE: Mapping[ColumnKind, Callable[[Any], bool]] = {
    "number": _is_number,
    "category": _is_text,
    "datetime": _is_text,
    "text": _is_text,
    "image": lambda _value: False,
}
