"""Predicting a file: dropped, streamed to the disk, answered by a job, and given back as CSV."""

from html import escape

import streamlit as st

from leyden.actions import stop_job
from leyden.prediction.columns import PROBABILITY
from leyden.prediction.files import KIND, FileAnswers, OutsideCount, answers_file, discard
from leyden.store.records import ACTIVE, ENDED, STOP_GENTLY, STOP_NOW, Job, Run
from ui import layout, state
from ui.data_bars import histogram_html
from ui.drop_zone.zone import drop_zone
from ui.format import ago_html, number, percent, shorten, size
from ui.routes.uploads import max_upload_bytes
from ui.words import _, count

SHOWN_JOBS = 5
SHOWN_CLASSES = 12


def file_drop(run: Run, *, has_pictures: bool, is_folder: bool) -> None:
    """Draws the place to drop a file."""
    limit = size(max_upload_bytes())
    if is_folder:
        hint = _("A zip or tar of pictures. Up to {limit}.")
    elif has_pictures:
        hint = _("A zip with a table that names its pictures, in the columns trained on. Up to {limit}.")
    else:
        hint = _(
            "CSV, TSV, Parquet, Excel, JSON Lines with the columns trained on; the target may be missing. "
            "Up to {limit}."
        )
    address = state.url("api/predictions", model=run.id)
    drop_zone(f"predict-drop-{run.id}", address=address, hint=hint.format(limit=limit))
    layout.quiet(
        _(
            "One answer per row, in the file's order. The file goes as soon as it was read, the answers after a day."
        )
    )


def file_jobs(run_id: str) -> bool:
    """Draws the latest files and their answers; the part of the page that is refreshed.

    Returns:
        Whether any is waiting or running.
    """
    jobs = _jobs(run_id)
    for job in jobs[:SHOWN_JOBS]:
        with layout.card(f"predict-job-{job.id}"):
            if job.is_active:
                _active(job)
            elif job.state == "finished" and job.result:
                _finished(job, FileAnswers.model_validate({k: v for k, v in job.result.items() if k != "out"}))
            else:
                _failed(job)
    return any(job.is_active for job in jobs)


def is_predicting(run_id: str) -> bool:
    """Whether a file of this run's model is waiting or running."""
    return any(job.is_active for job in _jobs(run_id))


def _jobs(run_id: str) -> list[Job]:
    """Files of this page that have not been removed, newest first; not what the command line predicts."""
    store, home = state.store(), state.home()
    jobs = store.jobs.list(states=(*ACTIVE, *ENDED), kinds=(KIND,), run_id=run_id, limit=1000)
    ours = [job for job in jobs if (out := answers_file(home, job)) is not None and out.parent.is_dir()]
    # The next attempt of one that vanished speaks for it.
    ours = [job for job in ours if not (job.reason and job.reason.code == "vanished")]
    return sorted(ours, key=lambda job: -job.id)


def _name(job: Job) -> str:
    return str(job.payload["path"]).rsplit("/", 1)[-1]


def _active(job: Job) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        doing = job.doing.text if job.doing else (_("Waiting") if job.state == "queued" else _("Starting"))
        with st.container():
            layout.progress(0.0 if job.state == "queued" else job.progress, f"{shorten(_name(job))}: {doing}")
        label = _("Stop now") if job.stop_request else _("Stop")
        st.button(
            label,
            key=f"predict.stop.{job.id}",
            disabled=job.stop_request == STOP_NOW,
            on_click=_stop,
            args=(job.id, STOP_NOW if job.stop_request else STOP_GENTLY),
        )


def _stop(job_id: int, level: int) -> None:
    stop_job(state.home(), state.store(), job_id, level)


def _failed(job: Job) -> None:
    reason = job.reason.text if job.reason else _("It could not be predicted.")
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        with st.container():
            st.html(f'<p class="ly-line"><strong>{escape(shorten(_name(job)))}</strong></p>')
            if job.state == "failed":
                layout.failure(reason)
            else:
                layout.quiet(_("Stopped; nothing was kept."))
        _remove_button(job)


