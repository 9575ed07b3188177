"""The top of the New run page: the three decisions, what stands in their way, and what happens on Train."""

from collections.abc import Callable
from html import escape

import streamlit as st

from leyden import actions
from leyden.datasets.profile import Profile
from leyden.errors import LeydenError
from leyden.spec.fields import dotted_fields
from leyden.spec.model import Spec
from leyden.store.records import Dataset
from ui import layout, state
from ui.form import OnEdit, Suggestions, problem_text, title_of
from ui.form_draft import (
    TARGET,
    Draft,
    Drafted,
    begun,
    changed,
    changes_of,
    compose,
    draft_of,
    read_into,
    settled,
    undone,
    written,
)
from ui.format import dataset_titles
from ui.words import KINDS, _, count

DATASET_KEY = "new.dataset"
SUBMITTED = "new.submitted"
DEPARTURE = "new.departure"
WANTED = "new.wanted"
"""The draft that is to be trained, and where the session keeps it."""
SETTLED = "new.settled"
"""The draft without decisions that decide nothing, as it was last drawn."""
STARTED = "run"
"""The parameter that names the run that was just started, while its page is on the way."""
DECISIONS = "set"
"""The parameter of the address with what was decided so far: a reload, or a link to somebody, loses nothing."""


def draft_here(datasets: list[Dataset]) -> Draft:
    """The draft of this address: what this session remembers of it, or a new one from its parameters.

    Raises:
        LeydenError: The address names a dataset or a run that is not there.
    """
    key = draft_key()
    draft = state.recall(key, None)
    if draft is None:
        draft = _new_draft(datasets)
        state.remember(key, draft)
    decided = state.parameter(DECISIONS)
    if decided and decided != written(draft):
        # A reload has forgotten the draft, or Back leads to an earlier state of it.
        draft = read_into(draft, decided)
        state.remember(key, draft)
    elif state.is_back() and not decided and changes_of(draft):
        draft = undone(draft)
        state.remember(key, draft)
    # Not with each edit, for which the page waits.
    if draft != state.recall(SETTLED, None):
        profile = state.profile(state.store().datasets.get(draft.dataset))
        tidy = settled(draft, profile, state.catalogue())
        if tidy != draft:
            draft = tidy
            _keep(key, draft)
        state.remember(SETTLED, draft)
    return draft


def draft_key() -> str:
    """Session key of the draft of this address."""
    parts = (state.parameter("data"), state.parameter("from"), state.parameter("target"))
    return "new.draft." + ".".join(part or "" for part in parts)


def _new_draft(datasets: list[Dataset]) -> Draft:
    store = state.store()
    if source := state.parameter("from"):
        run = store.runs.get(source)
        profile = state.profile(store.datasets.get(run.dataset_id))
        return draft_of(run.spec, profile, state.catalogue(), parent=run.id)
    dataset = store.datasets.get(state.parameter("data") or datasets[0].id)
    return begun(Draft(dataset.id, state.parameter("target")))


def edit(draft: Draft) -> OnEdit:
    """The callback of every field: remembers one more decision."""
    key = draft_key()

    def remember(dotted: str, value: str, shown: str | None = None) -> None:
        # Several edits may arrive at once: each goes on from what the one before remembered.
        with state.undisturbed():
            now = state.recall(key, draft)
            # A browser that has not got the new form yet sends the fields of the old one along, as if they were edits.
            if value != shown or dotted in now.changes:
                _keep(key, changed(now, dotted, value))

    return remember


def _keep(key: str, draft: Draft) -> None:
    state.remember(key, draft)
    state.set_parameter(DECISIONS, written(draft) if changes_of(draft) else None)


def change_dataset(dataset_id: str) -> None:
    """Goes on with another dataset, whose address is the draft's place."""
    for name in ("from", "target", DECISIONS):
        state.set_parameter(name, None)
    state.set_parameter("data", dataset_id)


def decisions(
    draft: Draft,
    drafted: Drafted,
    datasets: list[Dataset],
    profile: Profile,
    *,
    on_dataset: Callable[[str], None],
    on_train: Callable[[str, str], None],
) -> None:
    """Data, target and the Train button in one row."""
    names = dataset_titles(datasets)
    data, target, button = st.columns([5, 4, 2], vertical_alignment="bottom")
    data.selectbox(
        _("Data"),
        list(names),
        index=list(names).index(draft.dataset),
        format_func=lambda name: names[name],
        **state.edited(DATASET_KEY, draft.dataset, on_dataset),
    )
    with target:
        _target(draft, drafted, profile)
    button.button(
        _("Train"),
        type="primary",
        width="stretch",
        key="new.train",
        disabled=not drafted.is_ready,
        on_click=on_train,
        args=(draft.id, draft_key()),
    )


