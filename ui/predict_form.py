"""Typing a row: a form made from what a model reads, with what its training rows held beside each column."""

import math
from typing import Any

import streamlit as st

from leyden.datasets.image import SUFFIXES
from leyden.datasets.profile import Profile
from leyden.prediction.signature import InputColumn, Signature
from leyden.store.records import Run
from ui import state
from ui.format import number, plain
from ui.predict_ask import Row, ask, encoded
from ui.predict_examples import Example, example_here, has_examples, take_example
from ui.predict_http import note_rows
from ui.words import _

MOST_INPUTS = 40
"""With more columns, a table to type into instead of an input for each."""
MOST_PICTURE_MB = 20


def row_form(run: Run, signature: Signature, profile: Profile) -> None:
    """Draws the form; Predict asks the model and remembers the answer."""
    if has_examples(run):
        with st.container(horizontal=True, vertical_alignment="center"):
            help_text = _("A validation row: one that the model was not trained on.")
            st.button(
                _("Take an example row"),
                icon=":material/shuffle:",
                key="predict.example",
                help=help_text,
                on_click=take_example,
                args=(run,),
            )
    example = example_here(run, signature)
    # Other keys for another model or example: their values are defaults, which a reload keeps.
    key = f"predict.{run.id}.{example.row_id if example else ''}"
    with st.form(key, border=False):
        if len(signature.columns) > MOST_INPUTS:
            row = _table(signature, example, key)
        else:
            row = _inputs(signature, profile, example, key)
        is_sent = st.form_submit_button(_("Predict"), type="primary", icon=":material/bolt:")
    note_rows([row])
    if is_sent:
        truths = [example.truth if example and _is_same(row, example, signature) else None]
        ask(run.id, [row], truths=truths)


def _inputs(signature: Signature, profile: Profile, example: Example | None, key: str) -> Row:
    columns = st.columns(2 if len(signature.columns) > 1 else 1)
    row = {}
    for index, column in enumerate(signature.columns):
        place = columns[index % len(columns)]
        default = example.values[column.name] if example else column.default
        with place:
            row[column.name] = _input(column, profile, default, f"{key}.{column.name}")
    return row


def _input(column: InputColumn, profile: Profile, default: Any, key: str) -> Any:
    if column.kind == "number":
        return _number_input(column, profile, default, key)
    if column.kind == "category":
        return _category_input(column, default, key)
    if column.kind == "image":
        return _picture_input(column, default, key)
    if column.kind == "text":
        return st.text_area(_label(column.name), value=default or "", key=key, height=120) or None
    hint = _("{low} to {high}").format(low=column.earliest, high=column.latest) if column.earliest else ""
    typed = st.text_input(_label(column.name, hint), value=default or "", placeholder="2024-05-31 13:30", key=key)
    return typed.strip() or None


def _number_input(column: InputColumn, profile: Profile, default: Any, key: str) -> float | int | None:
    low, high = _range(column, profile)
    hint = "" if low is None or high is None else _("{low} to {high}").format(low=number(low), high=number(high))
    about = profile.column(column.name)
    value = None if default is None else float(default)
    if about is not None and about.storage == "integer" and (value is None or value.is_integer()):
        whole = None if value is None else int(value)
        return st.number_input(_label(column.name, hint), value=whole, step=1, key=key, placeholder=_("no value"))
    decimals = _decimals(low, high, value)
    return st.number_input(
        _label(column.name, hint),
        value=value,
        step=10.0**-decimals,
        format=f"%.{decimals}f",
        key=key,
        placeholder=_("no value"),
    )


def _category_input(column: InputColumn, default: Any, key: str) -> str | None:
    value = _name_of(default)
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


def _picture_input(column: InputColumn, default: Any, key: str) -> str | None:
    types = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
    dropped = st.file_uploader(_label(column.name), type=types, max_upload_size=MOST_PICTURE_MB, key=key)
    if dropped is not None:
        st.image(dropped, width=160)
        return encoded(dropped.getvalue())
    path = state.home().media_file(str(default)) if default else None
    if path is None or not path.is_file():
        return None
    st.image(str(path), width=160)
    return encoded(path.read_bytes())


def _table(signature: Signature, example: Example | None, key: str) -> Row:
    """One line per column; what is typed is text, which means what it would mean in a file."""
    import pandas as pd

    values = [example.values[column.name] if example else column.default for column in signature.columns]
    frame = pd.DataFrame(
        {
            "column": [column.name for column in signature.columns],
            "value": ["" if value is None else _name_of(value) for value in values],
            "seen": [_seen(column) for column in signature.columns],
        }
    )
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=["column", "seen"],
        column_config={"column": _("Column"), "value": _("Value"), "seen": _("In training")},
        height=460,
        key=f"{key}.table",
    )
    return {
        name: value if value != "" else None for name, value in zip(edited["column"], edited["value"], strict=True)
    }


def _seen(column: InputColumn) -> str:
    if column.low is not None and column.high is not None:
        return _("{low} to {high}").format(low=number(column.low), high=number(column.high))
    if column.earliest:
        return _("{low} to {high}").format(low=column.earliest, high=column.latest)
    return ", ".join(column.values[:5]) + (" …" if len(column.values) > 5 else "")


def _range(column: InputColumn, profile: Profile) -> tuple[float | None, float | None]:
    """Of the training rows; of the whole data for models from before that was kept."""
    about = profile.column(column.name)
    if column.low is None and about is not None and about.numbers is not None:
        return about.numbers.minimum, about.numbers.maximum
    return column.low, column.high


def _decimals(low: float | None, high: float | None, value: float | None) -> int:
    """Places after the point that tell values of this range apart, and show this one as it is."""
    spread = high - low if low is not None and high is not None and high > low else 1.0
    wanted = max(0, 2 - math.floor(math.log10(spread)))
    own = len(f"{value:.6g}".partition(".")[2].partition("e")[0]) if value is not None else 0
    return min(10, max(wanted, own))


def _label(name: str, hint: str = "") -> str:
    return plain(name) + (f" :gray[· {plain(hint)}]" if hint else "")


def _name_of(value: Any) -> str | None:
    from leyden.datasets.values import canonical

    return None if value is None else canonical(value)


def _is_same(row: Row, example: Example, signature: Signature) -> bool:
    """Whether a row is still the example: of a changed one, nobody knows the truth."""
    for column in signature.columns:
        given, had = row[column.name], example.values[column.name]
        if column.kind == "image":
            path = state.home().media_file(str(had))
            if had and path.is_file() and given != encoded(path.read_bytes()):
                return False
        elif column.kind == "number" and given is not None and had is not None:
            if not math.isclose(float(given), float(had), rel_tol=1e-5, abs_tol=1e-9):
                return False
        elif (_name_of(given) or "") != (_name_of(had) or ""):
            return False
    return True
