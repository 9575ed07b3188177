"""How good the model is by the values of a column: the figures of each group, and its rows by a click."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import streamlit as st

from leyden.datasets.profile import ColumnKind, Part
from leyden.palette import PALETTES
from leyden.reports.counts import FEW_ROWS
from leyden.reports.exploring import slices_figure
from leyden.reports.groups import Groups, group_columns, read_groups
from leyden.reports.model import Report, Table
from leyden.reports.outcomes import Outcomes
from leyden.reports.slice_table import slices_csv, slices_table
from leyden.reports.slices import Measure, Slice, Slices, slices
from leyden.store.records import Run
from ui import layout, state
from ui.address import bound, one_of
from ui.figure.component import file_name
from ui.format import told_apart
from ui.plain_chart import plain_chart
from ui.report_rows import rows_view
from ui.report_table import draw_table
from ui.report_threshold import positive_index
from ui.words import KINDS, _

BY, FIGURE, GROUP = ("by", "figure", "group")
"""Where the address keeps the column, the figure in the chart, and the group whose rows are shown."""
CHART, TABLE, NAMES = "chart", "table", "names"
"""Where a group can be chosen."""
HEAD = 1
"""Lines of the table before the first group: all rows together."""
MEASURED: Mapping[ColumnKind, str] = {"text": _("by length"), "image": _("by brightness")}
"""How a column is grouped whose values themselves make no groups."""


def slices_view(run: Run, report: Report, outcomes: Outcomes) -> None:
    """Draws the choice of a column, its groups, and the rows of the one that is clicked."""
    dataset = run.spec.data.dataset_of(report.part)
    kinds = group_columns(run, state.inferred_profile(dataset))
    if not kinds:
        return
    layout.section(_("By the values of a column"))
    about = _("Is it equally good everywhere? Hollow points stand for fewer than {n} rows and prove little.")
    layout.quiet(about.format(n=FEW_ROWS))
    left, right = st.columns(2)
    with left:
        column = _choose_column(report, kinds)
    if column is None:
        return
    positive = positive_index(report, outcomes) if outcomes.is_binary else 1
    groups, found = _found(dataset, column, kinds[column], outcomes, positive)
    with right:
        measure = _choose_measure(report, found)
    name = f"report.slices.{run.id}.{report.part}.{column}"
    chosen = _chosen(found, report.part)
    _chart(found, measure, name, report.part, column)
    table = slices_table(found, column)
    _table(table, found, chosen, name, report.part)
    _below(found, chosen, name, f"{table.title} {report.part}", report.part)
    if chosen is not None:
        layout.section(f"{column}: {chosen.name}", _("The worst rows first."))
        positions = np.flatnonzero(groups.codes == chosen.place)
        order = np.argsort(_badness(outcomes)[positions], kind="stable")
        rows_view(run, report, outcomes, positions[order], f"{name}.{chosen.place}")


def _choose_column(report: Report, kinds: dict[str, ColumnKind]) -> str | None:
    given = state.parameter(BY)
    first = given if given in kinds else _usual(kinds)
    return st.selectbox(
        _("Column"),
        list(kinds),
        index=None if first is None else list(kinds).index(first),
        placeholder=_("Choose a column"),
        format_func=lambda name: f"{name} · {MEASURED.get(kinds[name], KINDS[kinds[name]])}",
        **state.edited(f"report.by.{report.part}", first, _keep_column),
    )


def _choose_measure(report: Report, found: Slices) -> Measure:
    measures = {measure.name: measure for measure in found.measures}
    usual = next(iter(measures))
    first = one_of(FIGURE, measures, usual)
    name = st.selectbox(
        _("Figure in the chart"),
        list(measures),
        index=list(measures).index(first),
        format_func=lambda one: measures[one].title,
        help="\n".join(f"- {one.title}: {one.summary}" for one in found.measures),
        **bound(f"report.{report.part}", FIGURE, first, usual=usual),
    )
    return measures[name]


def _chart(found: Slices, measure: Measure, name: str, part: Part, column: str) -> None:
    plain_chart(
        slices_figure(found, measure, PALETTES[state.mode()]),
        key=f"{name}.chart.{_times_elsewhere(CHART, name)}",
        alt=_("{figure} by {column}").format(figure=measure.title, column=column),
        on_click=lambda clicked: _choose(int(clicked) if clicked else None, CHART, name, part),
    )


def _table(table: Table, found: Slices, chosen: Slice | None, name: str, part: Part) -> None:
    """The figures of all groups; a line that is chosen shows its rows."""
    line = None if chosen is None else found.groups.index(chosen) + HEAD
    key = f"{name}.table.{_times_elsewhere(TABLE, name)}"
    draw_table(table, key=key, chosen=line, on_select=lambda: _select(key, found, name, part))


def _below(found: Slices, chosen: Slice | None, name: str, title: str, part: Part) -> None:
    """The choice of a group by its name, and the table to take away."""
    places = [one.place for one in found.groups]
    names = told_apart({one.place: one.name for one in found.groups})
    key = f"{name}.names.{_times_elsewhere(NAMES, name)}"
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.selectbox(
            _("Show the rows of"),
            places,
            index=None if chosen is None else places.index(chosen.place),
            format_func=names.__getitem__,
            placeholder=_("Choose a group"),
            key=key,
            on_change=lambda: _choose(state.widget_value(key, None), NAMES, name, part),
            width=320,
        )
        st.download_button(
            _("CSV"),
            slices_csv(found).encode("utf-8-sig"),
            file_name=f"{file_name(title)}.csv",
            mime="text/csv",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            help=_("The table with all intervals."),
            key=f"{name}.csv",
        )


def _chosen(found: Slices, part: Part) -> Slice | None:
    chosen = state.parameter(GROUP)
    return next((one for one in found.groups if f"{part}.{one.place}" == chosen), None)


def _badness(outcomes: Outcomes) -> np.ndarray:
    """(N,), lowest for large errors and confident mistakes, highest for what is surely right."""
    if outcomes.classes is None:
        return np.asarray(-np.nan_to_num(np.abs(outcomes.error)))
    return np.where(outcomes.is_right, 1 + outcomes.confidence, -outcomes.confidence)


def _usual(kinds: dict[str, ColumnKind]) -> str | None:
    """The first column that is quickly read; texts and pictures are opened only when somebody asks for them."""
    return next((name for name, kind in kinds.items() if kind not in MEASURED), None)


@lru_cache(maxsize=8)
def _found(
    dataset_id: str, column: str, kind: ColumnKind, outcomes: Outcomes, positive: int
) -> tuple[Groups, Slices]:
    groups = read_groups(state.home(), dataset_id, outcomes, column, kind)
    return groups, slices(outcomes, groups, positive)


def _times_elsewhere(place: str, name: str) -> int:
    """How often a group was chosen in the other places: each choice makes this one new, with that choice in it."""
    return sum(state.recall(f"{name}.{other}.times", 0) for other in (CHART, TABLE, NAMES) if other != place)


def _keep_column(column: str | None) -> None:
    state.set_parameter(BY, column)
    state.set_parameter(GROUP, None)


def _select(key: str, found: Slices, name: str, part: Part) -> None:
    lines: list[int] = state.widget_value(key, {"selection": {"rows": []}})["selection"]["rows"]
    is_group = bool(lines) and lines[0] >= HEAD
    _choose(found.groups[lines[0] - HEAD].place if is_group else None, TABLE, name, part)


def _choose(group: int | None, place: str, name: str, part: Part) -> None:
    counter = f"{name}.{place}.times"
    state.set_parameter(GROUP, None if group is None else f"{part}.{group}")
    state.remember(counter, state.recall(counter, 0) + 1)
