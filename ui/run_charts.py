"""The Curves tab: which panels, over what, and how."""

from functools import partial

import streamlit as st

from leyden.catalogue import TaskCard
from leyden.reports.model import Report
from leyden.store.records import Run
from ui import state
from ui.address import bound, is_on, names_in, one_of, some_of, written
from ui.live_chart.component import live_chart
from ui.run_curves import Axis, RunCurves, panel_kinds, panels, x_axis
from ui.run_files import url_of
from ui.words import _

FIRST_POINT, NO_CURVES = _("The first point comes after the first step."), _("This run has no curves.")
ALL_HIDDEN = _("All panels are hidden; tick some under Panels.")
AXES: dict[Axis, str] = {"epoch": _("Epoch"), "step": _("Step"), "time": _("Time")}


def curves_tab(run: Run, curves: RunCurves, task: TaskCard | None, report: Report | None) -> None:
    """Draws the controls and the live chart."""
    kinds = panel_kinds(curves, task)
    empty = ALL_HIDDEN if kinds else FIRST_POINT if run.job.is_active else NO_CURVES
    axis, is_log, shown = _controls(run.id, {name: kind.title for name, kind in kinds.items()})
    kinds = {name: kind for name, kind in kinds.items() if name in shown}
    best = float(report.step) if report and report.checkpoint == "best" else curves.best_step()
    _to_x, title, x_format = x_axis(curves, axis)
    live_chart(
        panels(curves, kinds, axis=axis, is_log=is_log, best_step=best),
        revision=f"{run.id} {axis}",
        x_title=title,
        x_format=x_format,
        empty=empty,
        key="run.chart",
    )


def _controls(run_id: str, titles: dict[str, str]) -> tuple[Axis, bool, list[str]]:
    """Axis, log loss, the panels to show, and the numbers to take away; nothing to choose while there are no curves."""
    if not titles:
        return "epoch", False, []
    axis: Axis = one_of("x", AXES, "epoch")  # type: ignore[assignment]
    is_log = is_on("log")
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.segmented_control(
            _("Over"),
            list(AXES),
            default=axis,
            format_func=lambda name: AXES[name],
            required=True,
            label_visibility="collapsed",
            **bound("run", "x", axis, usual="epoch"),
        )
        log_help = _("Shows small losses as clearly as large ones.")
        st.toggle(_("Log loss axis"), is_log, help=log_help, **bound("run", "log", is_log, usual=False))
        with st.popover(_("Panels"), type="tertiary", icon=":material/tune:"):
            shown = _choose_panels(titles)
        address, about = url_of(run_id, "metrics.csv"), _("Every point of every curve")
        st.link_button(_("CSV"), address, type="tertiary", icon=":material/download:", help=about)
    return axis, is_log, shown


def _choose_panels(titles: dict[str, str]) -> list[str]:
    """One tick per panel; the address keeps those that are hidden, for more may come while a run is at work."""
    hidden = some_of("hidden", titles, ())

    def write(name: str, is_shown: bool) -> None:
        # Also those that are not offered yet: panels come one after the other.
        others = [one for one in names_in("hidden") if one != name]
        state.set_parameter("hidden", written(others if is_shown else [*others, name], []))

    for name, title in titles.items():
        is_shown = name not in hidden
        st.checkbox(title, is_shown, **state.edited(f"run.panel.{name}", is_shown, partial(write, name)))
    return [name for name in titles if name not in hidden]
