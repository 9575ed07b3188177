"""The Files and Log tabs: what a run leaves to take away, and what it printed."""

from html import escape
from pathlib import Path

import streamlit as st

from leyden.datasets.profile import Part
from leyden.run_folder import BEST, LOG, predictions_table, report_page
from leyden.store.records import Run
from ui import layout, state
from ui.format import size
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


def files_tab(run: Run) -> None:
    """Draws the list of downloads, and how the checkpoint predicts."""
    folder = state.home().run(run.id)
    is_test_open = state.store().reports.get(run.id, "test") is not None
    rows = [
        _row(url_of(run.id, f"files/{name}"), name, download.about, folder / name)
        for name, download in FILES.items()
        if (folder / name).is_file() and (is_test_open or name != predictions_table("test"))
    ]
    rows.append(_row(url_of(run.id, "metrics.csv"), "metrics.csv", _("Every point of every curve"), None))
    abouts: dict[Part, str] = {"val": _("The validation report"), "test": _("The test report")}
    for part, about in abouts.items():
        if state.store().reports.get(run.id, part):
            name = report_page(part)
            rows.append(_row(url_of(run.id, name), name, about + _(", as one page to keep or print"), None))
    st.html(f'<table class="ly-files"><tbody>{"".join(rows)}</tbody></table>')
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


def log_tab(run: Run) -> None:
    """Draws the end of the log, the newest line visible."""
    path = state.home().run(run.id) / LOG
    if not path.is_file():
        layout.quiet(_("Nothing has been printed yet."))
        return
    text, is_cut = tail(path)
    told = _("What the training printed; one without trouble prints its start alone.")
    layout.quiet(_("The end of the log; the whole of it is under Files.") if is_cut else told)
    # Reversed twice: so the box stays at its newest line while it grows.
    st.html(f'<div class="ly-log" tabindex="0"><pre>{escape(text)}</pre></div>')


def tail(path: Path, longest: int = LOG_TAIL) -> tuple[str, bool]:
    """The last bytes of a file as text, from a line's beginning; and whether something stands before them."""
    with path.open("rb") as file:
        end = file.seek(0, 2)
        file.seek(max(end - longest, 0))
        text = file.read().decode("utf-8", errors="replace")
    return (text.partition("\n")[2] or text, True) if end > longest else (text, False)
