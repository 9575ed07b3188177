"""What is going on: runs in training with their best figure so far, other work, and the latest results."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from leyden.catalogue import Catalogue, MetricCard
from leyden.jobs.table import JOB_KINDS
from leyden.reports.numbers import figure_text
from leyden.store.records import ACTIVE, Job, Run, RunRow
from leyden.store.store import Store
from ui import layout, state
from ui.data_jobs import draw_failures, draw_import, open_awaited
from ui.format import ago_html, duration
from ui.queue_settings import paused_hint
from ui.run_status import best_epoch_so_far
from ui.runs_rows import architecture_title
from ui.words import _, count

NUM_RESULTS = 6
MAX_SHOWN = 8

WORK = {
    "evaluate": _("Evaluating {subject}"),
    "predict": _("Predicting with {subject}"),
}


def active_jobs(store: Store) -> list[Job]:
    """Everything that is waiting or running and that a person started as work of its own."""
    return [job for job in store.jobs.list(states=ACTIVE, limit=1000) if not JOB_KINDS[job.kind].is_background]


def activity_line(jobs: list[Job]) -> str:
    """How much is going on, in a few words."""
    running = sum(job.state == "running" for job in jobs)
    waiting = len(jobs) - running
    parts = [_("{n} running").format(n=running)] if running else []
    if waiting:
        parts.append(_("{n} waiting").format(n=waiting))
    return ", ".join(parts) or _("Nothing is running")


def activity() -> bool:
    """Draws the work under way, and the imports that failed lately.

    Returns:
        Whether any work is under way.
    """
    open_awaited()
    draw_failures()
    jobs = active_jobs(state.store())
    if not jobs:
        return False
    layout.section(_("Now"), activity_line(jobs))
    is_held_up = any(job.state == "queued" and job.lane == "device" for job in jobs)
    if is_held_up and state.store().settings.queue().is_paused:
        paused_hint()
    for job in jobs[:MAX_SHOWN]:
        if job.kind == "ingest":
            draw_import(job)
        elif job.kind == "train" and job.run_id:
            if run := state.store().runs.find(job.run_id):
                _draw_run(run)
        else:
            text = WORK.get(job.kind, job.kind).format(subject=job.subject)
            layout.progress(job.progress, f"{text}. {job.doing.text}" if job.doing else text)
    if len(jobs) > MAX_SHOWN:
        layout.link(_("{n} more").format(n=len(jobs) - MAX_SHOWN), "queue")
    return True


def _draw_run(run: Run) -> None:
    with st.container(border=True, gap="xsmall", key=f"ly-active-{run.id}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            layout.link(run.label, "run", run=run.id)
            st.html(layout.state_html(run.state), width="content")
        if run.state == "queued":
            waited = _("queued {time}").format(time=ago_html(run.job.created_at))
            st.html(f'<p class="ly-line">{escape(run.dataset_name)} · {escape(run.target)} · {waited}</p>')
            return
        layout.progress(run.job.progress, run.job.doing.text if run.job.doing else _("Starting"))
        if best := _best_html(run):
            st.html(best)


def _best_html(run: Run) -> str:
    """The figure of a run in its best epoch so far, or nothing while there is none."""

    def values_of(name: str) -> list[float]:
        return state.store().metrics.series([run.id], name).get(run.id, [])

    best = best_epoch_so_far(state.catalogue().tasks.get(run.task), values_of)
    if best is None:
        return ""
    card, value = best
    text = _("{metric} {value} on validation rows").format(metric=_(card.title), value=figure_text(value))
    return f'<p class="ly-line">{escape(_("Best epoch so far"))}: <b>{escape(text)}</b></p>'


def latest_results(store: Store, catalogue: Catalogue) -> None:
    """The newest ended runs: what each reached, on what, and when."""
    rows = store.runs.list(states=("finished", "failed", "stopped"), limit=NUM_RESULTS)
    if not rows:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        layout.section(_("Latest results"))
        layout.link(_("All {runs}").format(runs=count(store.runs.count(), "run", "runs")), "runs")
    for row in rows:
        _draw_result(row, catalogue)


def _draw_result(row: RunRow, catalogue: Catalogue) -> None:
    task = catalogue.tasks.get(row.task)
    cards: Mapping[str, MetricCard] = {card.name: card for card in task.metrics} if task else {}
    with st.container(border=True, gap="xsmall", key=f"ly-result-{row.id}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            layout.link(row.label, "run", run=row.id)
            if figure := _figure_html(row, cards):
                st.html(figure, width="content")
        architecture = architecture_title(row.architecture, catalogue)
        took = f" · {duration(row.duration_s)}" if row.duration_s is not None else ""
        # The state stands beside the figure only where it is not the expected one.
        state_mark = "" if row.state == "finished" else f"{layout.state_html(row.state)} · "
        reason = (
            f'<p class="ly-line">{escape(row.reason.text)}</p>' if row.reason and row.state == "failed" else ""
        )
        st.html(
            f'<p class="ly-line">{state_mark}{escape(row.dataset_name)} → {escape(row.target)} · '
            f"{escape(architecture)}{took} · {ago_html(row.ended_at)}</p>{reason}"
        )


def _figure_html(row: RunRow, cards: Mapping[str, MetricCard]) -> str:
    if row.headline is None or row.headline not in row.figures:
        return ""
    card = cards.get(row.headline)
    title = card.title if card else row.headline
    value = figure_text(row.figures[row.headline])
    return f'<span class="ly-figure">{escape(title)} <b>{escape(value)}</b></span>'
