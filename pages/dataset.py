"""Dataset: what it is, what is wrong with it, and what could be predicted from it."""

import streamlit as st

from leyden.errors import LeydenError
from ui import layout, state
from ui.address import tabs
from ui.data_columns import column_cards
from ui.data_details import ask_to_delete, dataset_facts, reading, rename_form, rows_table, unreadable
from ui.data_gallery import gallery
from ui.data_jobs import awaited_import, is_awaiting
from ui.data_target import targets
from ui.live import live
from ui.problems import problems
from ui.words import _, count

state.own_parameters("data", "page", "pictures", "tab")
try:
    dataset = state.store().datasets.get(state.parameter("data") or "")
except LeydenError as error:
    layout.not_found(error, _("All datasets"), "data")
    st.stop()
num_runs = state.store().datasets.num_runs().get(dataset.id, 0)
try:
    profile = state.profile(dataset)
except LeydenError as error:
    unreadable(dataset, num_runs, error)
    st.stop()
st.set_page_config(page_title=f"{dataset.name} · Leyden")

num_inputs = sum(column.kind != "ignored" for column in profile.columns)
summary = {
    "image_folder": _("Images by class"),
    "document_folder": _("Texts by class"),
    "table": _("Table with {columns}").format(columns=count(num_inputs, "usable column", "usable columns")),
}[profile.layout]
actions = layout.header(dataset.name, summary, back=(_("Data"), "data"))
with actions:
    with st.popover(_("Rename"), type="tertiary"):
        rename_form(dataset)
    if st.button(_("Delete"), type="tertiary", key="delete-dataset"):
        ask_to_delete(dataset, num_runs)
    if num_runs:
        layout.link(_("Its runs"), "runs", data=dataset.id)
    train = st.container()
dataset_facts(dataset, profile, num_runs)
now = st.container()

left, right = st.columns(2, gap="large")
with left:
    layout.section(_("What to know"))
    problems(profile.problems)
with right:
    layout.section(_("What could be predicted"))
    target = targets(dataset.id, profile, state.catalogue())
if train.button(_("Train on this"), type="primary", icon=":material/bolt:", disabled=target is None):
    state.go("new_run", data=dataset.id, target=target)

titles = {"columns": _("Columns"), "rows": _("Rows"), "reading": _("How it was read")}
if any(column.kind == "image" for column in profile.columns):
    titles = {"pictures": _("Pictures"), **titles}
drawings = {
    "pictures": lambda: gallery(dataset, profile),
    "columns": lambda: column_cards(dataset, profile),
    "rows": lambda: rows_table(dataset, profile),
    "reading": lambda: reading(dataset, profile),
}
for name, tab in tabs("dataset", titles).items():
    if tab.open:
        with tab:
            drawings[name]()
with now:
    live(awaited_import, is_active=is_awaiting(), every_s=1.0)
