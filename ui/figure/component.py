"""A figure that keeps a person's zoom, and can be taken away as PNG, SVG or CSV without leaving the browser.

Only the drawing is here; what is drawn is built by those who draw.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import plotly.graph_objects as go
import streamlit as st

from leyden.palette import PALETTES
from leyden.reports.axes import plain, shorten
from ui import state
from ui.plotly_loader import LOADER
from ui.words import _

HERE = Path(__file__).parent
MAX_SUBTITLE = 90
"""Letters that fit above the narrowest picture."""

_FIGURE = st.components.v2.component(
    "leyden_figure",
    html="""<figure class="leyden-figure" data-testid="figure">
<figcaption><span class="leyden-figure-title"></span><span class="leyden-takes"></span></figcaption>
<div class="leyden-drawing"></div>
</figure>""",
    css=(HERE / "figure.css").read_text(encoding="utf-8"),
    js=LOADER + (HERE / "figure.js").read_text(encoding="utf-8"),
    # Plotly puts its own styles into the document's head, where a shadow root does not see them.
    isolate_styles=False,
)


class Numbers(NamedTuple):
    """What a figure shows, as a table."""

    head: Sequence[str]
    rows: Iterable[Sequence[Any]]


def figure(
    drawing: go.Figure,
    *,
    title: str,
    numbers: str | Numbers,
    key: str,
    whose: str = "",
    has_legend: bool = False,
    on_axes: Callable[[Any], None] | None = None,
) -> None:
    """Draws a figure.

    Args:
        drawing: The figure. While its `layout.uirevision` stays the same, a person's zoom is kept.
        title: What stands above it.
        numbers: What its CSV file holds, or the address that answers with it, where that is much.
        key: Of the element.
        whose: Of which run it is, where a page shows it of several: its files are called so, too.
        has_legend: Whether a picture of it needs a legend that the page shows elsewhere.
        on_axes: Is told `order` and `kept` where axes of parallel coordinates were dragged: their names from left to
            right, and by name the two ends of the part that is kept.
    """
    palette = PALETTES[state.mode()]
    data = {
        "figure": json.loads(drawing.to_json()),
        "title": title,
        "plot_title": plain(title),
        "subtitle": plain(shorten(whose, MAX_SUBTITLE)),
        "alone": {"paper_bgcolor": palette.background, "showlegend": has_legend},
        "ink": palette.ink,
        "file": file_name(f"{title} {whose}"),
        "csv": "" if isinstance(numbers, str) else csv_text(numbers.head, numbers.rows),
        "csv_url": numbers if isinstance(numbers, str) else "",
        "take": _("Download as {format}"),
        "unavailable": _("The figure could not be loaded. Reload the page."),
        "plotly": state.url("api/plotly.js"),
        "has_axes": on_axes is not None,
    }
    if on_axes is None:
        _FIGURE(data=data, key=key, height="content")
        return

    def tell() -> None:
        on_axes(state.widget_value(key, {"axes": None})["axes"])

    _FIGURE(data=data, key=key, height="content", on_axes_change=tell)


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The numbers of a figure as CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return buffer.getvalue()


def file_name(title: str) -> str:
    """A title as the name of a file, without what file systems refuse: letters of all scripts stay."""
    return re.sub(r"[^\w.-]+", "-", title).strip("-.")[:80] or "figure"
