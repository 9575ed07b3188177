"""Imports: those under way with their progress and a stop, those that failed with their sentence."""

import time

import streamlit as st

from leyden.actions import stop_job
from leyden.store.records import ACTIVE, STOP_GENTLY, STOP_NOW, Job
from ui import layout, state
from ui.format import plain
from ui.routes.uploads import discard_upload
from ui.words import _, count

AWAITED = "leyden.awaited_import"
DISMISSED = "leyden.dismissed_imports"
FAILURES_SHOWN_S = 24 * 3600
MAX_FAILURES = 3


def await_import(job_id: int) -> None:
    """Remembers that this person waits for an import: its dataset is opened as soon as it is there."""
    state.remember(AWAITED, job_id)


def active_imports() -> list[Job]:
    """Imports that are waiting or running."""
    return state.store().jobs.list(states=ACTIVE, kinds=("ingest",))


def imports() -> bool:
    """Draws the imports under way, and the latest failures; opens what this person waited for.

    Returns:
        Whether any import is under way.
    """
    open_awaited()
    jobs = active_imports()
    for job in jobs:
        draw_import(job)
    draw_failures()
    return bool(jobs)


def awaited_import() -> bool:
    """Draws the one import that this person waits for, and opens its dataset when it is there.

    Returns:
        Whether it is still under way.
    """
    open_awaited()
    job = _awaited()
    if job is None:
        return False
    draw_import(job)
    return True


def is_awaiting() -> bool:
    """Whether this person waits for an import."""
    return state.recall(AWAITED, None) is not None


def open_awaited() -> None:
    """Goes to the dataset that this person waits for, once its import has finished."""
    job = _awaited()
    if job is None or job.is_active:
        return
    state.forget(AWAITED)
    if job.state == "finished" and job.result:
        state.flash(_("{name} is ready").format(name=plain(job.payload.get("name") or job.subject)))
        state.go_next("dataset", data=str(job.result["dataset"]))


def _awaited() -> Job | None:
    """The import that this person waits for, or the attempt that goes on with it when its process vanished."""
    job_id: int | None = state.recall(AWAITED, None)
    if job_id is None or state.store().jobs.find(job_id) is None:
        return None
    return state.store().jobs.follow(job_id)


def draw_import(job: Job) -> None:
    """One import under way: name, what it is doing, and Stop."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"ly-import-{job.id}"):
        doing = (
            job.doing.text if job.doing else (_("Waiting to be read") if job.state == "queued" else _("Reading"))
        )
        with st.container():
            layout.progress(0.0 if job.state == "queued" else job.progress, f"{job.subject}: {doing}")
        label = _("Stop now") if job.stop_request else _("Stop")
        is_off = job.stop_request == STOP_NOW
        st.button(label, key=f"stop-import-{job.id}", disabled=is_off, on_click=stop_import, args=(job,))


def stop_import(job: Job) -> None:
    """Stops an import: at first where it can do so cleanly, which may take a while, the second time at once."""
    level = STOP_NOW if job.stop_request else STOP_GENTLY
    asked = stop_job(state.home(), state.store(), job.id, level)
    if level == STOP_NOW or not asked.is_active:
        # The import itself, which would have removed its upload, does not get to it.
        discard_upload(state.home(), asked)


def draw_failures() -> None:
    """The imports that failed lately, each with its reason and a button to put it away."""
    failures = recent_failures()
    for job in failures[:MAX_FAILURES]:
        _draw_failure(job)
    if len(failures) > MAX_FAILURES:
        with st.container(horizontal=True, vertical_alignment="center"):
            more = count(len(failures) - MAX_FAILURES, "more import", "more imports")
            layout.quiet(_("{imports} failed within a day.").format(imports=more))
            key = "dismiss-imports"
            st.button(_("Dismiss all"), key=key, type="tertiary", on_click=_dismiss, args=(failures,))


def recent_failures() -> list[Job]:
    """Failed imports of the last day that have not been dismissed, newest first."""
    dismissed: set[int] = state.recall(DISMISSED, set())
    failed = state.store().jobs.list(states=("failed",), kinds=("ingest",), limit=10_000)
    since = time.time() - FAILURES_SHOWN_S
    recent = [
        job
        for job in failed
        if (job.ended_at or 0) > since
        and job.id not in dismissed
        # Its next attempt is in the queue, or has ended with a reason of its own.
        and not (job.reason and job.reason.code == "vanished")
    ]
    return recent[::-1]


def _draw_failure(job: Job) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"ly-failed-{job.id}"):
        reason = job.reason.text if job.reason else _("It could not be read.")
        with st.container():
            st.markdown(f":red[:material/error: **{plain(job.subject)}**]  \n{plain(reason)}")
        key = f"dismiss-import-{job.id}"
        st.button(_("Dismiss"), key=key, type="tertiary", on_click=_dismiss, args=([job],))


def _dismiss(jobs: list[Job]) -> None:
    state.change(DISMISSED, set[int](), lambda dismissed: {*dismissed, *(job.id for job in jobs)})
