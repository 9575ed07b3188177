"""The Report tab: the validation report, and the sealed envelope with the test rows."""

from functools import partial

import streamlit as st

from leyden import actions
from leyden.damaged_files import is_whole
from leyden.datasets.profile import Part
from leyden.errors import LeydenError
from leyden.jobs.baselines import baselines_job, missing_baselines
from leyden.reports.leads import with_lead
from leyden.reports.model import Report
from leyden.reports.read import read_report
from leyden.reports.rivals import Rival, rivals_of
from leyden.run_folder import BEST, report_file
from leyden.store.records import Job, Run
from ui import layout, state
from ui.live import live
from ui.report_view import report_view
from ui.run_status import progress_text
from ui.words import _, count

PARTS_OF_REPORTS: tuple[Part, ...] = ("val", "test")
BASELINES_S = 3.0


def report_tab(run: Run, report: Report | None, lost: tuple[str, ...]) -> None:
    """Draws the Report tab; `lost` are the names of the files that are gone from the workspace."""
    if report is None:
        _without_report(run, lost)
        return
    if is_outdated(run):
        _without_report(run, lost, _("The model was trained further after this report was made."))
    report_view(run, report, rivals(run, report))
    _offer_baselines(run)
    layout.section(_("Test rows"))
    test = read_report(state.home(), state.store(), run.id, "test")
    _envelope(run, test is not None, lost)
    if test is not None:
        report_view(run, test, rivals(run, test))
    coming = any(baselines_job(state.store(), run, part) for part in PARTS_OF_REPORTS)
    live(partial(_baselines_progress, run), is_active=coming, every_s=BASELINES_S)


def rivals(run: Run, report: Report) -> tuple[Rival, ...]:
    """The baselines that a run is held against, with its lead over the best."""
    return with_lead(rivals_of(state.store(), state.catalogue(), run, report.part), state.home(), run, report)


def _offer_baselines(run: Run) -> None:
    """The button that trains the baselines that nobody has, or that failed."""
    store = state.store()
    missing = missing_baselines(store, state.catalogue(), run, "val")
    if not missing or baselines_job(store, run, "val"):
        return
    is_first = not store.baselines.list(run.question, "val")
    names = ", ".join(_(card.title) for card in missing)
    text = (
        _("Is the network worth its training? Simple models on the same rows tell.")
        if is_first
        else _("Baselines that are missing: {names}.").format(names=names)
    )
    with layout.card("run.no-baselines"), st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            layout.quiet(text)
        st.button(
            _("Train the baselines") if is_first else _("Train what is missing"),
            icon=":material/compare_arrows:",
            key="run.baselines",
            help=_("A constant answer, a linear model and, for tables, boosted trees. They take seconds."),
            on_click=_queue_baselines,
            args=(run,),
        )
    last = store.jobs.latest(kind="baselines", subject=run.question)
    if last is not None and last.state == "failed" and last.reason:
        layout.failure(last.reason)


def _baselines_progress(run: Run) -> bool:
    """What goes on with the baselines; whether they are still on their way."""
    jobs = (baselines_job(state.store(), run, part) for part in PARTS_OF_REPORTS)
    job = next((job for job in jobs if job is not None), None)
    if job is not None:
        layout.progress(job.progress, job.doing.text if job.doing else _("The baselines wait for their turn."))
    return job is not None


def _queue_baselines(run: Run) -> None:
    actions.queue_baselines(state.home(), state.store(), state.catalogue(), run, "val")


def evaluation(run: Run) -> Job | None:
    """The job that judges a run on its validation or test rows, while it is queued or running."""
    waiting = state.store().jobs.list(kinds=("evaluate",), run_id=run.id)
    return waiting[0] if waiting else None


def is_outdated(run: Run) -> bool:
    """Whether the best checkpoint was saved after the report: a training that went on was ended before its own."""
    folder = state.home().run(run.id)
    best, report = folder / BEST, folder / report_file("val")
    is_later = best.is_file() and report.is_file() and best.stat().st_mtime_ns > report.stat().st_mtime_ns
    # Of a damaged one no report can be made.
    return is_later and is_whole(best)


def _without_report(run: Run, lost: tuple[str, ...], why: str | None = None) -> None:
    """Why there is no report, or an old one, and the button that makes one where a checkpoint was saved."""
    job = evaluation(run)
    if run.job.is_active:
        layout.quiet(_("The report comes when the training has ended."))
    elif not (state.home().run(run.id) / BEST).is_file():
        gone = _("The report is gone from the workspace, and so is the checkpoint that could make it again.")
        never = _("This run has no report: it ended before its first checkpoint was saved.")
        layout.quiet(gone if lost else never)
    elif job is not None:
        layout.progress(job.progress, progress_text(job))
    else:
        with (
            layout.card("run.no-report"),
            st.container(horizontal=True, vertical_alignment="center", gap="medium"),
        ):
            with st.container():
                before = _("The training ended before its report. The best checkpoint so far is saved.")
                gone = _("The report is gone from the workspace. The best checkpoint is still there.")
                layout.quiet(why or (gone if report_file("val") in lost else before))
            st.button(
                _("Make the report"),
                icon=":material/lab_profile:",
                key="run.report",
                help=_("Judges the best checkpoint on the validation rows."),
                on_click=_evaluate,
                args=(run.id, "val"),
            )
        _failure(run, "val")


def _envelope(run: Run, is_open: bool, lost: tuple[str, ...]) -> None:
    """The sealed envelope: what it is for, how often it was opened, and the button."""
    if not is_open and BEST in lost:
        layout.quiet(_("They cannot be judged: the checkpoint is gone from the workspace."))
        return
    job = evaluation(run)
    if job is not None:
        layout.progress(job.progress, progress_text(job))
        return
    num_openings = state.store().reports.num_openings(*run.sealed)
    with layout.card("run.envelope"), st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        with st.container():
            st.html(f'<p class="ly-envelope">{_envelope_text(is_open, num_openings)}</p>')
        if not is_open:
            with st.popover(_("Open the test rows"), icon=":material/drafts:"):
                layout.quiet(_("This look is counted, and cannot be taken back."))
                st.button(
                    _("Open and count"),
                    type="primary",
                    key="run.open-test",
                    on_click=_evaluate,
                    args=(run.id, "test"),
                )
    if not is_open:
        _failure(run, "test")


def _failure(run: Run, part: Part) -> None:
    """Why the rows of a part could not be judged, where that was tried last."""
    last = state.store().jobs.latest(kind="evaluate", run_id=run.id)
    if last is not None and last.payload["part"] == part and last.state == "failed" and last.reason:
        layout.failure(last.reason)


def _envelope_text(is_open: bool, num_openings: int) -> str:
    times = count(num_openings, "time", "times")
    if is_open:
        opened = _("Opened. The test rows of this data and split were looked at {times}, across all runs.")
        return opened.format(times=times)
    text = _(
        "Sealed. These rows were never seen, neither in training nor in choosing. Open them once, when you have "
        "decided: every look makes the next one less honest."
    )
    opened = _("Opened {times} so far for this data and split, across all runs.").format(times=times)
    return f"{text} {opened}"


def _evaluate(run_id: str, part: Part) -> None:
    try:
        actions.evaluate(state.home(), state.store(), run_id, part)
    except LeydenError as error:
        state.flash_failure(error)
