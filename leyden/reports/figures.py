"""Report sections that are pictures, as plotly figures in Leyden's colours. By a section's type, never by task."""

from html import escape
from itertools import cycle
from typing import Any

import plotly.graph_objects as go

from leyden.palette import Palette
from leyden.reports.model import Bars, Confusion, Curves, Scatter, Section

FONT = "Inter, ui-sans-serif, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', sans-serif"

MAX_WRITTEN_CLASSES = 25
"""Above this many classes the counts would not fit into a confusion matrix's cells: they are read by hover."""
MAX_NAMED_LINES = 12
"""Above this many lines a legend and a colour each say nothing: lines are read by hover."""
MAX_LABEL = 28
MAX_LABELS = 110
"""An axis of more classes names every second one, or third."""


def figure_of(section: Section, palette: Palette) -> go.Figure | None:
    """The picture of a section, or None for a section that is not drawn as one."""
    match section:
        case Confusion():
            return confusion_figure(section, palette)
        case Curves():
            return curves_figure(section, palette)
        case Scatter():
            return scatter_figure(section, palette)
        case Bars():
            return bars_figure(section, palette)
        case _:
            return None


def confusion_figure(section: Confusion, palette: Palette) -> go.Figure:
    """A matrix, coloured by the share of each true class, with the counts written in it where they fit."""
    totals = [sum(row) for row in section.counts]
    shares = [
        [count / total if total else 0.0 for count in row]
        for row, total in zip(section.counts, totals, strict=True)
    ]
    heatmap = go.Heatmap(
        z=shares,
        zmin=0,
        zmax=1,
        colorscale=colour_scale(palette.sequence),
        showscale=False,
        xgap=1,
        ygap=1,
        customdata=_confusion_hovers(section, totals),
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure = go.Figure(heatmap)
    num_classes = len(section.classes)
    if num_classes <= MAX_WRITTEN_CLASSES:
        size = 13 if num_classes <= 12 else 10
        figure.update_traces(text=[[f"{count:,}" for count in row] for row in section.counts])
        figure.update_traces(texttemplate="%{text}", textfont={"size": size})
    row_height = max(12, min(38, 900 // num_classes))
    dress(figure, palette, height=130 + min(1400, row_height * num_classes))
    ticks = _class_ticks(section.classes)
    figure.update_xaxes(title=axis_title("Predicted"), tickangle=0 if _is_short(section.classes) else -90, **ticks)
    figure.update_yaxes(title=axis_title("True"), autorange="reversed", **ticks)
    return figure


def curves_figure(section: Curves, palette: Palette) -> go.Figure:
    """Lines with a legend; with very many lines, thin ones that are named by hover."""
    is_crowded = len(section.lines) > MAX_NAMED_LINES
    colours = cycle([palette.muted] if is_crowded else palette.runs)
    figure = go.Figure()
    for line in section.lines:
        figure.add_scatter(
            x=line.x,
            y=line.y,
            name=plain(shorten(line.name, 44)),
            mode="lines" if len(line.x) > 1 else "markers",
            line={"color": next(colours), "width": 1 if is_crowded else 2},
            opacity=0.55 if is_crowded else 1.0,
            hovertemplate="%{y:.3f} at %{x:.3f}",
            hoverlabel={"namelength": -1},
        )
    if section.diagonal:
        _reference(figure, palette, 0, 0, 1, 1)
    dress(figure, palette, height=380)
    if section.diagonal:
        figure.update_xaxes(range=[-0.02, 1.02])
        figure.update_yaxes(range=[-0.02, 1.02])
    figure.update_layout(showlegend=not is_crowded and len(section.lines) > 1, hovermode="closest")
    figure.update_xaxes(title=axis_title(section.x_title))
    figure.update_yaxes(title=axis_title(section.y_title))
    return figure


def scatter_figure(section: Scatter, palette: Palette) -> go.Figure:
    """Points that name their rows by hover, with the line they should lie on."""
    figure = go.Figure()
    figure.add_scattergl(
        x=section.x,
        y=section.y,
        mode="markers",
        marker={"color": palette.train, "size": 6, "opacity": 0.75 if len(section.x) < 300 else 0.4},
        customdata=section.row_ids,
        hovertemplate="row %{customdata}<br>%{x:,.4~g}, %{y:,.4~g}<extra></extra>",
        showlegend=False,
    )
    if section.reference and section.x:
        low, high = min(section.x), max(section.x)
        is_diagonal = section.reference == "diagonal"
        _reference(figure, palette, low, low if is_diagonal else 0, high, high if is_diagonal else 0)
    dress(figure, palette, height=380)
    figure.update_xaxes(title=axis_title(section.x_title))
    figure.update_yaxes(title=axis_title(section.y_title))
    return figure


def bars_figure(section: Bars, palette: Palette) -> go.Figure:
    """A histogram whose bars are as wide as their range."""
    low, high = section.edges[:-1], section.edges[1:]
    figure = go.Figure()
    figure.add_bar(
        x=[(left + right) / 2 for left, right in zip(low, high, strict=True)],
        y=section.counts,
        width=[right - left for left, right in zip(low, high, strict=True)],
        customdata=list(zip(low, high, strict=True)),
        marker={"color": palette.train, "line": {"color": palette.background, "width": 1}},
        hovertemplate="%{y:,} from %{customdata[0]:,.4~g} to %{customdata[1]:,.4~g}<extra></extra>",
    )
    dress(figure, palette, height=300)
    figure.update_xaxes(title=axis_title(section.x_title))
    figure.update_yaxes(title=axis_title("Rows"))
    return figure


def plain(text: str) -> str:
    """Text that plotly shows as it stands: what looks like a tag in a class name is not one."""
    return escape(text, quote=False)


def shorten(text: str, longest: int = MAX_LABEL) -> str:
    """The text, cut in the middle when it is long: names often differ at their ends."""
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 3
    return f"{text[: longest - 1 - tail]}…{text[-tail:]}"


def _confusion_hovers(section: Confusion, totals: list[int]) -> list[list[str]]:
    """What each cell says: `12 of 50 (24 %) true cat, predicted dog`."""
    names = [plain(name) for name in section.classes]
    return [
        [
            f"<b>{count:,} of {total:,}</b>{f' ({count / total:.0%})' if total else ''}"
            f"<br>true {true}<br>predicted {predicted}"
            for predicted, count in zip(names, row, strict=True)
        ]
        for true, row, total in zip(names, section.counts, totals, strict=True)
    ]


def colour_scale(colours: tuple[str, ...]) -> list[list[float | str]]:
    """Colours in even steps from 0 to 1."""
    return [[place / (len(colours) - 1), colour] for place, colour in enumerate(colours)]


def _class_ticks(classes: tuple[str, ...]) -> dict[str, Any]:
    """Labels of a matrix's axis, placed by position: two long names may look alike when shortened."""
    step = 1 + (len(classes) - 1) // MAX_LABELS
    return {
        "tickvals": list(range(0, len(classes), step)),
        "ticktext": [plain(shorten(name)) for name in classes[::step]],
        "tickfont": {"size": 12 if len(classes) <= 30 else 9},
        "showgrid": False,
    }


def _is_short(names: tuple[str, ...]) -> bool:
    """Whether the names fit under a matrix side by side."""
    return max((min(len(name), MAX_LABEL) for name in names), default=0) * len(names) <= 80


def axis_title(text: str) -> dict[str, Any]:
    """An axis title that keeps clear of long tick labels."""
    return {"text": plain(text), "standoff": 10, "font": {"size": 12}}


def _reference(figure: go.Figure, palette: Palette, x0: float, y0: float, x1: float, y1: float) -> None:
    line = {"color": palette.muted, "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=x0, y0=y0, x1=x1, y1=y1, line=line, layer="above")


def dress(figure: go.Figure, palette: Palette, *, height: int) -> None:
    """Gives a figure the look that all figures share; `height` in pixels."""
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
