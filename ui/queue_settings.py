"""How the queue is worked off: paused or not, and how much at once."""

from functools import partial
from html import escape

import streamlit as st

from leyden import actions
from leyden.store.records import QueueSettings
from ui import layout, state
from ui.words import _


def pause_button(settings: QueueSettings) -> None:
    """The page's one decision: pause the queue, or go on with it."""
    if settings.is_paused:
        st.button(
            _("Go on"),
            icon=":material/play_arrow:",
            type="primary",
            key="queue.go-on",
            on_click=_set_paused,
            args=(False,),
        )
    else:
        help_text = _("Starts no further training; what runs goes on, and imports and predictions are still done.")
        st.button(
            _("Pause the queue"),
            icon=":material/pause:",
            key="queue.pause",
            help=help_text,
            on_click=_set_paused,
            args=(True,),
        )


def paused_note() -> None:
    """Says that nothing starts, and why."""
    text = _("The queue is paused: what runs goes on, and nothing further starts until you let it go on.")
    st.html(f'<p class="ly-paused" role="status">{escape(text)}</p>')


def paused_hint() -> None:
    """On other pages, where something waits because of the pause: says so, and leads here."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="ly-paused">{escape(_("The queue is paused."))}</p>', width="content")
        layout.link(_("Open the queue"), "queue", icon=":material/arrow_forward:")


def slot_inputs(settings: QueueSettings) -> None:
    """How many runs and other jobs work at once."""
    layout.section(_("At once"), _("Changes count for what starts next; each NVIDIA GPU always has one run."))
    fields = QueueSettings.model_fields
    labels = {
        "cpu_runs": (
            _("Runs on the processor"),
            _("Several runs share the cores: each is slower, small ones hardly so."),
        ),
        "light_jobs": (_("Other jobs"), _("Imports, evaluations and predictions beside the runs.")),
    }
    with st.container(horizontal=True, gap="medium"):
        for name, (label, help_text) in labels.items():
            bounds = {type(bound).__name__: bound for bound in fields[name].metadata}
            value = int(getattr(settings, name))
            st.number_input(
                label,
                min_value=bounds["Ge"].ge,
                max_value=bounds["Le"].le,
                value=value,
                step=1,
                help=help_text,
                width=220,
                **state.edited(f"queue.{name}", value, partial(_change, name)),
            )


def _set_paused(is_paused: bool) -> None:
    actions.change_queue(state.home(), state.store(), is_paused=is_paused)


def _change(name: str, how_many: int) -> None:
    actions.change_queue(state.home(), state.store(), **{name: how_many})
