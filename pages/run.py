"""A run: what it does now, its curves, its report, its settings, its log, and its files."""

import streamlit as st

from leyden.errors import LeydenError
from leyden.lost_files import lost_files
from leyden.reports.read import read_report
from leyden.store.records import Run
from ui import layout, state
from ui.address import tabs
from ui.form_page import arrive
from ui.live import live
from ui.run_actions import run_actions
from ui.run_charts import curves_tab
from ui.run_curves import RunCurves
from ui.run_files import files_tab, log_tab, lost_note
from ui.run_labels import labels
from ui.run_report import evaluation, report_tab
from ui.run_settings import settings_tab
from ui.run_status import status_card
from ui.runs_rows import architecture_title
from ui.words import _

REFRESH_S = 0.75
CURVES = "run.curves"
LATEST = "run.latest"
OF_CURVES = ("x", "log", "hidden")
OF_REPORT = ("pick", "by", "figure", "group", "positive", "threshold", "false_alarm", "miss")

state.own_parameters("run", "tab", *OF_CURVES, *OF_REPORT)
arrive()
store, catalogue = state.store(), state.catalogue()
run_id = state.parameter("run") or state.recall(LATEST, "")
# Streamlit forgets the parameters of an address that a person comes Back to.
state.set_parameter("run", run_id)
try:
    run = store.runs.get(run_id)
except LeydenError as error:
    layout.not_found(error, _("All runs"), "runs")
    st.stop()
state.remember(LATEST, run.id)
task = catalogue.tasks.get(run.task)
dataset = store.datasets.get(run.dataset_id)


def body() -> bool:
    """Everything that changes while the run is at work; the part of the page that is refreshed."""
    now = store.runs.get(run.id)
    curves = state.recall(CURVES, None)
    if curves is None or curves.run_id != now.id:
        curves = RunCurves(now.id)
        state.remember(CURVES, curves)
    curves.read_new(store, now)
    report = None if now.job.is_active else read_report(state.home(), state.store(), now.id, "val")
    lost = lost_files(state.home(), store, now)
    lost_note(now, lost)
    status_card(now, curves, task)
    titles = {
        "curves": _("Curves"),
        "report": _("Report"),
        "settings": _("Settings"),
        "log": _("Log"),
        "files": _("Files"),
    }
    drawings = {
        "curves": lambda: curves_tab(now, curves, task, report),
        "report": lambda: report_tab(now, report, lost),
        "settings": lambda: settings_tab(now, state.profile(dataset), catalogue),
        "log": lambda: log_tab(now, lost),
        "files": lambda: files_tab(now, lost),
    }
    for name, tab in tabs("run", titles).items():
        if tab.open:
            with tab:
                drawings[name]()
    return is_at_work(now)


def is_at_work(run: Run) -> bool:
    """Whether the run is being trained, or its test rows are being opened."""
    return run.job.is_active or evaluation(run) is not None


layout.link(_("Runs"), "runs", icon=":material/arrow_back:")
with layout.header(run.name):
    run_actions(run)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    layout.link(run.dataset_name, "dataset", icon=":material/table_view:", data=run.dataset_id)
    about = _("Run #{number}, predicts {target} with {architecture}")
    title = architecture_title(run.architecture, catalogue)
    layout.quiet(about.format(number=run.number, target=run.target, architecture=title))
with st.container():  # Also without labels: the part below keeps its place when there are some.
    labels(run)
live(body, is_active=is_at_work(run), every_s=REFRESH_S)