def _target(draft: Draft, drafted: Drafted, profile: Profile) -> None:
    current = drafted.spec.data.target if drafted.spec else draft.target or profile.suggested_target
    names = [column.name for column in profile.columns]
    kinds = {column.name: KINDS[column.kind] for column in profile.columns}
    st.selectbox(
        _("Predict"),
        names,
        format_func=lambda name: f"{name} · {kinds[name]}",
        index=names.index(current) if current in names else None,
        placeholder=_("Choose a column"),
        help=_("The target: the column that the model learns to tell from the others."),
        **state.edited(f"new.{draft.id}.{TARGET}", current, lambda now: edit(draft)(TARGET, now or "")),
    )


def problem_list(drafted: Drafted, profile: Profile, dataset: Dataset) -> None:
    """Everything that keeps the run from starting, and whether the data has open problems."""
    errors = [problem for problem in drafted.problems if problem.severity == "error"]
    if errors:
        titles = _titles(drafted.spec) if drafted.spec else {}
        texts = [problem_text(problem, titles.get(problem.field)) for problem in errors]
        items = "".join(f"<li>{escape(text)}</li>" for text in texts)
        one = " ly-one-error" if len(texts) == 1 else ""
        st.html(f'<ul class="ly-errors{one}" role="alert">{items}</ul>')
    for problem in drafted.problems:
        if problem.severity == "note" and problem.field.startswith("data."):
            layout.quiet(problem.message.text)
    serious = [problem for problem in profile.problems if problem.severity != "info"]
    if serious:
        text = _("The data has {problems} that you may want to look at first.").format(
            problems=count(len(serious), "problem", "problems")
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(f'<p class="ly-note">{escape(text)}</p>')
            layout.link(_("Show them"), "dataset", icon=":material/arrow_forward:", data=dataset.id)


def _titles(spec: Spec) -> dict[str, str]:
    """What the form calls each field of a spec, by its dotted name."""
    fields = dotted_fields(spec, state.catalogue())
    return {name: title_of(spec, name, field) for name, field in fields.items()}


def suggestions(devices: list[tuple[str, str]], datasets: list[Dataset], draft: Draft) -> Suggestions:
    """Choices that are only known now."""
    others = [(one, title) for one, title in dataset_titles(datasets).items() if one != draft.dataset]
    return {
        "hardware.device": devices,
        "data.test_dataset": [("", _("None: a share of this data")), *others],
    }


def train(draft_id: str, key: str) -> None:
    """Asks for the run of a draft. It starts when the page runs: edits that a slow browser sends along with the click
    may be told of after it."""
    state.remember(WANTED, (draft_id, key))


def lead_on() -> None:
    """Leads on to the run that the address names; call first.

    Streamlit changes the parameters of an address before its page, and each is a step of the browser's history. Who
    reloads in between wants the run. Who comes Back wants what it was started from, and not to be sent away again.
    """
    run_id = state.parameter(STARTED)
    if run_id is None:
        return
    if state.is_arrival():
        state.go("run", run=run_id)
    state.set_parameter(STARTED, None)
    state.set_parameter("from", run_id)


def depart() -> None:
    """Starts the run that was asked for, and goes to it. Not in a callback: pages are not known there yet."""
    start_wanted()
    state.show_flashes()
    run_id = state.recall(DEPARTURE, "")
    if run_id:
        state.go("run", run=run_id)


def start_elsewhere() -> None:
    """Starts the run of a person who pressed Train and went to another page at once; leads nowhere."""
    start_wanted()
    state.forget(DEPARTURE)


def start_wanted() -> None:
    """Starts the run that was asked for, if one was."""
    with state.undisturbed():
        if (wanted := state.recall(WANTED, None)) is not None:
            _start(*wanted)
            state.forget(WANTED)


def _start(draft_id: str, key: str) -> None:
    """Starts the run of a draft once, however often the button is pressed."""
    submitted = state.recall(SUBMITTED, None)
    if submitted is None or submitted[0] != draft_id:
        run_id = _submit(state.recall(key, None))
        if run_id is None:
            return
        submitted = (draft_id, run_id)
        state.remember(SUBMITTED, submitted)
        state.forget(key)
    state.remember(DEPARTURE, submitted[1])


def arrive() -> None:
    """Ends a departure: a second click may have asked for it again while the page was changing."""
    state.forget(DEPARTURE, WANTED)


def _submit(draft: Draft | None) -> str | None:
    """Id of the new run, or None after saying why there is none."""
    if draft is None:
        return None
    home, store, catalogue = state.home(), state.store(), state.catalogue()
    try:
        profile = state.profile(store.datasets.get(draft.dataset))
        spec = compose(draft, profile, catalogue).spec
        if spec is None:
            return None
        return actions.submit_run(home, store, catalogue, spec, parent=draft.parent or None).id
    except LeydenError as error:
        state.flash_failure(error)
        return None
