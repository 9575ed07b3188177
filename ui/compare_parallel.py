"""Settings beside a figure as parallel coordinates, of which a person may keep a part."""

import math
from functools import partial
from typing import Any, NamedTuple, TypedDict
from urllib.parse import quote, unquote

import plotly.graph_objects as go
import streamlit as st

from leyden.catalogue import MetricCard
from leyden.palette import PALETTES
from leyden.reports.axes import colour_scale, dress, plain, shorten
from leyden.store.records import Run
from leyden.text_width import width_of
from ui import layout, state
from ui.address import names_in, written
from ui.compare_runs import Compared
from ui.compare_variables import MAX_TICKS, Variable, text_of
from ui.figure.component import Numbers, figure
from ui.format import number
from ui.words import _, count

FEW_AXES = 5
"""So many have room for their titles on a narrow page."""
LETTER_PX = 7
"""How wide a letter of an axis is."""
NEAREST = 0.06
"""Values nearer than this share of their axis would be printed over each other: one of them is named."""
KEPT = "kept"
"""Where the address has the parts of axes that are kept: `optimisation.lr:0.001:0.01` and others, with commas between.
Both ends are values, of numbers or of texts."""
HAIR = 1e-9
"""A kept part is wider than written by this share of its axis: it may end at a value, whose last digits are lost."""
Range = tuple[float, float]


class Dragged(TypedDict):
    """What a person left of the axes: their names from left to right, and the part of each that is kept, if one is."""

    order: list[str]
    kept: dict[str, Range]


class Axis(NamedTuple):
    """Where runs lie on an axis: numbers by size, or by their powers of ten; texts in alphabetical order.

    Of numbers, runs without a value lie below all others.
    """

    variable: Variable
    places: list[float]
    """Of each run."""
    ends: Range
    ticks: dict[float, str]
    """A name, or none, for each place at which a run lies: what is dragged keeps whole values."""
    texts: list[str]
    """By place; of numbers there are none."""

    def written(self, part: Range) -> str | None:
        """The values at the ends of a part, as the address has them; None where no value lies between."""
        if self.texts:
            kept = [text for place, text in enumerate(self.texts) if part[0] <= place <= part[1]]
            return f"{quote(kept[0], safe='')}:{quote(kept[-1], safe='')}" if kept else None
        places = [min(max(end, self.ends[0]), self.ends[1]) for end in part]
        return ":".join(f"{10**place if self.variable.is_wide else place:.12g}" for place in places)

    def read(self, first: str, last: str) -> Range | None:
        """The part between two values; None where these make no sense, or no part of it lies on the axis."""
        if self.texts:
            kept = [place for place, text in enumerate(self.texts) if unquote(first) <= text <= unquote(last)]
            return (kept[0] - 0.25, kept[-1] + 0.25) if kept else None
        try:
            low, high = (self._place_of(float(value)) for value in (first, last))
        except ValueError:
            return None
        if not (low <= high and low <= self.ends[1] and high >= self.ends[0]):
            return None
        hair = HAIR * (self.ends[1] - self.ends[0])
        return max(low, self.ends[0]) - hair, min(high, self.ends[1]) + hair

    def _place_of(self, value: float) -> float:
        if not self.variable.is_wide:
            return value
        return math.log10(value) if value > 0 else -math.inf


