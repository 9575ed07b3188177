"""What a run is doing now: state, progress, time left, best figure so far; and how to stop it."""

import math
from collections.abc import Callable, Sequence

import streamlit as st

from leyden import actions
from leyden.catalogue import MetricCard, TaskCard
from leyden.machine import never_starts
from leyden.reports.numbers import figure_text
from leyden.reports.rivals import best_rival, rivals_of
from leyden.store.records import STOP_GENTLY, STOP_NOW, Job, Run
from ui import layout, state
from ui.format import ago_html, duration, number
from ui.layout import Fact
from ui.queue_settings import paused_hint
from ui.run_curves import RunCurves
from ui.words import STATES, _, count, device_name, with_processes


def status_card(run: Run, curves: RunCurves, task: TaskCard | None) -> None:
    """Draws the card at the top of a run's page."""
    with layout.card("run-status"):
        job = run.job
        if job.state == "running":
            _running(job, curves)
        elif job.state == "queued":
            _queued(run)
        elif job.reason:
            _ended(run)
        elif ended_early(run, curves):
            layout.quiet(_early_text(run))
        layout.facts(_facts(run, curves, task))


def _running(job: Job, curves: RunCurves) -> None:
    row = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    with row.container():
        layout.progress(job.progress, progress_text(job))
    with row:
        stop_button(job)


def _queued(run: Run) -> None:
    ahead = state.store().queue.ahead_of(run.job)
    text = _("Starts when {n} before it are done.").format(n=len(ahead)) if ahead else _("Starts in a moment.")
    if reason := never_starts(run.job):
        text = _("Cannot start here: {reason}").format(reason=reason.text)
    row = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    with row.container():
        layout.progress(None, f"{STATES['queued']}. {text}")
    with row:
        stop_button(run.job)
    if state.store().settings.queue().is_paused:
        paused_hint()


def ended_early(run: Run, curves: RunCurves) -> bool:
    """Whether early stopping ended a run before its last epoch."""
    trained = _newest_epoch(curves)
    return run.state == "finished" and trained is not None and math.ceil(trained) < run.epochs


def _early_text(run: Run) -> str:
    patience = run.spec.optimisation.early_stopping.patience
    text = _(
        "Early stopping ended it: validation loss had not become better for {epochs}. The best epoch is kept."
    )
    return text.format(epochs=count(patience, "epoch", "epochs"))


def _ended(run: Run) -> None:
    assert run.job.reason is not None
    if run.state == "failed":
        layout.failure(run.job.reason)
    else:
        layout.quiet(run.job.reason.text)


def stop_button(job: Job, key: str = "run") -> None:
    """The first click lets the step finish and reports on the best so far; the second ends the process."""
    if job.stop_request >= STOP_NOW:
        st.button(_("Stopping …"), disabled=True, key=f"{key}.stopping")
    elif job.stop_request >= STOP_GENTLY:
        help_text = _("Ends the process at once. What was saved stays; the report can be made later.")
        arguments = (job.id, STOP_NOW)
        st.button(_("Stop now"), key=f"{key}.stop-now", help=help_text, on_click=_stop, args=arguments)
    else:
        help_text = _("Finishes its step, saves, and reports on the best epoch so far.")
        st.button(
            _("Stop"),
            key=f"{key}.stop",
            icon=":material/stop:",
            type="primary" if key == "run" else "secondary",
            help=help_text if job.trains_run else None,
            on_click=_stop,
            args=(job.id, STOP_GENTLY),
        )


def _stop(job_id: int, level: int) -> None:
    actions.stop_job(state.home(), state.store(), job_id, level)


def progress_text(job: Job) -> str:
    """What a job is doing, with how long it will take where that is known."""
    if job.stop_request:
        return _("Stopping: it finishes its step, saves, and reports on its best epoch.")
    if job.doing is None:
        return _("Starting")
    left = job.doing.params.get("seconds_left")
    tail = _(" · {time} left").format(time=duration(left)) if isinstance(left, int | float) else ""
    return job.doing.text + tail


def device_text(job: Job) -> str:
    """Where a job runs or wants to run, with the number of its processes where there are several."""
    device = ", ".join(map(device_name, job.devices or (job.wanted_device,)))
    return device if len(job.devices) > 1 else with_processes(device, job.num_devices)


