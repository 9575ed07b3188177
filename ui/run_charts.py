"""The Curves tab: which panels, over what, and how."""

import streamlit as st

from leyden.catalogue import TaskCard
from leyden.reports.model import Report
from leyden.store.records import Run
from ui.live_chart.component import live_chart
from ui.run_curves import Axis, RunCurves, panel_kinds, panels, x_axis
from ui.run_files import url_of
from ui.words import _

FIRST_POINT, NO_CURVES = _("The first point comes after the first step."), _("This run has no curves.")
AXES: dict[Axis, str] = {"epoch": _("Epoch"), "step": _("Step"), "time": _("Time")}


def curves_tab(run: Run, curves: RunCurves, task: TaskCard | None, report: Report | None) -> None:
    """Draws the controls and the live chart."""
    kinds = panel_kinds(curves, task)
    axis, is_log, shown = _controls(run.id, {name: kind.title for name, kind in kinds.items()})
    kinds = {name: kind for name, kind in kinds.items() if name in shown}
    best = float(report.step) if report and report.checkpoint == "best" else curves.best_step()
    _to_x, title, x_format = x_axis(curves, axis)
    live_chart(
        panels(curves, kinds, axis=axis, is_log=is_log, best_step=best),
        revision=f"{run.id} {axis}",
        x_title=title,
        x_format=x_format,
        empty=FIRST_POINT if run.job.is_active else NO_CURVES,
        key="run.chart",
    )


def _controls(run_id: str, titles: dict[str, str]) -> tuple[Axis, bool, list[str]]:
    """Axis, log loss, the panels to show, and the numbers to take away; nothing to choose while there are no curves."""
    if not titles:
        return "epoch", False, []
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        axis = st.segmented_control(
            _("Over"),
            list(AXES),
            default="epoch",
            format_func=lambda name: AXES[name],
            key="run.axis",
            required=True,
            label_visibility="collapsed",
        )
        log_help = _("Shows small losses as clearly as large ones.")
        is_log = st.toggle(_("Log loss axis"), key="run.log", help=log_help)
        with st.popover(_("Panels"), type="tertiary", icon=":material/tune:"):
            shown = [name for name, title in titles.items() if st.checkbox(title, True, key=f"run.panel.{name}")]
        address, about = url_of(run_id, "metrics.csv"), _("Every point of every curve")
        st.link_button(_("CSV"), address, type="tertiary", icon=":material/download:", help=about)
    return axis or "epoch", is_log, shown
