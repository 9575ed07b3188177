"""Runs: all of them in a table one can work in."""

import streamlit as st

from leyden.store.records import ACTIVE
from ui import layout, state
from ui.live import live
from ui.run_actions import delete_dialog
from ui.runs_filters import PARAMETERS, PER_PAGE, filter_bar, filters_here, sort_by
from ui.runs_rows import COLUMNS, table_rows
from ui.runs_table.component import runs_table
from ui.words import _, count

REFRESH_S = 2.0

state.own_parameters(*PARAMETERS)
store, catalogue = state.store(), state.catalogue()
filters = filters_here()
num_all, num_active = store.runs.count(), store.runs.count(states=ACTIVE)


def actions_row(selected: tuple[str, ...]) -> None:
    """What can be done with the ticked runs."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        layout.quiet(_("{runs} selected").format(runs=count(len(selected), "run", "runs")))
        if st.button(_("Open"), disabled=len(selected) != 1, key="runs.open"):
            state.go("run", run=selected[0])
        if st.button(_("Clone with changes"), disabled=len(selected) != 1, key="runs.clone"):
            state.go("new_run", **{"from": selected[0]})
        if st.button(_("Delete"), icon=":material/delete:", key="runs.delete"):
            delete_dialog(list(selected), then="runs")


def table() -> bool:
    """The table with its page and the actions on what is ticked; the part that is refreshed."""
    num_runs = filters.count(store)
    if not num_runs:
        layout.quiet(_("No run fits these filters."))
        return is_at_work()
    place = st.container()
    page = layout.page_number(num_runs, PER_PAGE)
    bar = place.container()
    with place:
        rows = table_rows(filters.page(store, page), store, catalogue)
        event = runs_table(COLUMNS, rows, sort=filters.sort, descending=filters.descending, key="runs.table")
    if event.opened:
        state.go("run", run=event.opened)
    if event.sort:
        sort_by(filters, event.sort)
        st.rerun()
    if event.selected:
        with bar:
            actions_row(event.selected)
    return is_at_work()


def is_at_work() -> bool:
    """Whether any run is queued or running."""
    return store.runs.count(states=ACTIVE) > 0


about = count(num_all, "run", "runs") + (_(", {n} at work").format(n=num_active) if num_active else "")
with layout.header(_("Runs"), about if num_all else _("What was trained, and what came of it")):
    if num_all:
        layout.link(_("New run"), "new_run", icon=":material/add:")
if not num_all:
    teaching = _(
        "A run is one training: a dataset, a target, an architecture and its settings, with the curves, the "
        "report and the model that came of it. Every run you start is kept here."
    )
    with layout.empty(_("No runs yet"), teaching):
        layout.link(_("Start the first run"), "new_run", icon=":material/add_circle:")
    st.stop()
filter_bar(filters, store.datasets.list(), catalogue)
live(table, is_active=bool(num_active), every_s=REFRESH_S)
