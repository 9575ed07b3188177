"""Report sections that are pictures, as plotly figures in Leyden's colours. By a section's type, never by task.

Whatever stands for rows carries its pick (`leyden.reports.picks`) as `customdata`, so that a click can show them.
"""

from itertools import cycle, pairwise
from typing import Any

import plotly.graph_objects as go

from leyden.palette import Palette, readable
from leyden.reports.axes import MAX_LABEL, axis_title, colour_at, colour_scale, dress, plain, reference, shorten
from leyden.reports.counts import FEW_ROWS, wilson
from leyden.reports.model import Bars, Calibration, Confusion, Curves, Scatter, Section
from leyden.reports.numbers import figure_text, percent_text
from leyden.reports.picks import CELL, ERROR, ROW, SURE, Pick
from leyden.words import _, count

MAX_WRITTEN_CLASSES = 25
"""Above this many classes the counts would not fit into a confusion matrix's cells: they are read by hover."""
MAX_NAMED_LINES = 12
"""Above this many lines a legend and a colour each say nothing: lines are read by hover."""
MAX_SVG_POINTS = 1000
"""More points are drawn by WebGL, of which a browser allows about sixteen drawings at once; fewer need none."""
MAX_LABELS = 110
"""An axis of more classes names every second one, or third."""


def figure_of(section: Section, palette: Palette, pick: Pick | None = None) -> go.Figure | None:
    """The picture of a section with what is picked marked, or None for a section that is not drawn as one."""
    match section:
        case Confusion():
            return confusion_figure(section, palette, pick)
        case Calibration():
            return calibration_figure(section, palette)
        case Curves():
            return curves_figure(section, palette)
        case Scatter():
            return scatter_figure(section, palette)
        case Bars():
            return bars_figure(section, palette)
        case _:
            return None


def help_of(section: Section) -> str:
    """How a section is read: as it says itself, unless that depends on how it is drawn."""
    if not isinstance(section, Calibration):
        return getattr(section, "help", "")
    text = _(
        "How often the answers are right (up) by how sure the model was of them (right), with 95 % intervals; "
        "hollow points stand for fewer than {n} rows. Below the diagonal it is too sure of itself."
    )
    return text.format(n=FEW_ROWS)


