"""The curves of several runs over one another: which metrics, over what, how smooth."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from leyden.catalogue import Catalogue, MetricCard
from leyden.palette import PALETTES
from leyden.reports.axes import axis_title, dress, plain, shorten
from leyden.reports.constant import constant_range
from leyden.reports.smooth import smooth
from leyden.reports.thin import thin
from leyden.reports.working_time import working_time
from leyden.store.records import Run
from ui import layout, state
from ui.address import bound, is_on, number_of, one_of, some_of
from ui.compare_runs import Compared
from ui.figure.component import figure
from ui.run_charts import AXES
from ui.run_curves import Axis, RunCurves, Series
from ui.words import _

KEPT = "compare.read"
MAX_POINTS = 400
"""Per line: twenty lines of a panel stay quick to draw."""
ONE_POWER, FEW_POWERS = 1.0, 3.0
"""Powers of ten of an axis: from the first on 1, 2 and 5 are named, from the second on 1 alone."""
MAX_UNIFIED = 12
"""Above this many lines a hover names only the nearest."""


def curves_view(compared: Compared, card: MetricCard | None, catalogue: Catalogue) -> None:
    """Draws the controls and one figure per chosen metric."""
    cards = _cards(compared, catalogue)
    titles = _titles(cards)
    usual = [name for name in (f"val/{card.name}" if card and card.is_live else "", "val/loss") if name]
    with st.container(horizontal=True, gap="medium", key="ly-curve-controls"):
        names = _pick(titles, usual)
        axis: Axis = one_of("x", AXES, "epoch")  # type: ignore[assignment]
        st.segmented_control(
            _("Over"),
            list(AXES),
            default=axis,
            format_func=lambda name: AXES[name],
            required=True,
            **bound("compare", "x", axis, usual="epoch"),
        )
        weight = number_of("smooth", 0.0, 0.99, 0.0)
        st.slider(
            _("Smoothing"), 0.0, 0.99, weight, 0.01, width=180, **bound("compare", "smooth", weight, usual=0.0)
        )
        is_log = is_on("log")
        with st.container(width="content", key="ly-curve-log"):
            st.toggle(_("Log axis"), is_log, **bound("compare", "log", is_log, usual=False))
    if not names:
        layout.quiet(_("Choose a metric to see its curves."))
        return
    curves = _read(compared.runs, tuple(names))
    grid = st.grid(min(len(names), 2), min_column_width=420, gap="medium")
    for name in names:
        with grid.cell():
            of = cards.get(name.rpartition("/")[2])
            _draw(name, titles[name], of, compared, curves, axis=axis, weight=weight, is_log=is_log)


def _pick(titles: Mapping[str, str], usual: list[str]) -> list[str]:
    names = some_of("curves", titles, [name for name in usual if name in titles])
    st.multiselect(
        _("Curves"),
        list(titles),
        default=names,
        format_func=lambda name: titles[name],
        width=420,
        **bound("compare", "curves", names, usual=usual),
    )
    return names


def _cards(compared: Compared, catalogue: Catalogue) -> dict[str, MetricCard]:
    """The metrics that these runs may have curves of, by name."""
    tasks = dict.fromkeys(run.task for run in compared.runs)
    cards = [card for name in tasks if (task := catalogue.tasks.get(name)) for card in task.metrics]
    return {card.name: card for card in cards if card.is_live}


def _titles(cards: Mapping[str, MetricCard]) -> dict[str, str]:
    """Every curve that these runs may have, by its name in the store."""
    kinds = {"loss": _("Loss"), **{name: _(card.title) for name, card in cards.items()}}
    titles = {f"val/{name}": _("{metric}, validation").format(metric=title) for name, title in kinds.items()}
    titles |= {f"train/{name}": _("{metric}, training").format(metric=title) for name, title in kinds.items()}
    return titles | {"lr": _("Learning rate"), "speed/rows_per_s": _("Rows per second")}


def _read(runs: tuple[Run, ...], names: tuple[str, ...]) -> dict[str, RunCurves]:
    """The curves of the runs as far as they have come; kept, so that only new points are read again."""
    kept: dict[tuple[str, tuple[str, ...]], RunCurves] = state.recall(KEPT, {})
    found = {run.id: kept.get((run.id, names)) or RunCurves(run.id, names=names) for run in runs}
    for run in runs:
        found[run.id].read_new(state.store(), run)
    state.remember(KEPT, {(run_id, names): curves for run_id, curves in found.items()})
    return found


def _draw(
    name: str,
    title: str,
    card: MetricCard | None,
    compared: Compared,
    curves: Mapping[str, RunCurves],
    *,
    axis: Axis,
    weight: float,
    is_log: bool,
) -> None:
    lines = {run.id: series for run in compared.runs if (series := curves[run.id].series.get(name)) is not None}
    if not lines:
        layout.quiet(_("{title}: none of these runs has this curve yet.").format(title=title))
        return
    positions = {run_id: _positions(series, axis, curves[run_id].start) for run_id, series in lines.items()}
    unit, x_title = _unit(positions.values(), axis)
    drawing = go.Figure()
    for run_id, series in lines.items():
        x, y = positions[run_id] / unit, np.array(series.value)
        smoothed = smooth(y, weight) if weight else y
        if is_log:
            # Plotly would draw a line to the others, down to no end.
            y, smoothed = (np.where(one > 0, one, np.nan) for one in (y, smoothed))
        if weight:
            drawing.add_scatter(**_trace(compared, run_id, *thin(x, y, MAX_POINTS)), **_FAINT)
        points = thin(x, smoothed, MAX_POINTS)
        drawing.add_scatter(**_trace(compared, run_id, *points), hovertemplate="%{y:.4~g}")
    dress(drawing, PALETTES[state.mode()], height=340)
    drawing.update_layout(
        uirevision=f"{name} {axis} {is_log}",
        showlegend=False,
        hovermode="x unified" if len(lines) <= MAX_UNIFIED else "closest",
    )
    # All of them begin at 0, also where the first point of a curve came late.
    drawing.update_xaxes(title=axis_title(x_title), rangemode="tozero")
    values = [value for series in lines.values() for value in series.value if np.isfinite(value)]
    drawing.update_yaxes(
        type="log" if is_log else "linear",
        tickformat=".3~g",
        range=constant_range(values, card, is_log=is_log),
        dtick=_log_ticks(values) if is_log else None,
    )
    # All points, which the page itself does not hold.
    asked = {"runs": ",".join(lines), "metric": name, **({"smooth": f"{weight:g}"} if weight else {})}
    numbers = state.url("api/curves.csv", **asked)
    figure(drawing, title=title, numbers=numbers, key=f"compare.curve.{name}", has_legend=True)
    if is_log and min(values, default=1.0) <= 0:
        layout.quiet(_("Values of 0 and below have no place on a log axis, and are left out."))


_FAINT: dict[str, Any] = {"opacity": 0.22, "hoverinfo": "skip", "showlegend": False}


def _log_ticks(values: Sequence[float]) -> str | int | None:
    """Which places of a logarithmic axis are named: with all of them, names of more than one power of ten overlap."""
    positive = [value for value in values if value > 0]
    if not positive:
        return None
    powers = math.log10(max(positive) / min(positive))
    if powers < ONE_POWER:
        return None  # Plotly's own: between two digits there may be all of it.
    return "D2" if powers < FEW_POWERS else 1


def _trace(compared: Compared, run_id: str, x: NDArray, y: NDArray) -> dict[str, Any]:
    colour = compared.colours(PALETTES[state.mode()])[run_id]
    trace: dict[str, Any] = {
        "x": _plain(x),
        "y": _plain(y),
        "name": plain(shorten(compared.labels[run_id], 60)),
        "mode": "lines" if len(x) > 1 else "markers",
        "line": {"color": colour, "width": 2, "dash": compared.dashes[run_id]},
    }
    return trace


def _positions(series: Series, axis: Axis, start: float | None) -> NDArray:
    """Where the points lie; time begins with the run's first point, and skips breaks between attempts."""
    if axis != "time":
        return np.array(series.epoch if axis == "epoch" else series.step)
    return working_time(series.time, start)


def _unit(positions: Iterable[NDArray], axis: Axis) -> tuple[float, str]:
    """What positions are divided by, and the title of the axis: the unit of time fits the longest run."""
    if axis != "time":
        return 1.0, AXES[axis]
    longest = max(float(one[-1]) for one in positions)
    units = ((3 * 3600, 3600.0, _("Time (h)")), (600, 60.0, _("Time (min)")), (0, 1.0, _("Time (s)")))
    return next((unit, title) for least, unit, title in units if longest >= least)


def _plain(values: NDArray) -> list[float]:
    """Seven digits: more than can be seen, and half of what would be sent."""
    return [float(f"{value:.7g}") for value in values]
