"""A table of a report on a page: one that can be sorted, or a sheet whose sentences are seen whole."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from leyden.reports.html import LONG_TEXT, table_html
from leyden.reports.model import Table

LONG_TABLE = 14
ROW_HEIGHT = 35
CHARACTER_PX, PADDING_PX, LONGEST_PX = 8, 24, 400
LONGEST_HEAD = 20


def draw_table(
    table: Table,
    *,
    num_figures: int | None = None,
    key: str | None = None,
    chosen: int | None = None,
    on_select: Callable[[], None] | None = None,
) -> None:
    """Draws it in its full height, or scrolling when it is long.

    Args:
        table: What is drawn.
        num_figures: How many columns are Leyden's; those after them are of the data, and shown as they are there.
        key: Of the element; needed where lines can be chosen.
        chosen: The line that is chosen at first.
        on_select: Called when a person chooses a line, or lets go of it; None where there is nothing to choose.
    """
    ours = table.columns[:num_figures]
    frame = _frame(table, ours)
    choice: dict[str, Any] = {}
    if on_select is not None:
        first = {"selection": {"rows": [] if chosen is None else [chosen]}}
        choice = {"on_select": on_select, "selection_mode": "single-row", "selection_default": first}
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= LONG_TABLE else ROW_HEIGHT * (LONG_TABLE + 1),
        placeholder="–",
        column_config={name: _column(frame[name], is_own=name not in ours) for name in table.columns},
        alt=table.title,
        key=key,
        **choice,
    )


def is_sheet(table: Table) -> bool:
    """Whether it is a short table with sentences, which stand in the last column; a long name is no sentence."""
    lasts = [row[-1] for row in table.rows]
    return len(lasts) <= LONG_TABLE and any(isinstance(cell, str) and len(cell) > LONG_TEXT for cell in lasts)


def draw_sheet(table: Table) -> None:
    """Draws it as a page has it: lines as high as their sentences, nothing to sort."""
    st.html(f'<div class="ly-sheet">{table_html(table)}</div>')


def _frame(table: Table, ours: Sequence[str]) -> pd.DataFrame:
    """Its cells with all their digits, which the CSV has too; but a figure that would read −0 is 0."""
    frame = pd.DataFrame(list(table.rows), columns=list(table.columns))
    floats = [name for name in frame.select_dtypes("float").columns if name in ours]
    return frame.assign(**{name: _without_minus_zero(frame[name]) for name in floats})


def _without_minus_zero(values: pd.Series) -> pd.Series:
    return values.mask((values <= 0) & (values.round(_digits(values)) == 0), 0.0)


def _digits(values: pd.Series) -> int:
    """Digits after the point: none where most values are in thousands."""
    sizes = values.abs()
    if sizes.median() >= 1000:
        return 0
    return 4 if sizes.max() < 10 else 2


def _column(values: pd.Series, *, is_own: bool) -> Any:
    """How a column writes its numbers: counts with thousands, figures with their digits, the data's own as it is."""
    if is_own and pd.api.types.is_numeric_dtype(values):
        # Not "plain", which tells 38.91 as 38.910000000000004.
        return st.column_config.NumberColumn(format="%g")
    if pd.api.types.is_float_dtype(values):
        return st.column_config.NumberColumn(format=f"%,.{_digits(values)}f")
    if pd.api.types.is_numeric_dtype(values):
        return st.column_config.NumberColumn(format="localized")
    # Its head counts too, though a long name is not worth the room that its values do not need.
    longest = max(min(len(str(values.name)), LONGEST_HEAD), *(len(str(value)) for value in values), 0)
    return st.column_config.TextColumn(width=min(LONGEST_PX, PADDING_PX + CHARACTER_PX * longest))
