"""The rows behind a part of a report: chosen by a click, shown a page at a time, and only those are read."""

from functools import partial

import numpy as np
import streamlit as st

from leyden.reports import picks
from leyden.reports.cards import cards_html
from leyden.reports.examples import examples_table, is_plain_table, num_own, read_examples
from leyden.reports.model import Report
from leyden.reports.numbers import figure_text
from leyden.reports.outcomes import Outcomes, kept_outcomes
from leyden.reports.picks import Pick
from leyden.run_folder import predictions_file
from leyden.store.records import Run
from ui import layout, state
from ui.format import percent
from ui.report_table import draw_table
from ui.words import _, count

PER_PAGE = 12
THUMBNAIL = "256"


def outcomes_of(run: Run, report: Report) -> Outcomes | None:
    """What the model answered for each row of a report; None when its predictions are not on disk."""
    path = state.home().run(run.id) / predictions_file(report.part)
    try:
        return kept_outcomes(path, report.target, report.classes)
    except (OSError, ValueError):  # They are gone, or no Parquet file of Leyden's.
        return None


def title_of(pick: Pick, outcomes: Outcomes) -> str:
    """What a pick shows, in words."""
    if outcomes.classes is not None and pick.kind in (picks.CELL, picks.NEAR):
        classes, value = outcomes.classes, pick.values
        if pick.kind == picks.NEAR:
            text = _("Rows nearest to a probability of {threshold} for '{name}'")
            return text.format(threshold=figure_text(value[1]), name=classes[int(value[0])])
        text = (
            _("'{true}', rightly answered") if value[0] == value[1] else _("True '{true}', answered '{predicted}'")
        )
        return text.format(true=classes[int(value[0])], predicted=classes[int(value[1])])
    low, high = (*pick.values, 0.0, 0.0)[:2]
    return {
        picks.MISTAKES: _("Most confident mistakes") if outcomes.classes is not None else _("Largest errors"),
        picks.UNSURE: _("Least confident answers"),
        picks.SURE: _("Answers that were {low} to {high} sure").format(low=percent(low), high=percent(high)),
        picks.ERROR: _("Errors from {low} to {high}").format(low=figure_text(low), high=figure_text(high)),
        picks.ROW: _("Row {number}").format(number=f"{int(low) + 1:,}"),
    }[pick.kind]


def rows_view(
    run: Run, report: Report, outcomes: Outcomes, positions: np.ndarray, key: str, pick: Pick | None = None
) -> None:
    """Draws a page of rows; `key` tells it from others on the page, `pick` is what they were picked by."""
    if not len(positions):
        layout.quiet(_("No row is of this kind."))
        return
    place = _page(len(positions), key)
    shown = positions[place * PER_PAGE : (place + 1) * PER_PAGE].tolist()
    examples = read_examples(state.home(), run, report, outcomes, shown, pick)
    if is_plain_table(examples):
        table = examples_table(examples, _("Rows"), is_number=outcomes.classes is None)
        draw_table(table, num_figures=num_own(examples))
    else:
        st.html(cards_html(examples, lambda sha256: state.url(f"api/thumbnails/{sha256}", size=THUMBNAIL)))


def _page(num_rows: int, key: str) -> int:
    """Which page is shown, from 0, with the number of rows and two buttons where there are more."""
    most = -(-num_rows // PER_PAGE) - 1
    current = min(state.recall(f"{key}.page", 0), most)
    # At the left: at the right a table's own tools lie over what stands above it.
    with st.container(horizontal=True, width="content", vertical_alignment="center", gap="medium"):
        first, last = current * PER_PAGE + 1, min((current + 1) * PER_PAGE, num_rows)
        text = _("{first} to {last} of {rows}") if most else "{rows}"
        layout.quiet(text.format(first=f"{first:,}", last=f"{last:,}", rows=count(num_rows, "row", "rows")))
        if most:
            with st.container(horizontal=True, width="content", gap="small"):
                for label, icon, step in (
                    (_("Previous"), ":material/chevron_left:", -1),
                    (_("Next"), ":material/chevron_right:", 1),
                ):
                    st.button(
                        label,
                        icon=icon,
                        disabled=not 0 <= current + step <= most,
                        key=f"{key}.to-{label}",
                        type="tertiary",
                        on_click=state.change,
                        args=(f"{key}.page", 0, partial(_turned, step, most)),
                    )
    return current


def _turned(step: int, most: int, page: int) -> int:
    return min(max(page + step, 0), most)
