"""The inputs of a run as a table: which columns the model sees, and what each is read as."""

from typing import Any

import pandas as pd
import streamlit as st

from leyden.catalogue import MODALITY_OF, Catalogue
from leyden.datasets.profile import Column, ColumnKind, Profile
from leyden.spec.columns import target_kind
from leyden.spec.fields import INPUTS, NONE
from ui import state
from ui.form import Form
from ui.format import percent
from ui.words import KINDS, _

ROW_HEIGHT, MAX_ROWS = 35, 12


def inputs_table(form: Form, profile: Profile, catalogue: Catalogue) -> None:
    """Draws the columns beside the target, with a tick for those that are inputs."""
    columns = [column for column in profile.columns if column.name != form.spec.data.target]
    kinds = [kind for kind, modality in MODALITY_OF.items() if modality in catalogue.architectures]
    key = f"new.{form.draft.id}.inputs.{form.spec.data.target}"

    def report() -> None:
        edits: dict[str, Any] = state.widget_value(key, {"edited_rows": {}})
        for place, cells in edits["edited_rows"].items():
            _report(form, columns[int(place)], cells)

    st.data_editor(
        _frame(form, profile, columns),
        key=key,
        hide_index=True,
        height="content" if len(columns) <= MAX_ROWS else ROW_HEIGHT * (MAX_ROWS + 1),
        disabled=("name", "missing", "examples"),
        num_rows="fixed",
        on_change=report,
        alt=_("Inputs"),
        column_config={
            "use": st.column_config.CheckboxColumn(_("Input"), width="small"),
            "name": st.column_config.TextColumn(_("Column")),
            "kind": st.column_config.SelectboxColumn(
                _("Read as"), options=kinds, format_func=lambda kind: KINDS[str(kind)], required=True
            ),
            "missing": st.column_config.TextColumn(_("Missing"), width="small"),
            "examples": st.column_config.TextColumn(_("Examples")),
        },
    )


def _frame(form: Form, profile: Profile, columns: list[Column]) -> pd.DataFrame:
    inputs = form.spec.data.inputs
    rows = (
        {
            "use": column.name in inputs,
            "name": column.name,
            "kind": inputs.get(column.name, _natural_kind(column)),
            "missing": percent(column.num_missing / profile.num_rows) if column.num_missing else "",
            "examples": ", ".join(column.examples[:4]),
        }
        for column in columns
    )
    return pd.DataFrame(rows, columns=["use", "name", "kind", "missing", "examples"])


def _natural_kind(column: Column) -> ColumnKind:
    """What a column that is not an input yet would be read as."""
    return target_kind(column)


def _report(form: Form, column: Column, cells: dict[str, Any]) -> None:
    """Tells an edit of one row: a tick, or another kind (which makes the column an input)."""
    is_input = cells.get("use", column.name in form.spec.data.inputs or "kind" in cells)
    kind = cells.get("kind", form.spec.data.inputs.get(column.name, _natural_kind(column)))
    form.on_edit(f"{INPUTS}.{column.name}", kind if is_input else NONE)
