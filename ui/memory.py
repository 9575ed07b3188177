"""What a browser's session remembers: notes that pages make, the values of widgets, and notices on their way.

Streamlit looks for a newer request whenever its own session is touched, and ends what it was at. To a page that is
being drawn that is right. The callback of a widget must not end so: it is called once alone, and what it had not noted
yet would be lost, though the widget shows it. Notes therefore lie in a dictionary of Leyden's own, and nothing that a
callback needs of this module is such a touch.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from threading import RLock
from typing import Any, Literal, TypeVar, cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from leyden.errors import LeydenError
from ui.format import plain

T = TypeVar("T")
NOTES = "leyden.notes"
_FLASHES = "leyden.flashes"
_ONE_AT_A_TIME = "leyden.one-at-a-time"
_IS_UNDISTURBED: ContextVar[bool] = ContextVar("leyden_is_undisturbed", default=False)


def recall(key: str, default: T) -> T:
    """What this session remembers under a key. A reload forgets: what must last belongs into the store."""
    value: T = _notes().get(key, default)
    return value


def remember(key: str, value: Any) -> None:
    """Keeps a value for this session."""
    _notes()[key] = value


def forget(*keys: str) -> None:
    """Drops remembered values."""
    notes = _notes()
    for key in keys:
        notes.pop(key, None)


@contextmanager
def undisturbed() -> Iterator[None]:
    """What a page does once alone, and notes: no newer click ends it, and the page of that click waits for it.

    Nothing may be drawn meanwhile.
    """
    with _notes().setdefault(_ONE_AT_A_TIME, RLock()):
        before = _IS_UNDISTURBED.set(True)
        try:
            yield
        finally:
            _IS_UNDISTURBED.reset(before)


def is_in_callback() -> bool:
    """Whether the callback of a widget is at work, and the page not yet."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and not context.has_script_started


def _notes() -> dict[str, Any]:
    """All notes of this session. A page that is out of date ends here, and changes nothing."""
    held = _held()
    if NOTES not in held:
        st.session_state[NOTES] = {}
        held = _held()
    return cast("dict[str, Any]", held[NOTES])


def _held() -> Mapping[str, Any]:
    """What Streamlit holds for this session, by key. What must not be ended gets a copy, which is no touch."""
    is_whole = _IS_UNDISTURBED.get() or is_in_callback()
    return st.session_state.to_dict() if is_whole else cast("Mapping[str, Any]", st.session_state)


# -- widgets


def widget_value(key: str, default: T) -> T:
    """What a widget shows; the default where there is none of this key."""
    value: T = _held().get(key, default)
    return value


def set_widget(key: str, value: Any) -> None:
    """Has a widget show a value; before it is drawn."""
    st.session_state[key] = value


def edited(name: str, value: T, write: Callable[[T], None]) -> dict[str, Any]:
    """Arguments for a widget whose default is `value`: its key (see `widget_key`), and `write` for every edit.

    A browser that has not got a page's new widgets yet sends those of before along with the next click, and to
    Streamlit that is an edit. What a widget was drawn with is none, once something else has replaced it.
    """
    key = widget_key(name, value)

    def on_change() -> None:
        now = widget_value(key, value)
        if now != value or key == _changed_key(name, recall(_counter(name), 0)):
            write(now)

    return {"key": key, "on_change": on_change}


def widget_key(name: str, value: Any) -> str:
    """Key for a widget whose default is `value`: another one whenever the value was changed by anything else.

    Setting a widget through the session instead gets lost when the browser asks for the page again before it has
    all of it: the widget then stays at its empty default. A default is part of the widget and cannot get lost.
    """
    changes: int = recall(_counter(name), 0)
    if widget_value(_changed_key(name, changes), value) != value:
        changes += 1
        remember(_counter(name), changes)
    return _changed_key(name, changes)


def _counter(name: str) -> str:
    return f"leyden.changes.{name}"


def _changed_key(name: str, changes: int) -> str:
    return f"{changes}.{name}" if changes else name


# -- notices


def flash(text: str) -> None:
    """Shows a short notice after the next rerun, on whatever page that is."""
    _add_flash(text, ":material/check:", "short")


def flash_failure(error: LeydenError) -> None:
    """Shows what went wrong after the next rerun, until it is put away: its sentence may take some reading."""
    _add_flash(plain(error.message.text), ":material/error:", "infinite")


def _add_flash(text: str, icon: str, duration: Literal["short", "infinite"]) -> None:
    remember(_FLASHES, (*_flashes(), (text, icon, duration)))


def _flashes() -> tuple[tuple[str, str, Literal["short", "infinite"]], ...]:
    return recall(_FLASHES, ())


def show_flashes() -> None:
    """Shows the waiting notices once; the shell calls it."""
    for text, icon, duration in _flashes():
        st.toast(text, icon=icon, duration=duration)
        remember(_FLASHES, _flashes()[1:])
