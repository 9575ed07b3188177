"""Questions that open over a page: every dialog of Leyden is made here."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Literal, ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from leyden.errors import LeydenError
from ui import layout, state
from ui.format import plain
from ui.live import is_refreshing
from ui.words import _

P = ParamSpec("P")
Refusal = LeydenError | str
ASKED, OPEN, DECIDED = "leyden.asked", "leyden.dialog-open", "leyden.dialog-decided"
"""The dialog that a refreshing part asked for; whether one waits for a decision; and what came of that."""


def dialog(
    title: str, *, on_dismiss: Literal["ignore", "rerun"] = "ignore"
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Makes a dialog of a function that draws what is in it; calling it opens it.

    From a part that refreshes by itself it opens by way of a whole run of the page. The dialog's frame would belong to
    that part and what is in it would not: when the part is asked for anew before the browser was sent both, Streamlit
    takes back the frame alone, and the browser can place nothing in it and shows nothing at all.
    """

    def decorate(draw: Callable[P, None]) -> Callable[P, None]:
        @wraps(draw)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
            # What is used in a dialog draws it alone.
            state.keep_address()
            refusal = _refusal()
            draw(*args, **kwargs)
            if refusal is not None:
                layout.failure(refusal)

        opened = st.dialog(title, on_dismiss=on_dismiss)(drawn)

        @wraps(draw)
        def ask(*args: P.args, **kwargs: P.kwargs) -> None:
            state.forget(DECIDED)
            state.remember(OPEN, True)
            if is_refreshing():
                state.remember(ASKED, partial(opened, *args, **kwargs))
                st.rerun(scope="app")
            opened(*args, **kwargs)

        return ask

    return decorate


def open_asked() -> None:
    """Opens the dialog that a refreshing part asked for; the shell calls it before it draws a page.

    It belongs to the page: a browser sends the shell's own fields along with every link.
    """
    asked, context = state.recall(ASKED, None), get_script_run_ctx()
    state.forget(ASKED)
    if asked is not None and context is not None:
        with context.run_with_active_hash(context.page_script_hash):
            asked()


def decide(act: Callable[[], str | None], *, then: str | None = None) -> Callable[[], None]:
    """Callback of the button that ends a dialog: what was agreed to is done, whatever is clicked next, and done once.

    The dialog then closes; it stays open with the refusal where there is one.

    Args:
        act: Does it; returns a sentence that says why it is not done, or raises it.
        then: The page to go to.
    """

    def agreed() -> None:
        if not state.recall(OPEN, False):
            return
        refusal: Refusal | None
        try:
            refusal = act()
        except LeydenError as error:
            refusal = error
        state.remember(OPEN, refusal is not None)
        state.remember(DECIDED, (refusal, then))

    return agreed


def tell_refusal() -> None:
    """Tells of what a dialog refused to who clicked elsewhere meanwhile; the shell calls it before it draws a page."""
    decided = _decided()
    if decided is not None and decided[0] is not None:
        state.flash_failure(decided[0])
    state.forget(DECIDED)


def _refusal() -> Refusal | None:
    """Why what was agreed to was not done, if it was not; leaves the dialog if it was."""
    decided = _decided()
    if decided is None:
        return None
    state.forget(DECIDED)
    refusal, then = decided
    if refusal is None and then is not None:
        state.go(then)
    if refusal is None:
        st.rerun()
    return refusal


def _decided() -> tuple[Refusal | None, str | None] | None:
    """What came of the open dialog: why it was refused, if it was, and the page to go to."""
    nothing: tuple[Refusal | None, str | None] | None = None
    return state.recall(DECIDED, nothing)


def confirm(title: str, text: str, label: str, act: Callable[[], None] | None, *, then: str | None = None) -> None:
    """Asks before something that cannot be undone.

    Args:
        title: Of the dialog.
        text: What will be done, or where `act` is None, why it cannot be done now.
        label: Of the button that agrees.
        act: Does it when the person agrees; a refusal that it raises is shown in the dialog, which stays open.
        then: The page to go to after it.
    """

    @dialog(title)
    def question() -> None:
        st.markdown(plain(text))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Cancel"), key="ly-cancel"):
                st.rerun()
            on_click = None if act is None else decide(act, then=then)
            st.button(label, key="ly-confirm", type="primary", disabled=act is None, on_click=on_click)

    question()
