"""A figure as it is drawn on most pages: in Leyden's own look, without a bar of tools; its points may be clicked."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from ui import state


def plain_chart(
    figure: go.Figure, *, key: str, alt: str, on_click: Callable[[str | None], None] | None = None
) -> None:
    """Draws a figure.

    Args:
        figure: Points that can be clicked carry a text as their `customdata`.
        key: Streamlit's, of the chart. A browser keeps what is selected in a chart for as long as its key stays.
        alt: What the figure shows.
        on_click: Is told the text of the clicked point, or None when the click let go of it. None: clicks do nothing.
    """
    st.plotly_chart(
        figure,
        theme=None,
        key=key,
        config={"displayModeBar": False},
        alt=alt,
        on_select="ignore" if on_click is None else lambda: on_click(_clicked(key)),
        selection_mode="points",
    )


def _clicked(key: str) -> str | None:
    points: list[dict[str, Any]] = state.widget_value(key, {"selection": {"points": []}})["selection"]["points"]
    if not points:
        return None
    # Plotly hands it over as it was, or as a list of one.
    data = points[0]["customdata"]
    return str(data[0] if isinstance(data, list | tuple) else data)
