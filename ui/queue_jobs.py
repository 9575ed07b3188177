"""The queue as it is worked off: what runs where, and what waits in which order, with what a person can do."""

import secrets
from html import escape

import streamlit as st

from leyden import actions
from leyden.jobs.table import JOB_KINDS
from leyden.machine import accelerators, never_starts
from leyden.store.queue import Move
from leyden.store.records import Job, Run
from ui import layout, state
from ui.data_jobs import draw_import
from ui.format import ago_html, plain
from ui.home_activity import WORK
from ui.queue_clicks.component import queue_clicks
from ui.run_status import device_text, progress_text, stop_button
from ui.words import _, count

MAX_WAITING = 50
ASKED, DONE, SESSION = "queue.asked", "queue.done", "queue.session"
"""Moves that buttons asked for, for browsers that cannot tell of presses; up to when presses were followed; and what
tells this session from others."""
ELSEWHERE = "queue.elsewhere"
"""Whether moves were made of which the browser will tell yet."""
MOVES: tuple[tuple[Move, str, str], ...] = (
    ("first", ":material/vertical_align_top:", _("Move before everything else")),
    ("up", ":material/arrow_upward:", _("Move one place up")),
    ("down", ":material/arrow_downward:", _("Move one place down")),
)


def running_jobs(jobs: list[Job]) -> None:
    """What runs, where, how far it is, and how to stop it."""
    layout.section(_("Running"), _places(jobs))
    if not jobs:
        layout.quiet(_("Nothing is running."))
    for job in jobs:
        if job.kind == "ingest":
            draw_import(job)
        else:
            _draw_running(job)


def waiting_jobs(jobs: list[Job], *, is_paused: bool) -> None:
    """What waits, in the order it will be taken."""
    about = count(len(jobs), "job", "jobs") if jobs else ""
    layout.section(_("Waiting"), _("{jobs}, paused").format(jobs=about) if jobs and is_paused else about)
    if not jobs:
        layout.quiet(_("Nothing waits. Runs that you start while a device is busy line up here."))
    for place, job in enumerate(jobs[:MAX_WAITING]):
        _draw_waiting(job, jobs, place)
    if len(jobs) > MAX_WAITING:
        layout.quiet(_("and {n} more").format(n=f"{len(jobs) - MAX_WAITING:,}"))


def _places(jobs: list[Job]) -> str:
    """Which devices are free, where there are any to tell apart."""
    taken = {device for job in jobs for device in job.devices}
    free = [device for device in accelerators() if device not in taken]
    return _("{devices} free").format(devices=", ".join(free)) if free else ""


def _draw_running(job: Job) -> None:
    with st.container(border=True, gap="xsmall", key=f"ly-running-{job.id}"):
        row = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
        with row.container(gap=None):
            _name(job)
            st.html(f'<p class="ly-line">{_about(job)}</p>')
        with row.container(width="content"):
            stop_button(job, key=f"queue.{job.id}")
        layout.progress(job.progress, progress_text(job))


def _draw_waiting(job: Job, jobs: list[Job], place: int) -> None:
    """One waiting job: its place, its name, and its buttons; those that cannot move it are off."""
    same = [other.id for other in jobs if (other.lane, other.priority) == (job.lane, job.priority)]
    at_end: dict[Move, bool] = {"first": job.id == same[0], "up": job.id == same[0], "down": job.id == same[-1]}
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"ly-waiting-{job.id}"
    ):
        st.html(f'<span class="ly-place">{place + 1}</span>', width="content")
        with st.container(gap=None):
            _name(job)
            st.html(f'<p class="ly-line">{_about(job)} · {ago_html(job.created_at)}</p>')
            if reason := never_starts(job):
                layout.quiet(_("Cannot start here: {reason}").format(reason=reason.text))
        # The words are for the ear: the style sheet shows the icons alone.
        with st.container(horizontal=True, width="content", gap="xsmall", key=f"ly-icons-{job.id}"):
            for move, icon, label in MOVES:
                st.button(
                    label,
                    icon=icon,
                    key=f"queue.{job.id}.{move}",
                    help=_help(label, job),
                    type="tertiary",
                    disabled=at_end[move],
                    on_click=_ask,
                    args=(job.id, move),
                )
            st.button(
                _("Take out of the queue"),
                icon=":material/close:",
                key=f"queue.{job.id}.remove",
                help=_help(_("Take it out of the queue; a run can be started again from its page"), job),
                type="tertiary",
                on_click=_remove,
                args=(job.id,),
            )


def baselines_line(num_jobs: int) -> None:
    """Tells of the work that nobody started, and that waits for everything else."""
    if num_jobs:
        text = _("In the background, when nothing else needs the processor: baselines for {questions}.")
        layout.quiet(text.format(questions=count(num_jobs, "question", "questions")))


def _help(text: str, job: Job) -> str:
    """What a button of an icon does, and to which job: every row has the same ones."""
    return f"{text}: {plain(_full_name(job))}"


def _name(job: Job) -> None:
    run = _run_of(job)
    if run is None:
        st.html(f"<b>{escape(_full_name(job))}</b>")
    else:
        layout.link(_full_name(job), "run", run=run.id)


def _full_name(job: Job) -> str:
    run = _run_of(job)
    if run is None:
        return _title(job)
    return run.label if job.trains_run else _title(job, run.label)


def _title(job: Job, subject: str = "") -> str:
    return WORK.get(job.kind, f"{job.kind} {{subject}}").format(subject=subject or job.subject)


def _about(job: Job) -> str:
    """What a job works on and where, as HTML."""
    run = _run_of(job)
    parts = [f"{run.dataset_name} → {run.target}"] if run else []
    if JOB_KINDS[job.kind].lane == "device":
        parts.append(device_text(job))
    return " · ".join(escape(part) for part in parts)


def _run_of(job: Job) -> Run | None:
    return state.store().runs.find(job.run_id) if job.run_id else None


def move_pressed() -> None:
    """Moves the jobs whose buttons were pressed, in the order of the presses; call before the jobs are read."""
    session = state.recall(SESSION, "") or secrets.token_hex(8)
    state.remember(SESSION, session)
    presses = queue_clicks(session)
    with state.undisturbed():
        asked: tuple[tuple[int, Move], ...] = state.recall(ASKED, ())
        state.forget(ASKED)
        if presses is not None:
            done = state.recall(DONE, 0)
            if not state.recall(ELSEWHERE, False):
                asked = tuple((press.job_id, press.to) for press in presses if press.at > done)
            state.remember(DONE, max((press.at for press in presses), default=done))
            state.forget(ELSEWHERE)
        for job_id, to in asked:
            state.store().queue.move(job_id, to)


def move_elsewhere() -> None:
    """Moves the jobs whose buttons were pressed by a person who went to another page at once."""
    with state.undisturbed():
        asked: tuple[tuple[int, Move], ...] = state.recall(ASKED, ())
        state.forget(ASKED)
        for job_id, to in asked:
            state.store().queue.move(job_id, to)
            state.remember(ELSEWHERE, True)


def _ask(job_id: int, to: Move) -> None:
    asked: tuple[tuple[int, Move], ...] = ()
    state.change(ASKED, asked, lambda before: (*before, (job_id, to)))


def _remove(job_id: int) -> None:
    actions.stop_job(state.home(), state.store(), job_id)
