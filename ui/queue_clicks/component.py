"""In which order, and how often, the buttons were pressed that move waiting jobs.

Streamlit joins presses that come while a page is drawn, and calls what belongs to them in the order of the buttons.
"""

from pathlib import Path
from typing import Any, NamedTuple, get_args

import streamlit as st

from leyden.store.queue import Move

HERE = Path(__file__).parent

_CLICKS = st.components.v2.component(
    "leyden_queue_clicks", html="<span hidden></span>", js=(HERE / "clicks.js").read_text(encoding="utf-8")
)


class Press(NamedTuple):
    """One press: when, in milliseconds of the browser's clock, each later than the one before; and what it asks for."""

    at: int
    job_id: int
    to: Move
    session: str


def queue_clicks(session: str) -> tuple[Press, ...] | None:
    """The last presses in this browser, in their order; None where the browser told of none.

    Args:
        session: What tells this session from those before it: a browser that lost its server for a moment tells the
            next one of its old presses, too.
    """
    with st.container(key="ly-queue-clicks"):
        result = _CLICKS(
            data={"session": session},
            key="queue.clicks",
            default={"presses": None},
            on_presses_change=lambda: None,
        )
    if not isinstance(result.presses, list):
        return None
    presses = (Press(*press) for press in result.presses if _is_press(press))
    return tuple(press for press in presses if press.session == session)


def _is_press(press: Any) -> bool:
    return (
        isinstance(press, list)
        and len(press) == len(Press._fields)
        and all(isinstance(number, int) for number in press[:2])
        and press[2] in get_args(Move)
    )
