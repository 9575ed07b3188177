"""Data: everything a run can learn from, and the ways to bring more."""

import streamlit as st

from ui import layout, state
from ui.data_cards import PER_PAGE, dataset_cards
from ui.data_import import import_form
from ui.data_jobs import active_imports, await_import, imports
from ui.data_samples import sample_cards
from ui.drop_zone.zone import drop_zone
from ui.live import live
from ui.words import _, count

state.own_parameters("page")
datasets = state.store().datasets.list()
layout.header(
    _("Data"), count(len(datasets), "dataset", "datasets") if datasets else _("What a network will learn from")
)

if arrived := drop_zone("data-drop"):
    await_import(arrived.job)
with st.expander(
    _("Import from a path on the server"), type="compact", on_change="rerun", key="by-path"
) as by_path:
    if by_path.open:
        import_form()
if datasets:
    with st.expander(_("Load a sample"), type="compact", on_change="rerun", key="samples") as by_sample:
        if by_sample.open:
            sample_cards()
now = st.container()

if datasets:
    number = layout.page_number(len(datasets), PER_PAGE)
    dataset_cards(datasets[number * PER_PAGE : (number + 1) * PER_PAGE], state.store().datasets.num_runs())
else:
    layout.section(_("Or begin with a sample"), _("One click loads it into this workspace."))
    sample_cards()
with now:
    live(imports, is_active=bool(active_imports()), every_s=1.0)
