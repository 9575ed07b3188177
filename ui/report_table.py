"""A table of a report on a page: it can be sorted, with four digits and thousands separated."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from leyden.reports.model import Table

LONG_TABLE = 14
ROW_HEIGHT = 35


def draw_table(
    table: Table, *, key: str | None = None, chosen: int | None = None, on_select: Callable[[], None] | None = None
) -> None:
    """Draws it in its full height, or scrolling when it is long.

    Args:
        table: What is drawn.
        key: Of the element; needed where lines can be chosen.
        chosen: The line that is chosen at first.
        on_select: Called when a person chooses a line, or lets go of it; None where there is nothing to choose.
    """
    frame = pd.DataFrame(list(table.rows), columns=list(table.columns))
    choice: dict[str, Any] = {}
    if on_select is not None:
        first = {"selection": {"rows": [] if chosen is None else [chosen]}}
        choice = {"on_select": on_select, "selection_mode": "single-row", "selection_default": first}
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= LONG_TABLE else ROW_HEIGHT * (LONG_TABLE + 1),
        placeholder="–",
        column_config={name: _column(frame[name]) for name in table.columns},
        alt=table.title,
        key=key,
        **choice,
    )


def _column(values: pd.Series) -> Any:
    """How a column writes its numbers: counts with thousands, figures with four digits."""
    if pd.api.types.is_float_dtype(values):
        digits = 4 if values.abs().max() < 10 else 2
        return st.column_config.NumberColumn(format=f"%.{digits}f")
    if pd.api.types.is_integer_dtype(values):
        return st.column_config.NumberColumn(format="localized")
    return st.column_config.TextColumn()
