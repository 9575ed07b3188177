"""What made the difference: settings against figures, as parallel coordinates and as a scatter."""

import plotly.graph_objects as go
import streamlit as st

from leyden.catalogue import Catalogue, MetricCard
from leyden.palette import PALETTES
from leyden.reports.axes import axis_title, dress, plain, shorten
from leyden.store.records import Run
from ui import layout, state
from ui.address import bound, one_of, some_of
from ui.compare_parallel import parallel
from ui.compare_runs import Compared
from ui.compare_variables import MAX_TICKS, Variable, figures_of, text_of, variables_of
from ui.figure.component import Numbers, figure
from ui.format import number
from ui.words import _, count

MAX_AXES = 8


def relations_view(compared: Compared, card: MetricCard | None, catalogue: Catalogue) -> None:
    """Draws both pictures for the runs that have the chosen figure."""
    runs = [run for run in compared.alike if card and card.name in figures_of(compared, run)]
    if card is None or len(runs) < 2:
        layout.quiet(_("Two runs with the chosen figure are needed to see what made the difference."))
        return
    variables, settings = variables_of(runs, compared, card, catalogue)
    metric = Variable(_(card.title), {run.id: figures_of(compared, run)[card.name] for run in runs})
    axes = _pick_axes(variables, settings[: MAX_AXES - 1])
    parallel({name: variables[name] for name in axes}, metric, card, runs, compared)
    name = _pick_x(variables, settings)
    _scatter(variables[name], metric, card, runs, compared)


def _pick_axes(variables: dict[str, Variable], usual: list[str]) -> list[str]:
    usual = usual or ["parameters", "took"]
    axes = some_of("axes", variables, usual)
    st.multiselect(
        _("Axes before the figure"),
        list(variables),
        default=axes,
        format_func=lambda name: variables[name].title,
        **bound("compare", "axes", axes, usual=usual),
    )
    return axes


def _pick_x(variables: dict[str, Variable], settings: list[str]) -> str:
    usual = _searched(variables, settings) if settings else next(iter(variables))
    name = one_of("against", variables, usual)
    st.selectbox(
        _("Against"),
        list(variables),
        index=list(variables).index(name),
        format_func=lambda one: variables[one].title,
        width=300,
        **bound("compare", "against", name, usual=usual),
    )
    return name


def _searched(variables: dict[str, Variable], settings: list[str]) -> str:
    """What was searched: the number with the most values; a seed only where nothing else differs."""

    def rank(name: str) -> tuple[bool, int]:
        known = {value for value in variables[name].values.values() if value is not None}
        return not name.endswith("seed"), len(known) if variables[name].is_number else 0

    return max(settings, key=rank)


def _scatter(variable: Variable, metric: Variable, card: MetricCard, runs: list[Run], compared: Compared) -> None:
    palette = PALETTES[state.mode()]
    colours = compared.colours(palette)
    drawing, rows = go.Figure(), []
    for run in runs:
        x, y = variable.values[run.id], metric.values[run.id]
        if x is None:
            continue
        interval = compared.reports[run.id].intervals.get(card.name)
        bars = {"array": [interval.high - y], "arrayminus": [y - interval.low]} if interval else {"visible": False}
        shown = x if variable.is_number else plain(shorten(text_of(x)))
        drawing.add_scatter(
            x=[shown],
            y=[y],
            error_y={"type": "data", "symmetric": False, "thickness": 1, "width": 3, **bars},
            mode="markers",
            marker={"size": 10, "color": colours[run.id]},
            name=plain(shorten(compared.labels[run.id], 60)),
            hovertemplate="%{x}: %{y:.4~g}",
        )
        ends = (interval.low, interval.high) if interval else (None, None)
        rows.append((compared.labels[run.id], run.id, x, y, *ends))
    dress(drawing, palette, height=380)
    drawing.update_layout(showlegend=False, hovermode="closest", uirevision=f"{variable.title} {card.name}")
    numbers = sorted({row[2] for row in rows}) if variable.is_number else []
    # An empty list would leave the axis without labels; None lets plotly choose them.
    ticks = numbers if 0 < len(numbers) <= MAX_TICKS else None
    drawing.update_xaxes(
        title=axis_title(variable.title),
        tickvals=ticks,
        ticktext=[number(value) for value in ticks] if ticks else None,
        type="category" if not variable.is_number else "log" if variable.is_wide else "linear",
    )
    drawing.update_yaxes(title=axis_title(metric.title))
    title = _("{metric} against {setting}").format(metric=metric.title, setting=variable.title)
    head = ("run", "id", variable.title, card.name, "low", "high")
    figure(drawing, title=title, numbers=Numbers(head, rows), key="compare.scatter", has_legend=True)
    if num_without := len(runs) - len(rows):
        without = count(num_without, "run", "runs")
        layout.quiet(_("Left out, for want of this setting: {runs}.").format(runs=without))
