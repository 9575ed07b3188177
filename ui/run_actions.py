"""What a person can do with a run: take the model, resume, train longer, clone, delete."""

import streamlit as st

from leyden import actions
from leyden.errors import LeydenError
from leyden.lost_files import lost_files
from leyden.run_folder import BEST, can_go_on
from leyden.store.records import Run
from ui import layout, state
from ui.dialog import confirm
from ui.format import size
from ui.run_files import url_of
from ui.run_labels import note_dialog, rename_dialog, tags_dialog
from ui.words import _, count

NUM_OTHERS = 4
"""How many of the newest runs of the same question a comparison begins with."""


def run_actions(run: Run) -> None:
    """Draws the buttons beside a run's name, the primary one last. While it is active, Stop is elsewhere."""
    folder = state.home().run(run.id)
    goes_on = can_go_on(folder)
    _more(run)
    copy = ":material/content_copy:"
    if st.button(_("Clone with changes"), icon=copy, key="run.clone"):
        state.go("new_run", **{"from": run.id})
    if run.job.is_active:
        return
    is_finished = run.state == "finished"
    if is_finished and goes_on:
        _train_longer(run)
    if (folder / BEST).is_file():
        st.link_button(
            _("Download model"),
            url_of(run.id, f"files/{BEST}"),
            icon=":material/download:",
            help=_("The best checkpoint; more under Files."),
        )
        if state.store().models.get(run.id) is not None:
            _predict(run)
    if not is_finished or BEST in lost_files(state.home(), state.store(), run):
        _go_on(run, goes_on)


def _predict(run: Run) -> None:
    if st.button(
        _("Predict"),
        icon=":material/online_prediction:",
        type="primary" if run.state == "finished" else "secondary",
        key="run.predict",
        help=_("Type a row, drop a picture, paste a text or bring a file, and see the answer."),
    ):
        state.go("predict", model=run.id)


def _go_on(run: Run, has_checkpoint: bool) -> None:
    anew = _("There is no checkpoint to go on from: it trains from the beginning, with the same settings.")
    st.button(
        _("Resume") if has_checkpoint else _("Start again"),
        icon=":material/play_arrow:",
        type="primary",
        key="run.resume",
        help=_("Goes on from the last checkpoint.") if has_checkpoint else anew,
        on_click=_resume,
        args=(run.id,),
    )


def _more(run: Run) -> None:
    labels = {
        "compare": _("Compare with others"),
        "note": _("Note"),
        "tags": _("Tags"),
        "rename": _("Rename"),
        "delete": _("Delete"),
    }
    chosen = st.menu_button(
        _("More"), list(labels), format_func=lambda name: labels[name], key="run.more", type="tertiary"
    )
    if chosen == "rename":
        rename_dialog(run.id, run.name)
    elif chosen == "compare":
        newest = state.store().runs.list(
            dataset_id=run.dataset_id, target=run.target, states=("finished",), limit=NUM_OTHERS + 1
        )
        others = [row.id for row in newest if row.id != run.id]
        state.go("compare", runs=",".join([run.id, *others[:NUM_OTHERS]]))
    elif chosen == "note":
        note_dialog(run.id, run.note)
    elif chosen == "tags":
        tags_dialog(run.id)
    elif chosen == "delete":
        delete_dialog([run.id], then="runs")


def _train_longer(run: Run) -> None:
    with st.popover(_("Train longer"), icon=":material/more_time:"):
        key = f"run.epochs.{run.id}"
        # Without bounds: a browser refuses what is beyond them with no word of what is allowed.
        st.number_input(_("Epochs in all"), value=run.epochs * 2, step=1, key=key)
        if run.spec.optimisation.schedule.name != "constant":
            layout.quiet(_("The learning rate follows its schedule over all of them, so that it rises once more."))
        st.button(_("Go on"), type="primary", key="run.longer", on_click=_resume_until, args=(run.id, key))


def _resume_until(run_id: str, key: str) -> None:
    # A number that was typed just now comes with the click that sends it.
    _resume(run_id, int(state.widget_value(key, 0)))


def _resume(run_id: str, epochs: int | None = None) -> None:
    run = state.store().runs.find(run_id)
    if run is not None and run.job.is_active:
        return  # The second of two quick presses, or somebody else's was before.
    try:
        actions.resume_run(state.home(), state.store(), run_id, epochs=epochs)
    except LeydenError as error:
        state.flash_failure(error)


def delete_dialog(run_ids: list[str], *, then: str | None = None) -> None:
    """Asks before runs are deleted, and says what that frees; goes to a page afterwards, or stays (None)."""
    home, store = state.home(), state.store()
    runs = [store.runs.get(run_id) for run_id in run_ids]
    active = [run.label for run in runs if run.job.is_active]
    if active:
        is_one = len(active) == 1
        text = (
            _("{names} has not ended yet; stop it first.")
            if is_one
            else _("{names} have not ended yet; stop them first.")
        )
        confirm(_("Delete"), text.format(names=_names(active)), _("Delete"), None)
        return

    def delete() -> None:
        # Another tab may have deleted or resumed some of them meanwhile.
        here = [run for run in runs if (now := store.runs.find(run.id)) is not None and not now.job.is_active]
        freed = sum(actions.delete_run(home, store, run.id) for run in here)
        told = _("Deleted: {runs}; {size} of disk are free again.")
        state.flash(told.format(runs=count(len(here), "run", "runs"), size=size(freed)))

    num_bytes = sum(folder_size(run.id) for run in runs)
    text = _("{names}: checkpoints, report, predictions and curves will be gone, {size} of disk in all.")
    names = _names([run.label for run in runs])
    title = _("Delete {runs}").format(runs=count(len(runs), "run", "runs"))
    confirm(title, text.format(names=names, size=size(num_bytes)), _("Delete"), delete, then=then)


def _names(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    shown = ", ".join(names[:5])
    more = len(names) - 5
    return _("{names} and {n} more").format(names=shown, n=more) if more > 0 else shown


def folder_size(run_id: str) -> int:
    """Bytes of everything in a run's folder."""
    folder = state.home().run(run_id)
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file())
