"""What stands above a comparison: what is compared, what cannot be, and which runs take part."""

import streamlit as st

from ui import layout, state
from ui.address import bound
from ui.compare_runs import Compared, goal_text
from ui.format import plain
from ui.runs_actions import MAX_COMPARED
from ui.words import _, count

NUM_OFFERED = 100
"""Newest runs that can be added without going back to the list."""


def summary(compared: Compared) -> str:
    """How many runs predict what."""
    if not compared.runs:
        return _("Runs side by side")
    parts = [f"{count(len(runs), 'run', 'runs')}: {goal_text(goal)}" for goal, runs in compared.goals.items()]
    return " · ".join(parts)


def choose_runs(compared: Compared) -> None:
    """Draws the picker of the runs that take part."""
    offered = {row.id: row.choice for row in state.store().runs.list(limit=NUM_OFFERED)}
    offered |= compared.choices
    chosen = [run.id for run in compared.runs]
    with st.popover(_("Change runs"), icon=":material/tune:"):
        st.multiselect(
            _("Runs, up to {n}").format(n=MAX_COMPARED),
            list(offered),
            default=chosen,
            format_func=lambda run_id: offered[run_id],
            max_selections=MAX_COMPARED,
            width=560,
            **bound("compare", "runs", chosen, usual=[]),
        )


def cannot_be_compared(compared: Compared) -> None:
    """Says what is not here, and what does not belong together."""
    if compared.missing:
        gone = _("Not found, and perhaps deleted: {runs}.").format(runs=plain(", ".join(compared.missing)))
        st.warning(gone, icon=":material/search_off:")
    if compared.num_left_out:
        text = _("Up to {n} runs can be compared at once; the last {more} of this address are left out.")
        st.warning(text.format(n=MAX_COMPARED, more=compared.num_left_out), icon=":material/filter_list:")
    if len(compared.goals) > 1:
        st.info(
            _("These runs predict different things, or the same of different data: their figures and answers cannot be "
              "compared. Curves and settings show all of them; everything else shows those that go together."),
            icon=":material/info:",
        )  # fmt: skip
    elif len(compared.runs) == 1:
        layout.quiet(_("Only one run is here. Add others with Change runs, or tick them in the list."))


def choose_goal(compared: Compared) -> None:
    """Draws the choice of what is compared where the runs predict several things."""
    goals = compared.goals
    if len(goals) < 2 or compared.about is None:
        return
    titles = {runs[0].id: goal_text(goal) for goal, runs in goals.items()}
    now = goals[compared.about][0].id
    st.segmented_control(
        _("What is predicted"),
        list(titles),
        default=now,
        format_func=lambda run_id: plain(titles[run_id]),
        required=True,
        label_visibility="collapsed",
        **bound("compare", "about", now),
    )
