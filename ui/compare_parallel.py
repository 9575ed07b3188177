"""Settings beside a figure as parallel coordinates, of which a person may keep a part."""

import math
from typing import Any

import plotly.graph_objects as go

from leyden.catalogue import MetricCard
from leyden.palette import PALETTES
from leyden.reports.axes import colour_scale, dress, plain, shorten
from leyden.store.records import Run
from leyden.text_width import width_of
from ui import layout, state
from ui.compare_runs import Compared
from ui.compare_variables import MAX_TICKS, Variable, text_of
from ui.figure.component import Numbers, figure
from ui.format import number
from ui.words import _

FEW_AXES = 5
"""So many have room for their titles on a narrow page."""
LETTER_PX = 7
"""How wide a letter of an axis is."""
NEAREST = 0.06
"""Values nearer than this share of their axis would be printed over each other: one of them is named."""


def parallel(
    variables: list[Variable], metric: Variable, card: MetricCard, runs: list[Run], compared: Compared
) -> None:
    """Draws a line per run through its values on these axes, the figure last."""
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
        texts = list(dict.fromkeys(text_of(value) for value in values))
        ticks = {"tickvals": list(range(len(texts))), "ticktext": [plain(shorten(text, 18)) for text in texts]}
        ordinals = [texts.index(text_of(value)) for value in values]
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
