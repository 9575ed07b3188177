"""The same picture of each run's report side by side: confusion matrices, curves, errors."""

from collections.abc import Sequence

import streamlit as st

from leyden.palette import PALETTES
from leyden.reports.figures import figure_of
from leyden.reports.model import Bars, Confusion, Curves, Report, Scatter, Section
from leyden.reports.side_by_side import Ranges, bounded, differ_in_width, shared_ranges
from leyden.reports.translated import translated
from leyden.store.records import Run
from ui import layout, state
from ui.address import bound, one_of
from ui.compare_ranking import run_html
from ui.compare_runs import Compared
from ui.figure.component import Numbers, figure
from ui.words import _

Picture = Confusion | Curves | Scatter | Bars


def pictures_view(compared: Compared) -> None:
    """Draws one kind of picture for every run with the goal at hand."""
    reported = compared.reported
    titles = list(dict.fromkeys(one.title for report in reported.values() for one in pictures_of(report)))
    if not titles:
        layout.quiet(_("None of these runs has a report yet."))
        return
    title = one_of("picture", titles, titles[0])
    st.segmented_control(
        _("Picture"),
        titles,
        default=title,
        format_func=_,
        required=True,
        label_visibility="collapsed",
        **bound("compare", "picture", title, usual=titles[0]),
    )
    runs = [run for run in compared.alike if run.id in reported]
    found = {run.id: picture for run in runs if (picture := _titled(reported[run.id], title))}
    ranges = shared_ranges(list(found.values()))
    _notes(list(found.values()))
    grid = st.grid(min(len(runs), 3), min_column_width=330, gap="medium")
    for run in runs:
        with grid.cell():
            st.html(f'<p class="ly-compare-run">{run_html(run, compared)}</p>')
            if run.id in found:
                _draw(run, compared, found[run.id], len(found), ranges)
            else:
                layout.quiet(_("Its report does not have this picture."))


def pictures_of(report: Report) -> list[Picture]:
    """The sections of a report that are pictures."""
    return [section for section in report.sections if isinstance(section, Picture)]


def _titled(report: Report, title: str) -> Picture | None:
    return next((one for one in pictures_of(report) if one.title == title), None)


def _notes(pictures: Sequence[Picture]) -> None:
    """Says what the eye would be misled by."""
    if differ_in_width(pictures):
        layout.quiet(_("The bars of one run are wider than those of another, and a wider bar holds more rows."))
    cut = [one for one in pictures if isinstance(one, Scatter) and bounded(one, len(pictures)) is not one]
    if cut:
        shown = max(len(bounded(one, len(pictures)).x) for one in cut)
        text = _("Of each run's points, {n} are drawn; the others are in its report and in the CSV.")
        layout.quiet(text.format(n=f"{shown:,}"))


def _draw(run: Run, compared: Compared, picture: Picture, num_pictures: int, ranges: Ranges) -> None:
    drawn = bounded(picture, num_pictures) if isinstance(picture, Scatter) else picture
    drawing = figure_of(translated(drawn), PALETTES[state.mode()])
    assert drawing is not None, picture.type
    ranges.apply(drawing)
    drawing.update_layout(uirevision=picture.title)
    figure(
        drawing,
        title=_(picture.title),
        numbers=numbers_of(picture),
        key=f"compare.picture.{run.id}",
        whose=compared.labels[run.id],
        has_legend=isinstance(picture, Curves) and len(picture.lines) > 1,
    )


def numbers_of(section: Section) -> Numbers:
    """What a picture shows, as a table."""
    rows: list[tuple[object, ...]] = []
    match section:
        case Confusion():
            rows += [(name, *counts) for name, counts in zip(section.classes, section.counts, strict=True)]
            return Numbers(("true \\ predicted", *section.classes), rows)
        case Curves():
            for line in section.lines:
                rows += [(line.name, *point) for point in zip(line.x, line.y, strict=True)]
            return Numbers(("line", section.x_title, section.y_title), rows)
        case Scatter():
            rows += zip((row + 1 for row in section.row_ids), section.x, section.y, strict=True)
            return Numbers(("row", section.x_title, section.y_title), rows)
        case Bars():
            rows += zip(section.edges[:-1], section.edges[1:], section.counts, strict=True)
            return Numbers(("from", "to", "rows"), rows)
        case _:
            return Numbers((), rows)
