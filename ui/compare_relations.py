"""What made the difference: settings against figures, as parallel coordinates and as a scatter."""

import math
from typing import Any, NamedTuple

import plotly.graph_objects as go
import streamlit as st

from leyden.catalogue import Catalogue, MetricCard
from leyden.palette import PALETTES
from leyden.reports.axes import axis_title, colour_scale, dress, plain, shorten
from leyden.store.records import Run
from leyden.text_width import width_of
from ui import layout, state
from ui.address import bound, one_of, some_of
from ui.compare_runs import Compared, training_s
from ui.compare_settings import settings_of
from ui.figure.component import Numbers, figure
from ui.format import number, told_apart
from ui.words import _, count

MAX_AXES = 8
FEW_AXES = 5
"""So many have room for their titles on a narrow page."""
LETTER_PX = 7
"""How wide a letter of an axis is."""
MAX_TICKS = 6
"""So few different values are each named on their axis."""
NEAREST = 0.06
"""Values nearer than this share of their axis would be printed over each other: one of them is named."""
WIDE = 20
"""Numbers whose largest is this many times the smallest are drawn by their powers of ten."""


class Variable(NamedTuple):
    """Something that runs differ in: a setting, a figure, or what training took."""

    title: str
    values: dict[str, Any]
    """By run: numbers, or texts; None where a run has none."""

    @property
    def is_number(self) -> bool:
        """Whether every value is a number."""
        values = [value for value in self.values.values() if value is not None]
        return bool(values) and all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)

    @property
    def is_wide(self) -> bool:
        """Whether it spans powers of ten."""
        values = [value for value in self.values.values() if value is not None]
        return self.is_number and min(values) > 0 and max(values) / min(values) >= WIDE


def relations_view(compared: Compared, card: MetricCard | None, catalogue: Catalogue) -> None:
    """Draws both pictures for the runs that have the chosen figure."""
    runs = [run for run in compared.alike if card and card.name in _figures(compared, run)]
    if card is None or len(runs) < 2:
        layout.quiet(_("Two runs with the chosen figure are needed to see what made the difference."))
        return
    settings = {
        name: Variable(setting.title, _values(setting.values, setting.texts))
        for name, setting in settings_of(runs, catalogue).items()
    }
    variables = {**settings, **_costs(runs), **_other_figures(compared, runs, card, catalogue)}
    titles = told_apart({name: variable.title for name, variable in variables.items()})
    variables = {name: variable._replace(title=titles[name]) for name, variable in variables.items()}
    metric = Variable(_(card.title), {run.id: _figures(compared, run)[card.name] for run in runs})
    axes = _pick_axes(variables, list(settings)[: MAX_AXES - 1])
    _parallel([variables[name] for name in axes], metric, card, runs, compared)
    name = _pick_x(variables, list(settings))
    _scatter(variables[name], metric, card, runs, compared)


def _figures(compared: Compared, run: Run) -> dict[str, float]:
    report = compared.reports.get(run.id)
    return report.figures if report else {}


