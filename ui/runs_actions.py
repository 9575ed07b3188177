"""What can be done with the ticked runs of the list: compare, label, stop, delete."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import streamlit as st

from leyden import actions
from leyden.store.records import ACTIVE, RunRow
from ui import layout, state
from ui.dialog import confirm
from ui.run_actions import delete_dialog
from ui.run_labels import note_dialog, rename_dialog, tag_input
from ui.runs_filters import Listed
from ui.words import _, count

MAX_COMPARED = 20
"""More runs than this cannot be told apart in one picture."""
MAX_AT_ONCE = 1000
"""So many runs are deleted within seconds, while a person waits."""
LABEL_WIDTH = 140
"""In px: "1,000 runs selected"."""
_BEYOND = "leyden.runs.beyond-the-page"
"""The list whose runs of all pages are selected, with the place of the page on which that was asked for; their ids."""
_NOTHING: tuple[tuple[Listed, int] | None, frozenset[str]] = (None, frozenset())


class Reach(NamedTuple):
    """Runs of all pages that can be selected."""

    listed: Listed
    place: int
    """Of the first run that is shown: on another page, a selection begins anew."""
    num_runs: int
    is_cut: bool
    """Whether the list goes on beyond them."""


@dataclass(frozen=True)
class Selection:
    """The runs that something can be done with now."""

    rows: list[RunRow]
    has_pages: bool = False
    """Whether the list goes on beyond the page that is shown."""
    reach: Reach | None = None
    """What can be selected instead where all of the page are ticked."""
    is_beyond: bool = False
    """Whether that is selected, but for what was left out since."""


def select_runs(
    shown: list[RunRow], ticked_ids: Collection[str], place: int, num_listed: int, listed: Listed
) -> Selection:
    """What is selected: the ticked runs of a page; or where all of it are ticked, those of all pages.

    These stay what they were when they were selected, whichever run joins the list or moves to another page. Single
    ones of the page can be left out again.

    Args:
        shown: The runs of the page.
        ticked_ids: Those that are ticked, of this page and of others.
        place: Of the first of the page in the whole list, from 0.
        num_listed: How many runs all pages have.
        listed: Which these are.
    """
    ticked = [row for row in shown if row.id in ticked_ids]
    has_pages = num_listed > len(shown)
    reach = Reach(listed, place, min(num_listed, MAX_AT_ONCE), num_listed > MAX_AT_ONCE)
    here, ids = state.recall(_BEYOND, _NOTHING)
    if has_pages and ticked and here == (listed, place):
        ids = (ids - {row.id for row in shown}) | {row.id for row in ticked}
        state.remember(_BEYOND, (here, ids))
        rows = [row for row in listed.first(state.store(), MAX_AT_ONCE) if row.id in ids]
        return Selection(rows, has_pages, reach, is_beyond=True)
    state.forget(_BEYOND)
    is_reached = has_pages and len(ticked) == len(shown) and place + len(shown) <= MAX_AT_ONCE
    return Selection(ticked, has_pages, reach if is_reached else None)


def _select_all(reach: Reach) -> None:
    ids = frozenset(row.id for row in reach.listed.first(state.store(), MAX_AT_ONCE))
    state.remember(_BEYOND, ((reach.listed, reach.place), ids))


def actions_row(selection: Selection, tags: list[str]) -> None:
    """Draws the actions on the selected runs, the primary one first; `tags` are those that some run has."""
    rows = selection.rows
    if not rows:
        more = _(" Ticks count on one page at a time; tick all of it to select the runs of all pages.")
        layout.quiet(_("Tick runs to compare, tag, stop or delete them.") + (more if selection.has_pages else ""))
        return
    # What is always there comes first, so that it stays in its place under a pointer while more runs are ticked.
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width=LABEL_WIDTH):
            layout.quiet(_("{runs} selected").format(runs=count(len(rows), "run", "runs")))
        _compare(rows)
        with st.popover(_("Tags"), icon=":material/sell:"):
            tag_input(rows, tags)
        _star(rows)
        if st.button(_("Delete"), icon=":material/delete:", key="runs.delete"):
            delete_dialog([row.id for row in rows])
        active = [row for row in rows if row.state in ACTIVE]
        if active and st.button(_("Stop"), icon=":material/stop_circle:", key="runs.stop"):
            stop_dialog(active)
        if len(rows) == 1:
            _one(rows[0])
        if selection.reach:
            _reach(selection.reach, is_beyond=selection.is_beyond)


def _reach(reach: Reach, *, is_beyond: bool) -> None:
    """Offers the runs of all pages, or this page alone again."""
    if is_beyond:
        st.button(
            _("Only this page"), type="tertiary", key="runs.this-page", on_click=state.forget, args=(_BEYOND,)
        )
        return
    text = _("Select the first {n}") if reach.is_cut else _("Select all {n}")
    st.button(
        text.format(n=f"{reach.num_runs:,}"),
        type="tertiary",
        key="runs.beyond",
        help=_("The runs of all pages of this list, in its order."),
        on_click=_select_all,
        args=(reach,),
    )


def _compare(rows: list[RunRow]) -> None:
    is_too_much = len(rows) > MAX_COMPARED
    at_most = _("Up to {n} runs can be compared at once.").format(n=MAX_COMPARED)
    tick_two = _("Tick a second run to compare it with.")
    if st.button(
        _("Compare"),
        type="primary",
        icon=":material/compare_arrows:",
        disabled=is_too_much or len(rows) < 2,
        help=at_most if is_too_much else tick_two if len(rows) < 2 else None,
        key="runs.compare",
    ):
        state.go_next("compare", runs=",".join(row.id for row in rows))


def _star(rows: list[RunRow]) -> None:
    is_starred = all(row.is_starred for row in rows)
    label = _("Unstar") if is_starred else _("Star")
    st.button(
        label,
        icon=":material/star:",
        key="runs.star",
        on_click=state.store().runs.set_starred,
        args=([row.id for row in rows], not is_starred),
    )


def _one(row: RunRow) -> None:
    """What makes sense for a single run only."""
    has_model = row.headline is not None
    if has_model and st.button(_("Predict"), icon=":material/online_prediction:", key="runs.predict"):
        state.go_next("predict", model=row.id)
    if st.button(_("Note"), icon=":material/edit_note:", key="runs.note"):
        note_dialog(row.id, row.note)
    if st.button(_("Rename"), icon=":material/edit:", key="runs.rename"):
        rename_dialog(row.id, row.name)
    if st.button(_("Clone with changes"), icon=":material/content_copy:", key="runs.clone"):
        state.go_next("new_run", **{"from": row.id})


def stop_dialog(active: list[RunRow]) -> None:
    """Asks before runs are stopped: those at work end as usual, and those that wait leave the queue."""

    def stop() -> None:
        # Some may have ended, or been deleted, while the question was open.
        found = [state.store().runs.find(row.id) for row in active]
        asked = [run for run in found if run is not None and run.job.is_active]
        for run in asked:
            actions.stop_job(state.home(), state.store(), run.job.id)
        state.flash(_("Asked to stop: {runs}.").format(runs=count(len(asked), "run", "runs")))

    confirm(_("Stop"), _what_stopping_does(active), _("Stop"), stop)


def _what_stopping_does(active: list[RunRow]) -> str:
    num_running = sum(row.state == "running" for row in active)
    num_waiting = len(active) - num_running
    told = []
    if num_running:
        text = _("{runs} will finish the current step, save and report.")
        told.append(text.format(runs=count(num_running, "run", "runs")))
    if num_waiting:
        text = _("{runs} will only be taken out of the queue.")
        told.append(text.format(runs=count(num_waiting, "waiting run", "waiting runs")))
    return " ".join([*told, _("Each can go on later.")])
