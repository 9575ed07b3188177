"""Queue and devices: what runs where, what waits, and what the machine does."""

import streamlit as st

from leyden.machine import machine
from leyden.store.records import ACTIVE
from ui import layout, state
from ui.home_activity import active_jobs, activity_line
from ui.home_machine import draw_machine
from ui.live import live
from ui.queue_jobs import baselines_line, move_pressed, running_jobs, waiting_jobs
from ui.queue_machine import machine_charts
from ui.queue_settings import forget_refused, pause_button, paused_note, slot_inputs
from ui.words import _

REFRESH_S = 2.0

if state.own_parameters():
    forget_refused()
store = state.store()
settings, line = store.settings.queue(), activity_line(active_jobs(store))


def body() -> bool:
    """Work at the left, the machine at the right, which never ends: this is always refreshed.

    Returns False when the page around it has become wrong, so that all of it is drawn again.
    """
    move_pressed()
    jobs, now_set = active_jobs(store), store.settings.queue()
    left, right = st.columns([2, 1], gap="large")
    with left:
        # What comes behind a list keeps its place however long that is: else it is seen twice while this is drawn.
        running, waiting, rest = st.container(), st.container(), st.container()
    if jobs:
        with running:
            running_jobs([job for job in jobs if job.state == "running"])
        with waiting:
            waiting_jobs([job for job in jobs if job.state == "queued"], is_paused=now_set.is_paused)
    else:
        with running:
            teaching = _(
                "Runs, imports and predictions are done one after another, here, also when this page is closed. "
                "What you start appears on this page: stop it, move it, or pause them all."
            )
            with layout.empty(_("Nothing is running, and nothing waits"), teaching):
                layout.link(_("New run"), "new_run", icon=":material/bolt:")
    with rest:
        with st.container():
            baselines_line(len(store.jobs.list(states=ACTIVE, kinds=("baselines",), limit=None)))
        slot_inputs(now_set)
    with right:
        now = machine(state.home())
        layout.section(_("This machine"))
        draw_machine(now)
        machine_charts(now)
    return (now_set, activity_line(jobs)) == (settings, line)


# An idle queue says so below.
with layout.header(_("Queue and devices"), line if active_jobs(store) else ""):
    pause_button(settings)
with st.container():
    if settings.is_paused:
        paused_note()
live(body, is_active=True, every_s=REFRESH_S)
