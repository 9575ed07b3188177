"""Inputs for one value, by the kind of its column: what is drawn, and when two values are the same."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from leyden.datasets.image import SUFFIXES, small_jpeg
from leyden.datasets.profile import ColumnKind, Profile
from leyden.errors import DataError
from leyden.prediction.signature import InputColumn
from ui import layout, state
from ui.format import number, plain
from ui.predict_ask import encoded
from ui.words import _

MOST_PICTURE_MB = 20
SHOWN_SIDE, SHOWN_WIDTH = 320, 160
"""Pixels of a picture as it is sent, and as it is drawn."""
TYPED: frozenset[ColumnKind] = frozenset({"number", "category", "datetime", "text"})
"""Kinds whose values can be typed into the cell of a table."""


Draw = Callable[[InputColumn, Profile, Any, str], Any]
"""Draws an input with a default and a key; returns what is in it, None for nothing."""


def value_input(column: InputColumn, profile: Profile, default: Any, key: str) -> Any:
    """Draws the input of a column.

    Args:
        column: The column.
        profile: Of the dataset that was trained on.
        default: What it begins with; None: nothing.
        key: Of the input.

    Returns:
        What was typed, as a request writes it; None for nothing.
    """
    return INPUTS[column.kind](column, profile, default, key)


def name_of(value: Any) -> str | None:
    """A value as its category is called; None for none."""
    from leyden.datasets.values import canonical

    return None if value is None else canonical(value)


def has_same_name(given: Any, had: Any) -> bool:
    """Whether two values would be one category."""
    return (name_of(given) or "") == (name_of(had) or "")


def is_same(column: InputColumn, given: Any, had: Any) -> bool:
    """Whether what was typed is still the value of the dataset that was there before."""
    return SAME.get(column.kind, has_same_name)(given, had)


def _number_input(column: InputColumn, profile: Profile, default: Any, key: str) -> float | int | str | None:
    """A field of text: one of numbers brings its default back when it is emptied, and cuts places off."""
    low, high = _range(column, profile)
    hint = "" if low is None or high is None else _("{low} to {high}").format(low=number(low), high=number(high))
    label = _label(column.name, hint)
    typed = st.text_input(label, value=name_of(default) or "", placeholder=_("no value"), key=key).strip()
    return _as_number(typed)


def _as_number(typed: str) -> float | int | str | None:
    """The number that is meant; what is none, as it was typed: the model says so."""
    for number_of in (int, float):  # Of large whole numbers a float keeps some digits only.
        try:
            value = number_of(typed)
            if "_" not in typed and math.isfinite(value):
                return value
        except (ValueError, OverflowError):
            continue
    return typed or None


def _category_input(column: InputColumn, profile: Profile, default: Any, key: str) -> str | None:
    value = name_of(default)
    options: list[str | None] = [*column.values, None]
    if value not in options:
        options.insert(0, value)
    return st.selectbox(
        _label(column.name),
        options,
        index=options.index(value),
        format_func=lambda name: _("(no value)") if name is None else str(name),
        accept_new_options=True,
        key=key,
    )


def _picture_input(column: InputColumn, profile: Profile, default: Any, key: str) -> str | None:
    types = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
    dropped = st.file_uploader(_label(column.name), type=types, max_upload_size=MOST_PICTURE_MB, key=key)
    if dropped is not None:
        content = dropped.getvalue()
        try:
            st.image(small_jpeg(content, SHOWN_SIDE), width=SHOWN_WIDTH)
        except DataError as error:
            # It is sent all the same: a row without its picture would be answered, and the model refuses this one.
            named = {**error.message.params, "name": dropped.name}
            layout.failure(error.message.model_copy(update={"params": named}))
        return encoded(content)
    path = state.home().media_file(str(default)) if default else None
    if path is None or not path.is_file():
        return None
    st.image(str(path), width=SHOWN_WIDTH)
    return encoded(path.read_bytes())


def _text_input(column: InputColumn, profile: Profile, default: Any, key: str) -> str | None:
    return st.text_area(_label(column.name), value=default or "", key=key, height=120) or None


def _date_input(column: InputColumn, profile: Profile, default: Any, key: str) -> str | None:
    hint = _("{low} to {high}").format(low=column.earliest, high=column.latest) if column.earliest else ""
    typed = st.text_input(_label(column.name, hint), value=default or "", placeholder="2024-05-31 13:30", key=key)
    return typed.strip() or None


def _range(column: InputColumn, profile: Profile) -> tuple[float | None, float | None]:
    """Of the training rows; of the whole data for models from before that was kept."""
    about = profile.column(column.name)
    if column.low is None and about is not None and about.numbers is not None:
        return about.numbers.minimum, about.numbers.maximum
    return column.low, column.high


def _label(name: str, hint: str = "") -> str:
    # No colours: they would stand in the input's name for a screen reader.
    return plain(f"{name} · {hint}" if hint else name)


def _is_picture(given: Any, had: Any) -> bool:
    """Whether it is, as base64, the picture with this SHA-256."""
    return bool(given == _stored_picture(had))


def _stored_picture(sha256: Any) -> str | None:
    path = state.home().media_file(str(sha256)) if sha256 else None
    return encoded(path.read_bytes()) if path is not None and path.is_file() else None


INPUTS: Mapping[ColumnKind, Draw] = {
    "number": _number_input,
    "category": _category_input,
    "datetime": _date_input,
    "text": _text_input,
    "image": _picture_input,
}
SAME: Mapping[ColumnKind, Callable[[Any, Any], bool]] = {"image": _is_picture}
"""Kinds whose values are not compared by their names."""
