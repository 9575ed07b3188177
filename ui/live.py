"""The one part of a page that refreshes by itself, and only while there is something to see."""

from collections.abc import Callable
from contextvars import ContextVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import state

_IS_REFRESHING: ContextVar[bool] = ContextVar("leyden_is_refreshing", default=False)


def live(draw: Callable[[], bool], *, is_active: bool, every_s: float = 2.0) -> None:
    """Draws a part of a page, and while something goes on, again every `every_s` seconds.

    When it has ended, the whole page runs once more: the timer goes away, and the rest of the page catches up.
    Streamlit allows one such part on a page, never one inside another: the inner one is drawn along with the outer.

    Args:
        draw: Draws the part; returns whether anything in it is still active.
        is_active: Whether anything is active now.
        every_s: Seconds between two looks.
    """
    with _place():
        if is_active and not _IS_REFRESHING.get():
            _refreshing(draw, every_s)
            return
        # A fragment draws in a container of its own. Without one here, the page's parts would lie one level higher
        # than while they refreshed, and those left behind would be seen twice until the page is complete.
        with st.container():
            draw()


def is_refreshing() -> bool:
    """Whether what is drawn now belongs to a part that refreshes by itself."""
    return _IS_REFRESHING.get()


def _place() -> DeltaGenerator:
    """A container that holds a part's place on the page, and does not belong to it.

    When a part is asked for again before the browser was sent all of the page, Streamlit sends the rest of the page
    without the part and then the part; with nothing in its place, the browser could not place what comes behind it,
    and would show nothing at all.
    """
    return st.container()


def _refreshing(draw: Callable[[], bool], every_s: float) -> None:
    @st.fragment(run_every=every_s)
    def refreshing() -> None:
        state.keep_address()
        inside = _IS_REFRESHING.set(True)
        try:
            goes_on = draw()
        finally:
            _IS_REFRESHING.reset(inside)
        if not goes_on:
            st.rerun()

    refreshing()


def island(draw: Callable[[], None]) -> None:
    """A part of a page that is drawn alone when something in it is used: the rest of the page need not run again.

    Inside of a part that refreshes by itself it is drawn along with that: Streamlit has no such parts in parts.
    """
    if _IS_REFRESHING.get():
        draw()
        return

    def alone() -> None:
        state.keep_address()
        draw()

    with _place():
        st.fragment(alone)()
