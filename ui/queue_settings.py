"""How the queue is worked off: paused or not, and how much at once."""

from functools import partial
from html import escape

import streamlit as st

from leyden import actions
from leyden.store.records import QueueSettings
from ui import layout, state
from ui.words import _

_REFUSED = "queue.refused"
"""What was typed that is out of bounds, by setting: the fields themselves go back to what holds."""


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


def forget_refused() -> None:
    """Who comes back to the page has no use for what was refused before."""
    state.forget(_REFUSED)


def slot_inputs(settings: QueueSettings) -> None:
    """How many runs and other jobs work at once."""
    layout.section(_("At once"), _("Changes count for what starts next; each NVIDIA GPU always has one run."))
    labels = {
        "cpu_runs": (
            _("Runs on the processor"),
            _("Several runs share the cores: each is slower, small ones hardly so."),
        ),
        "light_jobs": (_("Other jobs"), _("Imports, evaluations and predictions beside the runs.")),
    }
    refused: dict[str, int] = state.recall(_REFUSED, {})
    with st.container(horizontal=True, gap="medium"):
        for name, (label, help_text) in labels.items():
            value = int(getattr(settings, name))
            # Without its bounds: a browser refuses what is beyond them with no word of what is allowed.
            st.number_input(
                label,
                value=value,
                step=1,
                help=help_text,
                width=220,
                **state.edited(f"queue.{name}", value, partial(_change, name)),
            )
    for name, typed in refused.items():
        text = _refusal(name, labels[name][0], typed, int(getattr(settings, name)))
        st.html(f'<p class="ly-errors ly-one-error" role="alert">{escape(text)}</p>')


def _set_paused(is_paused: bool) -> None:
    actions.change_queue(state.home(), state.store(), is_paused=is_paused)


def _change(name: str, how_many: int) -> None:
    least, most = _bounds(name)
    refused: dict[str, int] = state.recall(_REFUSED, {})
    others = {other: typed for other, typed in refused.items() if other != name}
    if least <= how_many <= most:
        state.remember(_REFUSED, others)
        actions.change_queue(state.home(), state.store(), **{name: how_many})
    else:
        state.remember(_REFUSED, {**others, name: how_many})


def _refusal(name: str, label: str, typed: int, value: int) -> str:
    least, most = _bounds(name)
    text = _("'{label}' must be a whole number from {least} to {most}, but is {typed}; it stays at {value}.")
    return text.format(label=label, least=least, most=most, typed=f"{typed:,}", value=value)


def _bounds(name: str) -> tuple[int, int]:
    """How few and how many there may be."""
    bounds = {type(bound).__name__: bound for bound in QueueSettings.model_fields[name].metadata}
    return bounds["Ge"].ge, bounds["Le"].le
