"""The look that all charts of reports share: font, colours, axes, names that show as they stand."""

from html import escape
from typing import Any

import plotly.graph_objects as go

from leyden.palette import Palette

FONT = "Inter, ui-sans-serif, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', sans-serif"
MAX_LABEL = 28


def plain(text: str) -> str:
    """Text that plotly shows as it stands: what looks like a tag in a class name is not one."""
    return escape(text, quote=False)


def shorten(text: str, longest: int = MAX_LABEL) -> str:
    """The text, cut in the middle when it is long: names often differ at their ends."""
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 3
    return f"{text[: longest - 1 - tail]}…{text[-tail:]}"


def axis_title(text: str) -> dict[str, Any]:
    """An axis title that keeps clear of long tick labels."""
    return {"text": plain(text), "standoff": 10, "font": {"size": 12}}


def reference(figure: go.Figure, palette: Palette, x0: float, y0: float, x1: float, y1: float) -> None:
    """A dotted line to compare with."""
    line = {"color": palette.muted, "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=x0, y0=y0, x1=x1, y1=y1, line=line, layer="above")


def dress(figure: go.Figure, palette: Palette, *, height: int) -> None:
    """The look that all figures share."""
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": palette.muted},
        hoverlabel={"bgcolor": palette.surface, "bordercolor": palette.line, "font": {"color": palette.ink}},
        legend={"font": {"size": 12, "color": palette.ink}, "orientation": "v", "bgcolor": "rgba(0,0,0,0)"},
        template=None,
    )
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(gridcolor=palette.line, linecolor=palette.line, zeroline=False, automargin=True)


def colour_scale(colours: tuple[str, ...]) -> list[list[float | str]]:
    """Colours in even steps from 0 to 1."""
    return [[place / (len(colours) - 1), colour] for place, colour in enumerate(colours)]


def colour_at(colours: tuple[str, ...], fraction: float) -> str:
    """The colour that such a scale has at a fraction of its length."""
    place = fraction * (len(colours) - 1)
    below = min(int(place), len(colours) - 2)
    channels = (
        [int(colour[start : start + 2], 16) for colour in colours[below : below + 2]] for start in (1, 3, 5)
    )
    return "#" + "".join(f"{round(low + (place - below) * (high - low)):02x}" for low, high in channels)
