"""The Files and Log tabs: what a run leaves to take away, and what it printed."""

from html import escape
from pathlib import Path

import streamlit as st

from leyden.datasets.profile import Part
from leyden.reports.read import read_report
from leyden.run_folder import BEST, LAST, LOG, can_go_on, predictions_table, report_page
from leyden.store.records import Run
from ui import layout, state
from ui.format import plain, size
from ui.routes.downloads import FILES
from ui.words import _

LOG_TAIL = 64_000

SNIPPET = """# From the project's folder, so that Python finds lightning_modules.
import lightning_modules
import pandas

model = lightning_modules.load("{run}-{best}")
frame = pandas.read_csv("new_rows.csv")  # the same columns as trained on
print(model.predict(frame))
"""


def lost_note(run: Run, lost: tuple[str, ...]) -> None:
    """Says above everything else that a run's checkpoint is gone, what with it, and what can be done."""
    if BEST not in lost and LAST not in lost:
        return
    folder = state.home().run(run.id)
    text = _(
        "Files of this run are gone from the workspace: {folder} should hold {names}. Its curves, figures and settings "
        "are still here."
    )
    anew = _("Put the files back from a copy, or press Start again: it trains the run anew from its settings.")
    further = _("Put the files back from a copy, or press Resume: it goes on from the last checkpoint.")
    told = text.format(folder=folder, names=", ".join(lost))
    advice = further if can_go_on(folder) else anew
    st.warning(plain(f"{told} {advice}"), icon=":material/folder_off:")


def files_tab(run: Run, lost: tuple[str, ...]) -> None:
    """Draws the list of downloads, what is gone of them, and how the checkpoint predicts."""
    folder = state.home().run(run.id)
    if lost:
        layout.quiet(_("Gone from the workspace: {names}.").format(names=", ".join(lost)))
    is_test_open = state.store().reports.get(run.id, "test") is not None
    rows = [
        _row(url_of(run.id, f"files/{name}"), name, download.about, folder / name)
        for name, download in FILES.items()
        if (folder / name).is_file() and (is_test_open or name != predictions_table("test"))
    ]
    rows.append(_row(url_of(run.id, "metrics.csv"), "metrics.csv", _("Every point of every curve"), None))
    abouts: dict[Part, str] = {"val": _("The validation report"), "test": _("The test report")}
    for part, about in abouts.items():
        if read_report(state.home(), state.store(), run.id, part):
            name = report_page(part)
            rows.append(_row(url_of(run.id, name), name, about + _(", as one page to keep or print"), None))
    st.html(f'<table class="ly-files"><tbody>{"".join(rows)}</tbody></table>')
    if (folder / BEST).is_file():
        layout.section(_("Use the model"), _("In Python, with the best checkpoint downloaded."))
        st.code(SNIPPET.format(run=run.id, best=BEST), language="python")


def url_of(run_id: str, name: str) -> str:
    """Address of one of a run's downloads."""
    return state.url(f"api/runs/{run_id}/{name}")


def _row(url: str, name: str, about: str, path: Path | None) -> str:
    bytes_text = size(path.stat().st_size) if path else f"<small>{escape(_('written when asked for'))}</small>"
    return (
        f'<tr><td><a href="{escape(url)}" download>{escape(name)}</a></td><td>{escape(about)}</td>'
        f"<td>{bytes_text}</td></tr>"
    )


def log_tab(run: Run, lost: tuple[str, ...]) -> None:
    """Draws the end of the log, the newest line visible."""
    path = state.home().run(run.id) / LOG
    if not path.is_file():
        layout.quiet(_no_log(run, lost))
        return
    text, is_cut = tail(path)
    told = _("What the training printed; one without trouble prints its start alone.")
    layout.quiet(_("The end of the log; the whole of it is under Files.") if is_cut else told)
    # Reversed twice: so the box stays at its newest line while it grows.
    st.html(f'<div class="ly-log" tabindex="0"><pre>{escape(text)}</pre></div>')


def _no_log(run: Run, lost: tuple[str, ...]) -> str:
    if run.job.is_active:
        return _("Nothing has been printed yet.")
    return _("The log is gone with other files of this run.") if lost else _("This run has no log.")


def tail(path: Path, longest: int = LOG_TAIL) -> tuple[str, bool]:
    """The last bytes of a file as text, from a line's beginning; and whether something stands before them."""
    with path.open("rb") as file:
        end = file.seek(0, 2)
        file.seek(max(end - longest, 0))
        text = file.read().decode("utf-8", errors="replace")
    return (text.partition("\n")[2] or text, True) if end > longest else (text, False)
