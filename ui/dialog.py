"""Questions that open over a page: every dialog of Leyden is made here."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Literal, ParamSpec

import streamlit as st

from ui import state
from ui.live import is_refreshing

P = ParamSpec("P")
ASKED = "leyden.asked"


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
            draw(*args, **kwargs)

        opened = st.dialog(title, on_dismiss=on_dismiss)(drawn)

        @wraps(draw)
        def ask(*args: P.args, **kwargs: P.kwargs) -> None:
            if is_refreshing():
                state.remember(ASKED, partial(opened, *args, **kwargs))
                st.rerun(scope="app")
            opened(*args, **kwargs)

        return ask

    return decorate


def open_asked() -> None:
    """Opens the dialog that a refreshing part asked for; the shell calls it before it draws a page."""
    asked = state.recall(ASKED, None)
    state.forget(ASKED)
    if asked is not None:
        asked()
