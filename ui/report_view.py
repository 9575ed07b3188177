"""Draws a report on a page: its sections by their types alone, and the rows behind whatever is clicked."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from leyden.palette import PALETTES
from leyden.reports import picks
from leyden.reports.figures import figure_of, help_of
from leyden.reports.html import LONG_TEXT, headline_html
from leyden.reports.model import Confusion, Headline, Report, Section, Table
from leyden.reports.outcomes import Outcomes
from leyden.reports.picks import Pick, parse_pick, picked
from leyden.reports.rivals import Rival, with_rivals
from leyden.reports.translated import translated
from leyden.store.records import Run
from ui import layout, state
from ui.format import number
from ui.live import island
from ui.plain_chart import plain_chart
from ui.report_picked import (
    EXAMPLES,
    SECTIONS,
    chosen_in,
    closed_key,
    keep_pick,
    key_of,
    let_go,
    picked_view,
    place_in,
)
from ui.report_rows import outcomes_of, rows_view, title_of
from ui.report_slices import slices_view
from ui.report_table import draw_sheet, draw_table, is_sheet
from ui.report_threshold import threshold_view
from ui.words import _

WIDE_CLASSES = 12
"""A confusion matrix of more classes takes the whole width."""
CHOICE_PX = 520
MAX_CELLS = 30
"""Confusions that are listed by name; the others are in the matrix."""


def report_view(run: Run, report: Report, rivals: Sequence[Rival] = ()) -> None:
    """Draws all of it: the headline, where the model fails, how sure it is, examples, all numbers."""
    about = {
        "val": _("{rows} validation rows, judged with the {checkpoint} checkpoint of epoch {epoch}."),
        "test": _("{rows} test rows, judged with the {checkpoint} checkpoint of epoch {epoch}."),
    }[report.part]
    epoch = number(float(f"{report.epoch:.4g}"))
    layout.quiet(about.format(rows=number(report.num_rows), checkpoint=_(report.checkpoint), epoch=epoch))
    for note in report.notes:
        st.html(f'<p class="ly-note">{escape(note.text)}</p>')
    sections = [translated(section) for section in with_rivals(report.sections, rivals)]
    for section in sections:
        if isinstance(section, Headline):
            st.html(headline_html(section, rivals))
    outcomes = outcomes_of(run, report)
    numbered = [(place, one) for place, one in enumerate(sections) if not isinstance(one, Headline)]
    last = [] if not numbered else numbered[-2 if rivals else -1 :]
    island(partial(_sections, run, report, outcomes, numbered[: len(numbered) - len(last)]))
    if outcomes is not None and len(outcomes.row_ids):
        if outcomes.is_binary:
            island(partial(threshold_view, run, report, outcomes))
        island(partial(slices_view, run, report, outcomes))
        island(partial(_examples, run, report, outcomes))
    _sections(run, report, None, last)


Numbered = tuple[int, Section]


def _sections(run: Run, report: Report, outcomes: Outcomes | None, sections: Sequence[Numbered]) -> None:
    """Sections side by side where they fit; what is picked in one stands below its row."""
    grid = st.grid(2, min_column_width=380, gap="medium")
    chosen = chosen_in(SECTIONS, report, outcomes)
    for row in _in_rows(sections):
        for place, section in row:
            pick = chosen[1] if chosen and chosen[0] == str(place) else None
            with grid.cell(column_span="all" if len(row) == 1 and _is_wide(section) else 1):
                _section(section, key_of(report, str(place)), pick, is_clickable=outcomes is not None)
        if chosen and outcomes is not None and chosen[0] in [str(place) for place, _section_ in row]:
            with grid.cell(column_span="all"), layout.card(f"report.picked.{report.part}"):
                picked_view(run, report, outcomes, *chosen)


def _in_rows(sections: Sequence[Numbered]) -> list[list[Numbered]]:
    """Sections by rows of the grid: two narrow ones, or one wide."""
    rows: list[list[Numbered]] = []
    for place, section in sections:
        if rows and len(rows[-1]) == 1 and not _is_wide(section) and not _is_wide(rows[-1][0][1]):
            rows[-1].append((place, section))
        else:
            rows.append([(place, section)])
    return rows


def _section(section: Section, key: str, pick: Pick | None, *, is_clickable: bool) -> None:
    layout.section(getattr(section, "title", ""))
    if help_text := help_of(section):
        layout.quiet(help_text)
    if isinstance(section, Table):
        # Sentences are to be read to their end, which cells that can be sorted do not show.
        (draw_sheet if is_sheet(section) else draw_table)(section)
        return
    figure = figure_of(section, PALETTES[state.mode()], pick)
    if figure is None:
        return
    has_picks = is_clickable and any(trace.customdata is not None for trace in figure.data)
    # Closed rows must not come back with the selection that a browser keeps for a chart of the same key.
    key = f"{key}.{state.recall(closed_key(key), 0)}"
    on_click = partial(_choose, key) if has_picks else None
    plain_chart(figure, key=key, alt=getattr(section, "title", ""), on_click=on_click)


def _choose(key: str, clicked: str | None) -> None:
    """Keeps what was clicked in the address; a click on the same once more lets go of it."""
    report, part, place, _times = key.rsplit(".", 3)
    before = place_in(part, SECTIONS)
    if before not in (None, place):
        let_go(f"{report}.{part}.{before}")
    keep_pick(part, place, clicked)


def _examples(run: Run, report: Report, outcomes: Outcomes) -> None:
    """Rows worth a look: confident mistakes first, and whatever confusion a person chooses by name."""
    layout.section(_("Examples"))
    choices = _choices(outcomes)
    chosen = chosen_in(EXAMPLES, report, outcomes)
    first = str(chosen[1]) if chosen and str(chosen[1]) in choices else picks.MISTAKES
    text = st.selectbox(
        _("Show"),
        list(choices),
        index=list(choices).index(first),
        format_func=choices.__getitem__,
        **state.edited(f"report.examples.{report.part}", first, partial(_choose_example, report.part)),
        width=CHOICE_PX,
    )
    pick = parse_pick(text, outcomes)
    assert pick is not None, text
    positions = picked(outcomes, pick)
    if pick.kind == picks.MISTAKES and not len(positions):
        layout.quiet(_("There is no mistake: every row was answered rightly."))
        return
    rows_view(run, report, outcomes, positions, f"report.examples.{report.run}.{report.part}.{text}")


def _choose_example(part: str, text: str) -> None:
    keep_pick(part, EXAMPLES, None if text == picks.MISTAKES else text)


def _choices(outcomes: Outcomes) -> dict[str, str]:
    """Picks by their texts, with their titles: mistakes, doubts, and the most frequent confusions."""
    kinds = [Pick(picks.MISTAKES)]
    if outcomes.classes is not None:
        kinds += [Pick(picks.UNSURE), *picks.frequent_confusions(outcomes, MAX_CELLS)]
    return {str(pick): title_of(pick, outcomes) for pick in kinds}


def _is_wide(section: Section) -> bool:
    """Whether it has a row of the page for itself: a table with long texts, a matrix of many classes."""
    if isinstance(section, Table):
        return any(isinstance(cell, str) and len(cell) > LONG_TEXT for row in section.rows for cell in row)
    return isinstance(section, Confusion) and len(section.classes) > WIDE_CLASSES
