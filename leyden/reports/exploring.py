"""Charts that answer a person's question of a report: by which group, from which threshold on."""

from collections.abc import Sequence

import plotly.graph_objects as go

from leyden.palette import Palette
from leyden.reports.axes import axis_title, dress, plain, shorten
from leyden.reports.figures import curves_figure
from leyden.reports.model import Curves, Line
from leyden.reports.numbers import figure_text
from leyden.reports.slices import Measure, Slice, Slices
from leyden.words import _, count


def slices_figure(found: Slices, measure: Measure, palette: Palette) -> go.Figure:
    """A dot with its interval for each group, hollow where there are few rows, and a line for all rows together."""
    shown = [one for one in found.groups if measure.name in one.figures]
    values = [one.figures[measure.name] for one in shown]
    ends = [one.intervals.get(measure.name) for one in shown]
    figure = go.Figure()
    figure.add_scatter(
        x=values,
        y=list(range(len(shown))),
        mode="markers",
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, end.high - value) if end else 0.0 for end, value in zip(ends, values, strict=True)],
            "arrayminus": [
                max(0.0, value - end.low) if end else 0.0 for end, value in zip(ends, values, strict=True)
            ],
            "color": palette.muted,
            "thickness": 1.5,
            "width": 4,
        },
        marker={
            "size": 11,
            "color": [palette.background if one.is_uncertain(measure.name) else palette.val for one in shown],
            "line": {"color": palette.val, "width": 2},
        },
        customdata=[str(one.place) for one in shown],
        hovertext=[_hover(one, measure) for one in shown],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    if (overall := found.whole.figures.get(measure.name)) is not None:
        figure.add_vline(x=overall, line={"color": palette.muted, "width": 1, "dash": "dot"})
    dress(figure, palette, height=90 + 34 * max(len(shown), 2))
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(title=axis_title(measure.title))
    names = [f"{plain(shorten(one.name, 36))}  ({one.over.get(measure.name, one.num_rows):,})" for one in shown]
    figure.update_yaxes(
        tickvals=list(range(len(shown))), ticktext=names, autorange="reversed", showgrid=False, ticks=""
    )
    return figure


def _hover(one: Slice, measure: Measure) -> str:
    """What a group says: its figure with the interval, of how many rows, and whether they are few."""
    value, interval = one.figures[measure.name], one.intervals.get(measure.name)
    lines = [f"<b>{figure_text(value)}</b>"]
    if interval is not None:
        between = _("95 % between {low} and {high}")
        lines[0] += ", " + between.format(low=figure_text(interval.low), high=figure_text(interval.high))
    lines.append(f"{plain(one.name)}: {count(one.num_rows, 'row', 'rows')}")
    if measure.name in one.over:
        lines.append(_("a share of {rows}").format(rows=count(one.over[measure.name], "row", "rows")))
    if one.is_uncertain(measure.name):
        lines.append(_("few rows: uncertain"))
    return "<br>".join(lines)


def threshold_figure(lines: Sequence[Line], threshold: float, palette: Palette, x_title: str) -> go.Figure:
    """Figures by threshold, with a line at the one that is chosen; a point's `customdata` is its threshold."""
    clickable = tuple(line.model_copy(update={"picks": tuple(f"{x:.3f}" for x in line.x)}) for line in lines)
    curves = Curves(title="", x_title=x_title, y_title=_("Figure"), lines=clickable)
    figure = curves_figure(curves, palette)
    figure.add_vline(x=threshold, line={"color": palette.ink, "width": 2})
    figure.update_layout(height=300, hovermode="x unified")
    figure.update_xaxes(range=[-0.01, 1.01])
    figure.update_yaxes(range=[-0.02, 1.04])
    return figure
