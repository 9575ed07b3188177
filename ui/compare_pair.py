"""Which two runs are told apart row by row, which of their rows are shown, and what became of all of them."""

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from leyden.catalogue import MetricCard
from leyden.reports.answers import Answers, Flips
from leyden.reports.comparison import rank
from leyden.store.records import Run
from ui import state
from ui.address import bound, one_of
from ui.compare_runs import Compared
from ui.words import _, count

PICKER_WIDTH = 400


def pick_pair(runs: list[Run], card: MetricCard | None, compared: Compared) -> tuple[Run, Run]:
    """The two runs whose answers are told apart: unless chosen, from the one that ranks last to the best."""
    by_id = {run.id: run for run in runs}
    ids, best_first = list(by_id), _best_first(runs, card, compared)
    wanted = state.parameter("to")
    first = one_of("from", ids, next(run_id for run_id in reversed(best_first) if run_id != wanted))
    rest = [run_id for run_id in ids if run_id != first]
    second = one_of("to", rest, next(run_id for run_id in best_first if run_id != first))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        for parameter, label, offered, chosen in (("from", _("From"), ids, first), ("to", _("To"), rest, second)):
            st.selectbox(
                label,
                offered,
                index=offered.index(chosen),
                format_func=lambda run_id: compared.choices[run_id],
                width=PICKER_WIDTH,
                # Whatever is chosen is kept: what is usual for one depends on the other.
                **bound("compare", parameter, chosen, resets="rows"),
            )
    return by_id[first], by_id[second]


def _best_first(runs: list[Run], card: MetricCard | None, compared: Compared) -> list[str]:
    """Ids of the runs by the figure at hand; those without it stay in the middle, as they are neither."""
    reports = {run.id: compared.reports[run.id] for run in runs}
    ranked = rank(reports, card.name, higher_is_better=card.higher_is_better) if card else []
    placed = [place.run_id for place in ranked] or list(reversed(reports))
    return [placed[0], *(run_id for run_id in reports if run_id not in placed), *placed[1:]]


def kinds_of_rows(moved: Flips, answers: Answers, first: str, second: str) -> dict[str, NDArray]:
    """Masks over all rows, each of shape (N,): what became of them between these two runs."""
    return {
        "differ": moved.fixed | moved.broken | _says_other(answers, first, second),
        "fixed": moved.fixed,
        "broken": moved.broken,
        "wrong": moved.both_wrong,
        "all": np.ones(len(answers.row_ids), dtype=bool),
    }


def _says_other(answers: Answers, first: str, second: str) -> NDArray:
    """Rows on which the two do not say the same; of numbers, none: hardly any two are the same."""
    if answers.is_number:
        return np.zeros(len(answers.row_ids), dtype=bool)
    return answers.predictions[first] != answers.predictions[second]


def pick_kind(masks: Mapping[str, NDArray], is_number: bool) -> str:
    """Which rows to show, with how many there are of each kind."""
    titles = {
        "differ": _("Largest differences") if is_number else _("Where they differ"),
        "fixed": _("Closer now") if is_number else _("Fixed"),
        "broken": _("Farther off now") if is_number else _("Broken"),
        "wrong": _("Equally far off") if is_number else _("Wrong in both"),
        "all": _("All rows"),
    }
    counted = {name: f"{title} ({int(masks[name].sum()):,})" for name, title in titles.items()}
    if is_number:
        # Hardly any two numbers are the same: that nearly all differ says nothing.
        counted["differ"] = titles["differ"]
    shown = one_of("show", titles, "differ")
    st.segmented_control(
        _("Rows"),
        list(titles),
        default=shown,
        format_func=counted.__getitem__,
        required=True,
        label_visibility="collapsed",
        **bound("compare", "show", shown, usual="differ", resets="rows"),
    )
    return shown


def told(moved: Flips, first: Run, second: Run, num_others: int, *, is_number: bool) -> str:
    """What became of the rows from the first run to the second, in a sentence or two."""
    text = (
        _("Of {rows}, #{second} is closer than #{first} on {fixed} and farther off on {broken}.")
        if is_number
        else _(
            "Of {rows}, #{second} gets {fixed} right that #{first} gets wrong, and {broken} the other way round."
        )
    )
    rows = count(len(moved.fixed), "row", "rows")
    sentence = text.format(
        rows=rows,
        first=first.number,
        second=second.number,
        fixed=f"{moved.fixed.sum():,}",
        broken=f"{moved.broken.sum():,}",
    )
    beside = _("All counts are of these two runs; the others stand beside them.")
    return f"{sentence} {beside}" if num_others else sentence
