"""Runs: all of them in a table one can work in."""

import streamlit as st

from leyden.store.records import ACTIVE
from ui import layout, state
from ui.format import dataset_titles
from ui.live import is_refreshing, live
from ui.runs_actions import actions_row, select_runs
from ui.runs_columns import chosen_columns, column_picker, offered
from ui.runs_filters import (
    PARAMETERS,
    PER_PAGE,
    clear_filters,
    filter_bar,
    filter_by_tag,
    listed_here,
    none_fits,
    sort_by,
    summary,
)
from ui.runs_rows import table_rows
from ui.runs_table.component import Clicks, runs_table
from ui.words import _

REFRESH_S = 2.0

state.own_parameters(*PARAMETERS)
store, catalogue = state.store(), state.catalogue()
listed = listed_here()
num_all, num_active = store.runs.count(), store.runs.count(states=ACTIVE)


def table() -> bool:
    """The table with its page and the actions on what is ticked; the part that is refreshed."""
    num_runs = listed.count(store)
    if not num_runs:
        layout.quiet(none_fits(listed.filters, facets, dataset_names))
        about = _("Clear the filters")
        catch_up(st.button(about, icon=":material/filter_alt_off:", key="runs.clear", on_click=clear_filters))
        return is_at_work()
    bar, place = st.container(key="ly-runs-bar"), st.container()
    number = layout.page_number(num_runs, PER_PAGE)
    rows = listed.page(store, number, columns.settings)
    with place:
        lines = table_rows(rows, store, catalogue)
        event = runs_table(
            columns.columns,
            lines,
            sort=listed.sort,
            descending=listed.descending,
            key="runs.table",
            clicks=Clicks(sort_by, filter_by_tag, turn_star),
        )
    if event.opened:
        state.go_next("run", run=event.opened)
    catch_up(event.is_listed_anew)
    with bar:
        actions_row(select_runs(rows, event.selected, number * PER_PAGE, num_runs, listed), list(facets.tags))
    return is_at_work()


def catch_up(is_listed_anew: bool) -> None:
    """Draws the filters anew with the list, where the table was drawn without them."""
    if is_listed_anew and is_refreshing():
        st.rerun()


def turn_star(run_id: str) -> None:
    """Stars a run, or takes its star away; nothing where it was deleted meanwhile."""
    if run := store.runs.find(run_id):
        store.runs.set_starred([run_id], not run.is_starred)


def is_at_work() -> bool:
    """Whether any run is queued or running."""
    return store.runs.count(states=ACTIVE) > 0


about = summary(listed, store, num_all)
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
facets = store.runs.facets()
dataset_names = dataset_titles(store.datasets.list())
offers = offered(catalogue, tuple(facets.tasks))
columns = chosen_columns(offers)
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    filter_bar(listed, facets, dataset_names, catalogue)
    column_picker(offers)
live(table, is_active=bool(num_active), every_s=REFRESH_S)
