"""What a browser's session remembers: notes that pages make, the values of widgets, and notices on their way.

Streamlit looks for a newer request whenever its own session is touched, and ends what it was at; the page of that
request is drawn by another thread, which may begin before. To a page that is being drawn that is right. The callback of
a widget must not end so: it is called once alone, and what it had not noted yet would be lost, though the widget shows
it. Notes therefore lie in a dictionary of Leyden's own, which callbacks reach without such a touch.

A note is a value that is replaced, and never changed in place unless it has a lock: two threads may have it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import RLock
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from leyden.errors import LeydenError
from ui.format import plain

T = TypeVar("T")
_Flashes = tuple[tuple[str, str, Literal["short", "infinite"]], ...]
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


def change(key: str, default: T, changed: Callable[[T], T]) -> None:
    """Replaces what is remembered under a key by what `changed` makes of it."""
    with undisturbed():
        remember(key, changed(recall(key, default)))


def forget(*keys: str) -> None:
    """Drops remembered values."""
    notes = _notes()
    for key in keys:
        notes.pop(key, None)


@contextmanager
def undisturbed() -> Iterator[None]:
    """What is done once alone, and noted: using notes does not end it, and other threads of the session wait for it.

    Nothing should be drawn meanwhile.
    """
    with _notes().setdefault(_ONE_AT_A_TIME, RLock()):
        before = _IS_UNDISTURBED.set(True)
        try:
            yield
        finally:
            _IS_UNDISTURBED.reset(before)


def is_new_session() -> bool:
    """Whether nothing was drawn or noted yet for the browser that this session is for."""
    return _held(NOTES, None) is None


def is_in_callback() -> bool:
    """Whether the callback of a widget is at work, and the page not yet."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and not context.has_script_started


def _notes() -> dict[str, Any]:
    """All notes of this session. A page that is out of date ends here, and changes nothing."""
    notes: dict[str, Any] | None = _held(NOTES, None)
    if notes is None:
        notes = st.session_state.setdefault(NOTES, {})
    return notes


def _held(key: str, default: T) -> T:
    """What Streamlit holds for this session under a key; of several elements of one key, that of the newest."""
    context = get_script_run_ctx(suppress_warning=True)
    value: T
    if context is None or not (_IS_UNDISTURBED.get() or is_in_callback()):
        value = st.session_state.get(key, default)
        return value
    # What is around it looks for a newer request. Its public ways past that are copies of all there is, in which one
    # key has the value of any of its elements.
    try:
        value = context.session_state._state[key]
    except KeyError:
        return default
    return value


# -- widgets


def widget_value(key: str, default: T) -> T:
    """What a widget shows; the default where there is none of this key."""
    return _held(key, default)


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


def flash_failure(error: LeydenError | str) -> None:
    """Shows what went wrong after the next rerun, until it is put away: its sentence may take some reading."""
    text = error if isinstance(error, str) else error.message.text
    _add_flash(plain(text), ":material/error:", "infinite")


def _add_flash(text: str, icon: str, duration: Literal["short", "infinite"]) -> None:
    _change_flashes(lambda flashes: (*flashes, (text, icon, duration)))


def _change_flashes(changed: Callable[[_Flashes], _Flashes]) -> None:
    none: _Flashes = ()
    change(_FLASHES, none, changed)


def show_flashes() -> None:
    """Shows the waiting notices once; the shell calls it."""
    flashes: _Flashes = recall(_FLASHES, ())
    for text, icon, duration in flashes:
        st.toast(text, icon=icon, duration=duration)
        _change_flashes(lambda waiting: waiting[1:])