def confusion_figure(section: Confusion, palette: Palette, pick: Pick | None = None) -> go.Figure:
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
        hoverinfo="skip",
    )
    figure = go.Figure(heatmap)
    num_classes = len(section.classes)
    if num_classes <= MAX_WRITTEN_CLASSES:
        _add_counts(figure, section, shares, palette)
    _add_cells(figure, section, totals)
    if pick is not None and pick.kind == CELL:
        true, predicted = pick.values
        frame = {"x0": predicted - 0.5, "x1": predicted + 0.5, "y0": true - 0.5, "y1": true + 0.5}
        figure.add_shape(type="rect", line={"color": palette.val, "width": 3}, **frame)
    row_height = max(12, min(38, 900 // num_classes))
    dress(figure, palette, height=130 + min(1400, row_height * num_classes))
    ticks = _class_ticks(section.classes)
    figure.update_xaxes(
        title=axis_title(_("Predicted")),
        tickangle=0 if _is_short(section.classes) else -90,
        # The unseen points of the cells would have a margin.
        range=[-0.5, num_classes - 0.5],
        **ticks,
    )
    figure.update_yaxes(title=axis_title(_("True")), range=[num_classes - 0.5, -0.5], **ticks)
    return figure


def _add_counts(figure: go.Figure, section: Confusion, shares: list[list[float]], palette: Palette) -> None:
    """The counts, black or white after the colour of their cells: a heat map writes all in one colour."""
    places = range(len(section.classes))
    figure.add_scatter(
        x=[column for _row in places for column in places],
        y=[row for row in places for _column in places],
        mode="text",
        text=[f"{count:,}" for row in section.counts for count in row],
        textfont={
            "size": 13 if len(section.classes) <= 12 else 10,
            "color": [readable(colour_at(palette.sequence, share)) for row in shares for share in row],
        },
        # A click on a cell must not fade the counts of the others.
        selected={"textfont": {"color": palette.ink}},
        hoverinfo="skip",
        showlegend=False,
    )


def _add_cells(figure: go.Figure, section: Confusion, totals: list[int]) -> None:
    """An unseen point in each cell, for hover and click: plotly lets nobody select a heat map's cells."""
    places = range(len(section.classes))
    figure.add_scatter(
        x=[column for _row in places for column in places],
        y=[row for row in places for _column in places],
        mode="markers",
        marker={"symbol": "square", "size": 14, "color": "rgba(0,0,0,0)"},
        customdata=[f"{CELL}:{row},{column}" for row in places for column in places],
        hovertext=[text for row in _confusion_hovers(section, totals) for text in row],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    # The nearest cell answers, wherever in it the pointer is.
    figure.update_layout(hovermode="closest", hoverdistance=-1)


def calibration_figure(section: Calibration, palette: Palette) -> go.Figure:
    """How often right by how sure, with the interval of each share; points of few rows are hollow."""
    figure = go.Figure()
    reference(figure, palette, 0, 0, 1, 1)
    bins = list(zip(section.accuracy, section.confidence, section.counts, strict=True))
    intervals = [wilson(round(right * count), count) for right, _sure, count in bins]
    figure.add_scatter(
        x=section.confidence,
        y=section.accuracy,
        mode="markers",
        error_y={
            "array": [max(0.0, its.high - right) for its, right in zip(intervals, section.accuracy, strict=True)],
            "arrayminus": [
                max(0.0, right - its.low) for its, right in zip(intervals, section.accuracy, strict=True)
            ],
            "color": palette.muted,
            "thickness": 1.25,
            "width": 3,
        },
        marker={
            "color": [palette.val if num_rows >= FEW_ROWS else palette.background for num_rows in section.counts],
            "size": 10,
            "line": {"color": palette.val, "width": 2},
        },
        # A click must not fade the other points: hollow ones would fill.
        unselected={"marker": {"opacity": 1}},
        customdata=[f"{SURE}:{low:g},{high:g}" for low, high in section.edges],
        hovertext=[
            _("<b>{right} right</b> where it was {sure} sure").format(
                right=percent_text(right), sure=percent_text(sure)
            )
            + f"<br>{count(num_rows, 'row', 'rows')}<br>"
            + _("95 % between {low} and {high}").format(low=percent_text(its.low), high=percent_text(its.high))
            for (right, sure, num_rows), its in zip(bins, intervals, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    dress(figure, palette, height=380)
    figure.update_xaxes(title=axis_title(_("Confidence")), range=[-0.02, 1.04], tickformat=".0%")
    figure.update_yaxes(title=axis_title(_("Right")), range=[-0.02, 1.04], tickformat=".0%")
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
            # Only points with a marker can be clicked; those are not seen until they are.
            mode="markers" if len(line.x) == 1 else "lines+markers" if line.picks else "lines",
            marker={"size": 9, "opacity": 0 if len(line.x) > 1 else 1},
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 0}},
            customdata=line.picks or None,
            line={
                "color": next(colours),
                "width": 1 if is_crowded else 2,
                "shape": "vh" if section.steps else "linear",
            },
            opacity=0.55 if is_crowded else 1.0,
            hovertemplate="%{y:.3f} at %{x:.3f}",
            hoverlabel={"namelength": -1},
        )
    if section.diagonal:
        reference(figure, palette, 0, 0, 1, 1)
    dress(figure, palette, height=380)
    if section.diagonal:
        figure.update_xaxes(range=[-0.02, 1.02])
        figure.update_yaxes(range=[-0.02, 1.02])
    figure.update_layout(showlegend=not is_crowded, hovermode="closest")
    if len(section.lines) == 1:
        # Whose line it is, and the area below it, stand above: at the side they would take the line's place.
        figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1.01, "yanchor": "bottom"})
    figure.update_xaxes(title=axis_title(section.x_title))
    figure.update_yaxes(title=axis_title(section.y_title))
    return figure


def scatter_figure(section: Scatter, palette: Palette) -> go.Figure:
    """Points that name their rows by hover, with the line they should lie on."""
    figure = go.Figure()
    add_points = figure.add_scatter if len(section.x) <= MAX_SVG_POINTS else figure.add_scattergl
    add_points(
        x=section.x,
        y=section.y,
        mode="markers",
        marker={"color": palette.train, "size": 6, "opacity": 0.75 if len(section.x) < 300 else 0.4},
        customdata=[f"{ROW}:{row_id}" for row_id in section.row_ids],
        hovertext=[_("row {number}").format(number=f"{row_id + 1:,}") for row_id in section.row_ids],
        hovertemplate="%{hovertext}<br>%{x:,.4~g}, %{y:,.4~g}<extra></extra>",
        showlegend=False,
    )
    if section.reference and section.x:
        low, high = min(section.x), max(section.x)
        is_diagonal = section.reference == "diagonal"
        reference(figure, palette, low, low if is_diagonal else 0, high, high if is_diagonal else 0)
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
        customdata=_bar_picks(section),
        hovertext=[
            _("from {low} to {high}").format(low=figure_text(left), high=figure_text(right))
            for left, right in pairwise(section.edges)
        ],
        marker={"color": palette.train, "line": {"color": palette.background, "width": 1}},
        hovertemplate="%{y:,} %{hovertext}<extra></extra>",
    )
    dress(figure, palette, height=380)
    figure.update_xaxes(title=axis_title(section.x_title))
    figure.update_yaxes(title=axis_title(_("Rows")))
    return figure


def _bar_picks(section: Bars) -> list[str] | None:
    """Which rows each bar stands for."""
    kind = ERROR if section.picks_errors else SURE if section.picks_confidence else None
    return [f"{kind}:{low:.6g},{high:.6g}" for low, high in pairwise(section.edges)] if kind else None


def _confusion_hovers(section: Confusion, totals: list[int]) -> list[list[str]]:
    """What each cell says: `12 of 50 (24 %) true cat, predicted dog`."""
    names = [plain(name) for name in section.classes]
    head, tail = _("<b>{num} of {total}</b>"), _("<br>true {true}<br>predicted {predicted}")
    return [
        [
            head.format(num=f"{num:,}", total=f"{total:,}")
            + (f" ({percent_text(num / total)})" if total else "")
            + tail.format(true=true, predicted=predicted)
            for predicted, num in zip(names, row, strict=True)
        ]
        for true, row, total in zip(names, section.counts, totals, strict=True)
    ]


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
