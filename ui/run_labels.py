"""What people write on runs: names, notes and tags, and where they are shown on a run's own page."""

from hashlib import sha256
from html import escape

import streamlit as st

from leyden.errors import LeydenError
from leyden.store.records import Run, RunRow
from ui import state
from ui.dialog import decide, dialog
from ui.words import _, count

MAX_NAME, MAX_NOTE = 200, 2000
"""In characters."""


def labels(run: Run) -> None:
    """Draws the tags and the note of a run, its lines kept; nothing where there are none."""
    tags = "".join(f"<li>{escape(tag)}</li>" for tag in run.tags)
    listed = f'<ul class="ly-tags" aria-label="{escape(_("Tags"))}">{tags}</ul>' if tags else ""
    note = f'<p class="ly-remark">{escape(run.note)}</p>' if run.note else ""
    if listed or note:
        st.html(listed + note)


@dialog(_("Rename"))
def rename_dialog(run_id: str, name: str) -> None:
    """Asks for another name of a run."""
    key = f"run.name.{run_id}"

    def rename() -> str | None:
        given = state.widget_value(key, name).strip()
        if not given:
            return _("A run must have a name; type one.")
        if len(given) > MAX_NAME:
            return _too_long(_("A name"), MAX_NAME, len(given))
        state.store().runs.rename(run_id, given)
        return None

    with st.form("run.rename-form", border=False):
        st.text_input(_("Name"), value=name, key=key)
        st.form_submit_button(_("Rename"), type="primary", key="run.rename", on_click=decide(rename))


@dialog(_("Note"))
def note_dialog(run_id: str, note: str) -> None:
    """Asks for a remark on a run."""
    key = f"run.note.{run_id}"

    def keep() -> str | None:
        given = state.widget_value(key, note).strip()
        if len(given) > MAX_NOTE:
            return _too_long(_("A note"), MAX_NOTE, len(given))
        state.store().runs.set_note(run_id, given)
        return None

    with st.form("run.note-form", border=False):
        st.text_area(_("What is worth remembering about this run"), value=note, height=140, key=key)
        st.form_submit_button(_("Keep"), type="primary", key="run.keep-note", on_click=decide(keep))


def _too_long(what: str, most: int, found: int) -> str:
    # Said here: an input with a limit of its own passes over a longer text in silence.
    told = _("{what} may have at most {most} characters, and this one has {found}; shorten it.")
    return told.format(what=what, most=f"{most:,}", found=f"{found:,}")


@dialog(_("Tags"), on_dismiss="rerun")
def tags_dialog(run_id: str) -> None:
    """Asks for the tags of one run."""
    runs = state.store().runs
    # Side by side: what can be chosen drops down over what is below.
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        tag_input([runs.get(run_id)], list(runs.facets().tags))
        is_done = st.button(_("Done"), type="primary", key="run.tagged")
    state.show_flashes()
    if is_done:
        st.rerun()


def tag_input(runs: list[Run] | list[RunRow], tags: list[str]) -> None:
    """The tags that all of these runs have, and those of some; what is added or taken away changes at once for all.

    Args:
        runs: At least one.
        tags: Those that some run has: what is offered.
    """
    run_ids = [run.id for run in runs]
    shared = [tag for tag in runs[0].tags if all(tag in run.tags for run in runs)]
    some = sorted({tag for run in runs for tag in run.tags if tag not in shared})
    before = shared

    def write(chosen: list[str]) -> None:
        nonlocal before  # Several edits may come before this is drawn again.
        added, removed = set(chosen).difference(before), set(before).difference(chosen)
        before = chosen
        try:
            state.store().runs.add_tags(run_ids, sorted(added))
        except LeydenError as error:
            state.flash_failure(error)
        state.store().runs.remove_tags(run_ids, sorted(removed))

    st.multiselect(
        _("Tags of {runs}").format(runs=count(len(runs), "run", "runs")),
        list(dict.fromkeys([*tags, *shared])),
        default=shared,
        accept_new_options=True,
        placeholder=_("Choose or type"),
        width=320,
        **state.edited(f"runs.tags.{_name_of(run_ids)}", shared, write),
    )
    if some:
        _tags_of_some(run_ids, some)


def _tags_of_some(run_ids: list[str], tags: list[str]) -> None:
    """Names the tags that only some of the runs have; a click on one takes it away from them."""

    def write(kept: list[str]) -> None:
        state.store().runs.remove_tags(run_ids, [tag for tag in tags if tag not in kept])

    st.multiselect(
        _("Some of them also have"),
        tags,
        default=tags,
        width=320,
        **state.edited(f"runs.tags-of-some.{_name_of(run_ids)}", tags, write),
    )


def _name_of(run_ids: list[str]) -> str:
    """A short name for these runs: there may be a thousand."""
    return sha256(",".join(sorted(run_ids)).encode()).hexdigest()[:16]
