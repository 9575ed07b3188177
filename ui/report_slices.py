"""How good the model is by the values of a column: one figure for each group, and its rows by a click."""

from functools import lru_cache

import numpy as np
import streamlit as st

from leyden.datasets.profile import ColumnKind
from leyden.datasets.read import read_frame
from leyden.palette import PALETTES
from leyden.reports.exploring import slices_figure
from leyden.reports.model import Report
from leyden.reports.outcomes import Outcomes
from leyden.reports.slices import FEW_ROWS, Groups, groups_of, slices
from leyden.store.records import Run
from ui import layout, state
from ui.report_rows import clicked_point, rows_view
from ui.words import KINDS, _

PARAMETER = "by"
GROUP = "report.group"


def slices_view(run: Run, report: Report, outcomes: Outcomes) -> None:
    """Draws the choice of a column, its groups, and the rows of the one that is clicked."""
    dataset = run.spec.data.dataset_of(report.part)
    kinds = _columns(run, dataset)
    if not kinds:
        return
    is_number = outcomes.classes is None
    layout.section(_("By the values of a column"))
    about = _("Is it equally good everywhere? Hollow points stand for fewer than {n} rows and prove little.")
    layout.quiet(about.format(n=FEW_ROWS))
    given = state.parameter(PARAMETER)
    first = given if given in kinds else _usual(kinds)
    key = state.widget_key(f"report.by.{report.part}", first)
    column = st.selectbox(
        _("Column"),
        list(kinds),
        index=None if first is None else list(kinds).index(first),
        placeholder=_("Choose a column"),
        format_func=lambda name: f"{name} · {KINDS[kinds[name]]}",
        key=key,
        on_change=_keep,
        args=(key, report.part),
    )
    if column is None:
        return
    groups = _groups(dataset, column, kinds[column], outcomes)
    found = slices(outcomes, groups)
    values = np.abs(outcomes.error) if is_number else outcomes.is_right
    x_title = _("Mean absolute error") if is_number else _("Share answered rightly")
    figure = slices_figure(found, float(np.nanmean(values)), PALETTES[state.mode()], x_title)
    chart = f"report.slices.{run.id}.{report.part}.{column}"
    st.plotly_chart(
        figure,
        theme=None,
        key=chart,
        config={"displayModeBar": False},
        on_select=lambda: _choose(chart, report.part),
        selection_mode="points",
        alt=_("By {column}").format(column=column),
    )
    chosen = state.recall(f"{GROUP}.{report.part}", None)
    one = next((one for one in found if (column, one.place) == chosen), None)
    if one is not None:
        layout.section(f"{column}: {one.name}", _("The worst rows first."))
        positions = np.flatnonzero(groups.codes == one.place)
        badness = -np.nan_to_num(np.abs(outcomes.error)) if is_number else _badness(outcomes)
        rows_view(
            run, report, outcomes, positions[np.argsort(badness[positions], kind="stable")], f"{chart}.{one.place}"
        )


def _badness(outcomes: Outcomes) -> np.ndarray:
    """(N,), lowest for confident mistakes."""
    return np.where(outcomes.is_right, 2 - outcomes.confidence, -outcomes.confidence)


def _columns(run: Run, dataset: str) -> dict[str, ColumnKind]:
    """Columns that rows can be grouped by: the inputs, then the others, without pictures and the target."""
    profile = state.inferred_profile(dataset)
    kinds = {**run.spec.data.inputs, **{name: kind for name, kind in profile.kinds.items() if kind != "ignored"}}
    kinds.update(run.spec.data.inputs)
    order: list[ColumnKind] = ["category", "number", "datetime", "text"]
    usable = {name: kind for name, kind in kinds.items() if kind in order and name != run.target}
    return dict(sorted(usable.items(), key=lambda item: order.index(item[1])))


def _usual(kinds: dict[str, ColumnKind]) -> str | None:
    """The first column that is quickly read; texts are read only when somebody asks for them."""
    return next((name for name, kind in kinds.items() if kind != "text"), None)


@lru_cache(maxsize=8)
def _groups(dataset: str, column: str, kind: ColumnKind, outcomes: Outcomes) -> Groups:
    values = read_frame(state.home(), dataset, [column], outcomes.row_ids.tolist())[column]
    return groups_of(values.reindex(outcomes.row_ids), kind)


def _keep(key: str, part: str) -> None:
    state.set_parameter(PARAMETER, state.recall(key, None))
    state.forget(f"{GROUP}.{part}")


def _choose(chart: str, part: str) -> None:
    clicked = clicked_point(chart)
    column = chart.rpartition(f".{part}.")[2]
    state.remember(f"{GROUP}.{part}", (column, int(clicked)) if clicked else None)