def parallel(
    variables: dict[str, Variable], metric: Variable, card: MetricCard, runs: list[Run], compared: Compared
) -> None:
    """Draws a line per run through its values on these axes, the figure last."""
    palette = PALETTES[state.mode()]
    shown = {**variables, f"val/{card.name}": metric}
    axes = {name: _axis(variable, runs) for name, variable in shown.items()}
    kept = _kept_here(axes)
    longest = 22 if len(shown) <= FEW_AXES else 16
    # The first steps are too near to the page's own colour for a thin line.
    scale = colour_scale(palette.sequence[6:])
    values = [metric.values[run.id] for run in runs]
    line = {"color": values, "colorscale": scale, "reversescale": not card.higher_is_better}
    drawing = go.Figure(
        go.Parcoords(
            line=line,
            dimensions=[_dimension(name, axis, kept.get(name), longest) for name, axis in axes.items()],
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
    left = max(60, 20 + LETTER_PX * max(map(width_of, next(iter(axes.values())).ticks.values())))
    drawing.update_layout(
        margin={"l": left, "r": 50, "t": 56, "b": 16}, paper_bgcolor=palette.background, uirevision=repr(kept)
    )
    head = ("run", "id", *(variable.title for variable in shown.values()))
    rows = [
        (compared.labels[run.id], run.id, *(variable.values[run.id] for variable in shown.values()))
        for run in runs
    ]
    title = _("{metric} by setting").format(metric=metric.title)
    numbers = Numbers(head, rows)
    figure(
        drawing,
        title=title,
        numbers=numbers,
        key="compare.parallel",
        on_axes=partial(_keep, axes, list(variables)),
    )
    _tell_kept(axes, kept, runs, compared)


def _tell_kept(axes: dict[str, Axis], kept: dict[str, Range], runs: list[Run], compared: Compared) -> None:
    if not kept:
        layout.quiet(
            _("A line is a run; strong lines are the better ones. Drag along an axis to keep a part of them.")
        )
        return
    names = [
        compared.labels[run.id]
        for place, run in enumerate(runs)
        if all(low <= axes[name].places[place] <= high for name, (low, high) in kept.items())
    ]
    told = _("Kept: {n} of {runs}.").format(n=len(names), runs=count(len(runs), "run", "runs"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        layout.quiet(f"{told} {', '.join(names)}" if names else told)
        st.button(
            _("Keep all"),
            icon=":material/filter_alt_off:",
            key="compare.keep-all",
            on_click=state.set_parameter,
            args=(KEPT, None),
        )


def _keep(axes: dict[str, Axis], before: list[str], dragged: Dragged) -> None:
    """Writes into the address what was kept of these axes, and their order where that was changed, too."""
    ends = {name: axes[name].written(part) for name, part in dragged["kept"].items() if name in axes}
    state.set_parameter(KEPT, written([f"{name}:{told}" for name, told in ends.items() if told], []))
    order = [name for name in dragged["order"] if name in before]
    if order != before and sorted(order) == sorted(before):
        state.set_parameter("axes", written(order))


def _kept_here(axes: dict[str, Axis]) -> dict[str, Range]:
    """What the address keeps of these axes, by places; what makes no sense is left out."""
    found = {}
    for text in names_in(KEPT):
        name, *ends = text.rsplit(":", 2)
        if name in axes and len(ends) == 2 and (part := axes[name].read(*ends)):
            found[name] = part
    return found


def _axis(variable: Variable, runs: list[Run]) -> Axis:
    values = [variable.values[run.id] for run in runs]
    if not variable.is_number:
        texts = sorted(set(map(text_of, values)))
        names = {float(place): plain(shorten(text, 18)) for place, text in enumerate(texts)}
        where = [float(texts.index(text_of(value))) for value in values]
        return Axis(variable, where, (-0.3, len(texts) - 0.7), names, texts)
    numbers = sorted({value for value in values if value is not None})
    places = {value: math.log10(value) if variable.is_wide else float(value) for value in numbers}
    low, high = places[numbers[0]], places[numbers[-1]]
    pad = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    named = numbers if len(numbers) <= MAX_TICKS else [numbers[i * (len(numbers) - 1) // 5] for i in range(6)]
    named = _apart(named, places)
    ticks = {low - pad: text_of(None)} if None in values else {}
    ticks |= {places[value]: number(value) if value in named else "" for value in numbers}
    where = [low - pad if value is None else places[value] for value in values]
    return Axis(variable, where, (low - pad, high + pad), ticks, [])


def _dimension(name: str, axis: Axis, kept: Range | None, longest: int) -> dict[str, Any]:
    """An axis as Plotly draws it, its title at most `longest` letters long."""
    return {
        "name": name,
        "label": plain(shorten(axis.variable.title, longest)),
        "values": axis.places,
        "range": list(axis.ends),
        "tickvals": list(axis.ticks),
        "ticktext": _unlike(list(axis.ticks.values())),
        "multiselect": False,
        **({"constraintrange": list(kept)} if kept else {}),
    }


def _unlike(texts: list[str]) -> list[str]:
    """The same to a reader, but no two alike: Plotly would draw them at one place."""
    return [text + " " * texts[:place].count(text) for place, text in enumerate(texts)]


def _apart(values: list[float], places: dict[float, float]) -> list[float]:
    """Those of ascending values whose names have room on an axis: both ends, and what is far enough from others."""
    first, last = values[0], values[-1]
    nearest = NEAREST * (places[last] - places[first])
    kept = [first]
    for value in values[1:-1]:
        if min(places[value] - places[kept[-1]], places[last] - places[value]) >= nearest:
            kept.append(value)
    return kept if last == first else [*kept, last]
