"""Home: what is going on, what came out, what the machine has, and how to begin."""

import streamlit as st

from leyden.machine import machine
from ui import layout, state
from ui.data_jobs import await_import
from ui.data_samples import sample_cards
from ui.drop_zone.zone import drop_zone
from ui.home_activity import active_jobs, activity, latest_results
from ui.home_machine import draw_machine
from ui.live import live
from ui.words import _

STEPS = (
    (_("Bring data"), _("A table, or a zip with a folder of pictures or of texts for each class. Leyden reads it and "
                        "tells you what it found, and what is wrong with it.")),
    (_("Say what to predict"), _("Pick the column. Everything else has a good default, and can be opened.")),
    (_("Train and judge"), _("Watch the curves, read how good it is on rows it has not seen, and take it away.")),
)  # fmt: skip


def first_steps() -> None:
    """The three decisions, for someone who has never been here."""
    layout.section(_("From nothing to a model"))
    with st.grid(3, min_column_width=220, gap="medium"):
        for number, (title, text) in enumerate(STEPS, start=1):
            st.html(f'<div class="ly-step"><b>{number}</b><h3>{title}</h3><p>{text}</p></div>')


state.own_parameters()
store = state.store()
has_data = bool(store.datasets.list())
jobs = active_jobs(store)
if address := state.exposed_address():
    st.warning(
        _("Leyden listens on {address}, and it has no accounts: whoever reaches it can read, train and delete "
          "everything here.").format(address=address),
        icon=":material/lock_open:",
    )  # fmt: skip

if not has_data:
    layout.header(
        _("Welcome to Leyden"), _("Bring your data, train a network on it, and see honestly how good it is.")
    )
    if arrived := drop_zone("home-drop"):
        await_import(arrived.job)
    now = st.container()
    layout.section(_("Or begin with a sample"), _("One click loads it into this workspace."))
    sample_cards()
    first_steps()
    layout.section(_("This machine"))
    draw_machine(machine(state.home()))
    with now:
        live(activity, is_active=bool(jobs), every_s=1.0)
    st.stop()

actions = layout.header(_("Home"))
if actions.button(_("New run"), type="primary", icon=":material/bolt:"):
    state.go("new_run")
left, right = st.container(key="ly-sides").columns([2, 1], gap="large")
with right:
    layout.section(_("Add data"))
    if arrived := drop_zone("home-drop"):
        await_import(arrived.job)
    layout.section(_("This machine"))
    draw_machine(machine(state.home()))
with left:
    now = st.container()
    latest_results(store, state.catalogue())
    if not store.runs.count():
        teaching = _(
            "A run trains one network on one dataset. Choose the data and what to predict; then watch it learn."
        )
        with layout.empty(_("No runs yet"), teaching):
            layout.link(_("Start the first run"), "new_run", icon=":material/bolt:")
with now:
    live(activity, is_active=bool(jobs))