def _values(values: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    """Numbers as they are; as soon as one value is no number, the texts of all."""
    known = [value for value in values.values() if value is not None]
    is_number = bool(known) and all(isinstance(one, int | float) and not isinstance(one, bool) for one in known)
    return values if is_number else dict(texts)


def _costs(runs: list[Run]) -> dict[str, Variable]:
    """What a run took, which nobody sets."""
    return {
        "parameters": Variable(_("Parameters"), {run.id: run.num_parameters for run in runs}),
        "took": Variable(_("Training time (s)"), {run.id: training_s(run) for run in runs}),
    }


def _other_figures(
    compared: Compared, runs: list[Run], card: MetricCard, catalogue: Catalogue
) -> dict[str, Variable]:
    return {
        f"val/{name}": Variable(_(other.title), {run.id: _figures(compared, run).get(name) for run in runs})
        for name, other in compared.metrics(catalogue).items()
        if name != card.name and any(name in _figures(compared, run) for run in runs)
    }


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


def _parallel(
    variables: list[Variable], metric: Variable, card: MetricCard, runs: list[Run], compared: Compared
) -> None:
    palette = PALETTES[state.mode()]
    shown = [*variables, metric]
    values = [metric.values[run.id] for run in runs]
    longest = 22 if len(shown) <= FEW_AXES else 16
    # The first steps are too near to the page's own colour for a thin line.
    scale = colour_scale(palette.sequence[6:])
    dimensions = [_dimension(variable, runs, longest) for variable in shown]
    line = {"color": values, "colorscale": scale, "reversescale": not card.higher_is_better}
    drawing = go.Figure(
        go.Parcoords(
            line=line,
            dimensions=dimensions,
            # Side by side, long titles of many axes would run into each other.
            labelangle=-12 if len(shown) > FEW_AXES else 0,
            labelfont={"size": 12, "color": palette.ink},
            tickfont={"size": 11, "color": palette.muted},
            rangefont={"size": 1, "color": "rgba(0,0,0,0)"},
            unselected={"line": {"opacity": 0.08}},
        )
    )
    dress(drawing, palette, height=380)
    # The ground also gives the shadow that keeps numbers legible on lines.
    # The texts of the first axis stand before it.
    left = max(60, 20 + LETTER_PX * max(map(width_of, dimensions[0]["ticktext"])))
    drawing.update_layout(
        margin={"l": left, "r": 50, "t": 56, "b": 16}, paper_bgcolor=palette.background, uirevision="parallel"
    )
    head = ("run", "id", *(variable.title for variable in shown))
    rows = [(compared.labels[run.id], run.id, *(variable.values[run.id] for variable in shown)) for run in runs]
    title = _("{metric} by setting").format(metric=metric.title)
    figure(drawing, title=title, numbers=Numbers(head, rows), key="compare.parallel")
    layout.quiet(
        _("A line is a run; strong lines are the better ones. Drag along an axis to keep a part of them.")
    )


def _dimension(variable: Variable, runs: list[Run], longest: int) -> dict[str, Any]:
    """An axis, its title at most `longest` letters long.

    Numbers lie by size and texts in the order of their first run; runs without a value lie below all others.
    """
    label = plain(shorten(variable.title, longest))
    values = [variable.values[run.id] for run in runs]
    if not variable.is_number:
        texts = list(dict.fromkeys(_text(value) for value in values))
        ticks = {"tickvals": list(range(len(texts))), "ticktext": [plain(shorten(text, 18)) for text in texts]}
        ordinals = [texts.index(_text(value)) for value in values]
        return {"label": label, "values": ordinals, "range": [-0.3, len(texts) - 0.7], **ticks}
    numbers = sorted({value for value in values if value is not None})
    places = {value: math.log10(value) if variable.is_wide else float(value) for value in numbers}
    low, high = places[numbers[0]], places[numbers[-1]]
    pad = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    ticked = numbers if len(numbers) <= MAX_TICKS else [numbers[i * (len(numbers) - 1) // 5] for i in range(6)]
    ticked = _apart(ticked, places)
    return {
        "label": label,
        "values": [low - pad if value is None else places[value] for value in values],
        "range": [low - pad, high + pad],
        "tickvals": [places[value] for value in ticked],
        "ticktext": [number(value) for value in ticked],
    }


def _apart(values: list[float], places: dict[float, float]) -> list[float]:
    """Those of ascending values whose names have room on an axis: both ends, and what is far enough from others."""
    first, last = values[0], values[-1]
    nearest = NEAREST * (places[last] - places[first])
    kept = [first]
    for value in values[1:-1]:
        if min(places[value] - places[kept[-1]], places[last] - places[value]) >= nearest:
            kept.append(value)
    return kept if last == first else [*kept, last]


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
        shown = x if variable.is_number else plain(shorten(_text(x)))
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


def _text(value: Any) -> str:
    return "–" if value is None else str(value)