def _facts(run: Run, curves: RunCurves, task: TaskCard | None) -> list[Fact]:
    """The row of facts; those that are not known yet are left out."""
    job = run.job
    facts = [Fact(_("State"), layout.state_html(run.state), html=True)]
    if figure := _figure(run, curves, task):
        facts.append(figure)
    if task and (rival := _best_baseline(run, task)):
        facts.append(rival)
    # While it trains, the progress says so, and a little later than the curves.
    if job.state != "running" and (epoch := _newest_epoch(curves)) is not None:
        # The third epoch is the third from its first step on.
        epochs = _("{done} of {all}").format(done=number(math.ceil(epoch)), all=number(run.epochs))
        facts.append(Fact(_("Epoch"), epochs))
    if (step := _newest_step(curves)) is not None:
        facts.append(Fact(_("Step"), number(step)))
    if job.state == "running" and (speed := curves.newest("speed/rows_per_s")):
        facts.append(Fact(_("Speed"), _("{n} rows/s").format(n=number(round(speed)))))
    if run.num_parameters is not None:
        facts.append(Fact(_("Parameters"), number(run.num_parameters)))
    facts.append(Fact(_("Device"), device_text(job)))
    if job.started_at:
        label = _("Started") if job.attempt == 1 else _("Last started")
        facts.append(Fact(label, ago_html(job.started_at), html=True))
    if job.started_at and job.ended_at:
        took = duration(state.store().jobs.took_s(run.id))
        about = _("From the start of its process to its report.")
        facts.append(Fact(_("Took"), took, help=_("Over all attempts.") if job.attempt > 1 else about))
    if job.attempt > 1:
        facts.append(Fact(_("Attempt"), number(job.attempt), help=_("How often this run was started or resumed.")))
    return facts


def _figure(run: Run, curves: RunCurves, task: TaskCard | None) -> Fact | None:
    """The headline figure of the report, so that page and report say the same; before, of the best epoch so far."""
    report = None if run.job.is_active else state.store().reports.get(run.id, "val")
    card = task.metric(report.headline) if task and report else None
    if report and card and card.name in report.figures:
        help_text = _("Of the best checkpoint, on the validation rows.")
        return Fact(_(card.title), figure_text(report.figures[card.name]), help=help_text)
    best = best_epoch_so_far(task, curves.values)
    if best is None:
        return None
    card, value = best
    label = _("{metric}, best epoch so far") if run.job.is_active else _("{metric}, best epoch")
    help_text = _(
        "On the validation rows, in the epoch of the lowest validation loss. The report will be on this epoch."
    )
    return Fact(label.format(metric=_(card.title)), figure_text(value), help=help_text)


def _best_baseline(run: Run, task: TaskCard) -> Fact | None:
    card = task.metric(task.headline)
    rivals = rivals_of(state.store(), state.catalogue(), run, "val")
    if card is None or not (best := best_rival(rivals, card.name, higher_is_better=card.higher_is_better)):
        return None
    about = _("{baseline}, on the same validation rows. {summary}")
    about = about.format(baseline=_(best.title), summary=_(best.summary))
    label = _("Best baseline so far") if best.more_to_come else _("Best baseline")
    return Fact(label, figure_text(best.figures[card.name]), help=about)


def best_epoch_so_far(
    task: TaskCard | None, values_of: Callable[[str], Sequence[float]]
) -> tuple[MetricCard, float] | None:
    """The metric that is watched while a task trains, with its value on validation rows at their lowest loss so far.

    It may have been better in another epoch; but this one's weights are kept, and reported on.

    Args:
        task: What the run learns; None when this installation does not know it.
        values_of: The values of a metric up to now, empty when there are none yet.
    """
    live = [metric for metric in task.metrics if metric.is_live] if task else []
    card = next((metric for metric in live if task and metric.name == task.headline), live[0] if live else None)
    values = values_of(f"val/{card.name}") if card else ()
    # What is written of the same epoch may not be read yet.
    known = list(zip(values_of("val/loss"), values, strict=False))
    if card is None or not known:
        return None
    return card, min(known, key=lambda one: one[0])[1]


def _newest_epoch(curves: RunCurves) -> float | None:
    return max((series.epoch[-1] for series in curves.series.values() if len(series)), default=None)


def _newest_step(curves: RunCurves) -> int | None:
    newest = max((series.step[-1] for series in curves.series.values() if len(series)), default=None)
    return None if newest is None else int(newest)
