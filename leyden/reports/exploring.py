"""Charts that answer a person's question of a report: by which group, from which threshold on."""

from collections.abc import Sequence

import plotly.graph_objects as go

from leyden.palette import Palette
from leyden.reports.axes import axis_title, dress, plain, shorten
from leyden.reports.figures import curves_figure
from leyden.reports.model import Curves, Line
from leyden.reports.numbers import figure_text
from leyden.reports.slices import Slice


def slices_figure(found: Sequence[Slice], overall: float, palette: Palette, x_title: str) -> go.Figure:
    """A dot with its interval for each group, hollow where there are few rows, and a line for all rows together."""
    figure = go.Figure()
    names = [f"{plain(shorten(one.name, 36))}  ({one.num_rows:,})" for one in found]
    figure.add_scatter(
        x=[one.value for one in found],
        y=list(range(len(found))),
        mode="markers",
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [one.interval.high - one.value for one in found],
            "arrayminus": [one.value - one.interval.low for one in found],
            "color": palette.muted,
            "thickness": 1.5,
            "width": 4,
        },
        marker={
            "size": 11,
            "color": [palette.background if one.is_uncertain else palette.val for one in found],
            "line": {"color": palette.val, "width": 2},
        },
        customdata=[str(one.place) for one in found],
        hovertext=[
            f"<b>{figure_text(one.value)}</b>, 95 % between {figure_text(one.interval.low)} and "
            f"{figure_text(one.interval.high)}<br>{plain(one.name)}: {one.num_rows:,} rows"
            + ("<br>few rows: uncertain" if one.is_uncertain else "")
            for one in found
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=overall, line={"color": palette.muted, "width": 1, "dash": "dot"})
    dress(figure, palette, height=90 + 34 * max(len(found), 2))
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(title=axis_title(x_title))
    figure.update_yaxes(
        tickvals=list(range(len(found))), ticktext=names, autorange="reversed", showgrid=False, ticks=""
    )
    return figure


def threshold_figure(lines: Sequence[Line], threshold: float, palette: Palette, x_title: str) -> go.Figure:
    """Figures by threshold, with a line at the one that is chosen."""
    curves = Curves(title="", x_title=x_title, y_title="Figure", lines=tuple(lines))
    figure = curves_figure(curves, palette)
    figure.add_vline(x=threshold, line={"color": palette.ink, "width": 2})
    figure.update_layout(height=300, hovermode="x unified")
    figure.update_xaxes(range=[-0.01, 1.01])
    figure.update_yaxes(range=[-0.02, 1.04])
    return figure
