"""Typing a row: a form made from what a model reads, with what its training rows held beside each column."""

from collections.abc import Sequence

import streamlit as st

from leyden.datasets.profile import Profile
from leyden.prediction.signature import InputColumn, Signature
from leyden.store.records import Run
from ui.format import number
from ui.predict_ask import Row, ask
from ui.predict_examples import Example, example_here, has_examples, take_example
from ui.predict_http import note_rows
from ui.predict_inputs import TYPED, is_same, name_of, value_input
from ui.predict_typed import form_number, is_asked_by_link, keep_typed, typed_here
from ui.words import _

MOST_INPUTS = 40
"""With more columns, a table to type into instead of an input for each."""


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
    columns = signature.columns
    begun = {column.name: example.values[column.name] if example else column.default for column in columns}
    # Other keys for another model or example: their values are defaults, which a reload keeps.
    key = f"predict.{run.id}.{example.row_id if example else ''}.{form_number()}"
    with st.form(key, border=False):
        row = _row(columns, profile, begun | typed_here(run.id, columns), key)
        is_sent = st.form_submit_button(_("Predict"), type="primary", icon=":material/bolt:")
    note_rows([row])
    if is_sent or is_asked_by_link(run.id, columns):
        truths = [example.truth if example and _is_same(row, example, signature) else None]
        ask(run.id, [row], truths=truths, typed=keep_typed(run.id, row, begun, columns))


def _row(columns: Sequence[InputColumn], profile: Profile, begun: Row, key: str) -> Row:
    """An input for each column; where there are many, for those that nobody can type into a table.

    Args:
        columns: Of the model.
        profile: Of the dataset that was trained on.
        begun: What each begins with.
        key: Of the form.
    """
    if len(columns) <= MOST_INPUTS:
        return _inputs(columns, profile, begun, key)
    typed = [column for column in columns if column.kind in TYPED]
    others = [column for column in columns if column.kind not in TYPED]
    row = _table(typed, begun, key)
    return row | _inputs(others, profile, begun, key) if others else row


def _inputs(inputs: Sequence[InputColumn], profile: Profile, begun: Row, key: str) -> Row:
    columns = st.columns(2 if len(inputs) > 1 else 1)
    row = {}
    for index, column in enumerate(inputs):
        place = columns[index % len(columns)]
        with place:
            row[column.name] = value_input(column, profile, begun[column.name], f"{key}.{column.name}")
    return row


def _table(columns: Sequence[InputColumn], begun: Row, key: str) -> Row:
    """One line per column; what is typed is text, which means what it would mean in a file."""
    import pandas as pd

    values = [begun[column.name] for column in columns]
    frame = pd.DataFrame(
        {
            "column": [column.name for column in columns],
            "value": ["" if value is None else name_of(value) for value in values],
            "seen": [_seen(column) for column in columns],
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
    # What was deleted, and not typed over, is no text.
    return {
        name: value if isinstance(value, str) and value.strip() else None
        for name, value in zip(edited["column"], edited["value"], strict=True)
    }


def _seen(column: InputColumn) -> str:
    if column.low is not None and column.high is not None:
        return _("{low} to {high}").format(low=number(column.low), high=number(column.high))
    if column.earliest:
        return _("{low} to {high}").format(low=column.earliest, high=column.latest)
    return ", ".join(column.values[:5]) + (" …" if len(column.values) > 5 else "")


def _is_same(row: Row, example: Example, signature: Signature) -> bool:
    """Whether a row is still the example: of a changed one, nobody knows the truth."""
    columns = signature.columns
    return all(is_same(column, row[column.name], example.values[column.name]) for column in columns)