def _finished(job: Job, answers: FileAnswers) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        answered = count(_num_answered(answers), _("answer"), _("answers"))
        head = f"<strong>{escape(shorten(_name(job)))}</strong> · {answered} · "
        st.html(f'<p class="ly-line">{head}{ago_html(job.ended_at)}</p>', width="content")
        with st.container(horizontal=True, width="content"):
            _remove_button(job)
            address = state.url(f"api/predictions/{job.id}.csv")
            st.link_button(_("Download CSV"), address, icon=":material/download:", type="primary")
    if answers.unanswered:
        text = _("{rows} no answer: the picture or text file is empty, or cannot be read.")
        layout.quiet(text.format(rows=count(answers.unanswered, _("row has"), _("rows have"))))
    left, right = st.columns([1, 2], gap="large")
    with left:
        st.html(_distribution(answers))
    with right:
        _preview(answers)
    if answers.outside:
        st.html(_outside(answers))


def _num_answered(answers: FileAnswers) -> int:
    return answers.rows - answers.unanswered


def _remove_button(job: Job) -> None:
    st.button(
        _("Remove"),
        icon=":material/delete:",
        key=f"predict.remove.{job.id}",
        type="tertiary",
        on_click=discard,
        args=(state.home(), job),
    )


def _distribution(answers: FileAnswers) -> str:
    if answers.histogram is not None:
        edges = answers.histogram.edges
        bars = histogram_html(answers.histogram, number(_rounded(edges[0])), number(_rounded(edges[-1])))
        return f'<p class="ly-line">{escape(_("Answers"))}</p>{bars}'
    top = max(answers.classes.values(), default=1)
    rows = "".join(
        f'<li title="{escape(name)}: {n:,}"><span>{escape(shorten(name, 40))}</span>'
        f'<i style="width:{100 * n / top:.1f}%"></i><em>{percent(n / _num_answered(answers))}</em></li>'
        for name, n in list(answers.classes.items())[:SHOWN_CLASSES]
    )
    return f'<p class="ly-line">{escape(_("Answers"))}</p><div class="ly-values"><ul>{rows}</ul></div>'


def _preview(answers: FileAnswers) -> None:
    import pandas as pd

    frame = pd.DataFrame(list(answers.preview), columns=list(answers.columns))
    numbers = [name for name in answers.columns if pd.api.types.is_numeric_dtype(frame[name])]
    shares = [name for name in numbers if name.startswith(PROBABILITY) and frame[name].between(0, 1).all()]
    st.dataframe(
        frame,
        hide_index=True,
        height=min(38 + 35 * max(len(frame), 1), 285),
        placeholder="",
        column_config={name: st.column_config.NumberColumn(format="%.3g") for name in shares},
    )
    if answers.rows > len(frame):
        layout.quiet(_("The first {n} rows.").format(n=len(frame)))


def _outside(answers: FileAnswers) -> str:
    """How many rows are unlike anything seen in training, by column."""
    lines = "".join(
        f"<li>{escape(_('{n} of {all} rows').format(n=number(one.num_rows), all=number(answers.rows)))}"
        f"{escape(_first(one))}: {escape(one.example)}</li>"
        for one in sorted(answers.outside, key=lambda one: -one.num_rows)
    )
    title = _("Unlike what was seen in training; trust these answers less (one example of each):")
    return f'<div class="ly-unseen" role="note"><p>{escape(title)}</p><ul>{lines}</ul></div>'


def _first(one: OutsideCount) -> str:
    """Which row the example is of, as tables of rows count them: from 1."""
    if one.first_row is None:
        return ""
    row = number(one.first_row)
    return _(" (row {n})").format(n=row) if one.num_rows == 1 else _(" (first: row {n})").format(n=row)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
