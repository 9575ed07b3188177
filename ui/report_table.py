"""A table of a report on a page: it can be sorted, with four digits and thousands separated."""

from typing import Any

import pandas as pd
import streamlit as st

from leyden.reports.model import Table

LONG_TABLE = 14
ROW_HEIGHT = 35


def draw_table(table: Table) -> None:
    """Draws it in its full height, or scrolling when it is long."""
    frame = pd.DataFrame(list(table.rows), columns=list(table.columns))
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= LONG_TABLE else ROW_HEIGHT * (LONG_TABLE + 1),
        placeholder="–",
        column_config={name: _column(frame[name]) for name in table.columns},
        alt=table.title,
    )


def _column(values: pd.Series) -> Any:
    """How a column writes its numbers: counts with thousands, figures with four digits."""
    if pd.api.types.is_float_dtype(values):
        digits = 4 if values.abs().max() < 10 else 2
        return st.column_config.NumberColumn(format=f"%.{digits}f")
    if pd.api.types.is_integer_dtype(values):
        return st.column_config.NumberColumn(format="localized")
    return st.column_config.TextColumn()
