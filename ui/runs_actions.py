"""What can be done with the ticked runs of the list: compare, label, stop, delete."""

import streamlit as st

from leyden import actions
from leyden.errors import LeydenError
from leyden.store.records import ACTIVE, RunRow
from ui import layout, state
from ui.run_actions import delete_dialog, note_dialog, rename_dialog
from ui.words import _, count

MAX_COMPARED = 20
"""More runs than this cannot be told apart in one picture."""


def actions_row(rows: list[RunRow], tags: list[str]) -> None:
    """Draws the actions on these runs, the primary one first; `tags` are those that some run has."""
    if not rows:
        layout.quiet(_("Tick runs to compare, tag, stop or delete them."))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        layout.quiet(_("{runs} selected").format(runs=count(len(rows), "run", "runs")))
        _compare(rows)
        _tag(rows, tags)
        _star(rows)
        if len(rows) == 1:
            _one(rows[0])
        active = [row for row in rows if row.state in ACTIVE]
        if active and st.button(_("Stop"), icon=":material/stop_circle:", key="runs.stop"):
            stop_dialog(active)
        if st.button(_("Delete"), icon=":material/delete:", key="runs.delete"):
            delete_dialog([row.id for row in rows])


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


def _tag(rows: list[RunRow], tags: list[str]) -> None:
    with st.popover(_("Tags"), icon=":material/sell:"):
        given = sorted({tag for row in rows for tag in row.tags})
        # Options that are there already, or new ones that are typed.
        added = st.multiselect(
            _("Add"),
            tags,
            accept_new_options=True,
            placeholder=_("Choose or type"),
            key="runs.add-tags",
            width=300,
        )
        removed = st.multiselect(_("Take away"), given, key="runs.remove-tags", width=300) if given else []
        if st.button(_("Apply"), type="primary", disabled=not (added or removed), key="runs.tag"):
            run_ids = [row.id for row in rows]
            try:
                state.store().runs.add_tags(run_ids, added)
            except LeydenError as error:
                layout.failure(error)
                return
            state.store().runs.remove_tags(run_ids, removed)
            state.forget("runs.add-tags", "runs.remove-tags")
            st.rerun()


def _star(rows: list[RunRow]) -> None:
    is_starred = all(row.is_starred for row in rows)
    label = _("Unstar") if is_starred else _("Star")
    if st.button(label, icon=":material/star:", key="runs.star"):
        state.store().runs.set_starred([row.id for row in rows], not is_starred)
        st.rerun()


def _one(row: RunRow) -> None:
    """What makes sense for a single run only."""
    if st.button(_("Note"), icon=":material/edit_note:", key="runs.note"):
        note_dialog(row.id, row.note)
    if st.button(_("Rename"), icon=":material/edit:", key="runs.rename"):
        rename_dialog(row.id, row.name)
    if st.button(_("Clone with changes"), icon=":material/content_copy:", key="runs.clone"):
        state.go_next("new_run", **{"from": row.id})


def stop_dialog(active: list[RunRow]) -> None:
    """Asks before runs are stopped: each finishes its step, saves, and makes its report."""

    def stop() -> None:
        for row in active:
            job = state.store().runs.get(row.id).job
            if job.is_active:
                actions.stop_job(state.home(), state.store(), job.id)
        state.flash(_("Asked to stop: {runs}.").format(runs=count(len(active), "run", "runs")))

    text = _("{runs} will finish the current step, save and report; each can be resumed later.")
    layout.confirm(_("Stop"), text.format(runs=count(len(active), "run", "runs")), _("Stop"), stop)
