"""Draws a report on a page, section by section, by their types alone."""

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from leyden.palette import PALETTES
from leyden.reports.figures import figure_of
from leyden.reports.html import headline_html
from leyden.reports.model import Bars, Confusion, Curves, Figure, Headline, Report, Scatter, Section, Table
from leyden.reports.rivals import Rival, with_rivals
from ui import layout, state
from ui.format import number
from ui.words import _

WIDE_CLASSES = 12
"""A confusion matrix of more classes takes the whole width."""
LONG_TEXT = 40
"""So does a table that holds sentences."""
LONG_TABLE = 14
ROW_HEIGHT = 35


def report_view(report: Report, rivals: Sequence[Rival] = ()) -> None:
    """Draws all sections: the headline over the whole width, the rest side by side where it fits."""
    about = {
        "val": _("{rows} validation rows, judged with the {checkpoint} checkpoint of epoch {epoch}."),
        "test": _("{rows} test rows, judged with the {checkpoint} checkpoint of epoch {epoch}."),
    }[report.part]
    epoch = number(float(f"{report.epoch:.4g}"))
    layout.quiet(about.format(rows=number(report.num_rows), checkpoint=_(report.checkpoint), epoch=epoch))
    for note in report.notes:
        st.html(f'<p class="ly-note">{escape(note.text)}</p>')
    sections = [translated(section) for section in with_rivals(report.sections, rivals)]
    for section in sections:
        if isinstance(section, Headline):
            st.html(headline_html(section, rivals))
    grid = st.grid(2, min_column_width=380, gap="medium")
    for place, section in enumerate(sections):
        if not isinstance(section, Headline):
            with grid.cell(column_span="all" if _is_wide(section) else 1):
                _section(section, f"report.{report.run}.{report.part}.{place}")


def translated(section: Section) -> Section:
    """A section with its titles, heads and explanations in the reader's language; names from the data stay."""
    changes: dict[str, Any] = {
        name: _(text) for name in ("title", "help", "x_title", "y_title") if (text := getattr(section, name, ""))
    }
    if isinstance(section, Table):
        changes["columns"] = tuple(_(head) for head in section.columns)
    if isinstance(section, Headline):
        changes["figures"] = tuple(_figure(figure) for figure in section.figures)
        changes["blind"] = section.blind and _figure(section.blind)
    return section.model_copy(update=changes)


def _figure(figure: Figure) -> Figure:
    return figure.model_copy(update={"title": _(figure.title), "summary": figure.summary and _(figure.summary)})


def _section(section: Confusion | Table | Curves | Scatter | Bars, key: str) -> None:
    layout.section(section.title)
    if help_text := getattr(section, "help", ""):
        layout.quiet(help_text)
    if isinstance(section, Table):
        _table(section)
        return
    figure = figure_of(section, PALETTES[state.mode()])
    if figure is not None:
        config = {"displayModeBar": False}
        st.plotly_chart(figure, theme=None, key=key, config=config, alt=section.title)


def _table(table: Table) -> None:
    """A table that can be sorted; four digits, thousands separated."""
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


def _is_wide(section: Section) -> bool:
    if isinstance(section, Table):
        return any(isinstance(cell, str) and len(cell) > LONG_TEXT for row in section.rows for cell in row)
    return isinstance(section, Confusion) and len(section.classes) > WIDE_CLASSES
