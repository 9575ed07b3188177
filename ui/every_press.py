"""Has Streamlit take in what every request of a browser brings, before it looks for a newer one.

With `runner.fastReruns` off, Streamlit joins requests that wait, and draws one page of a session at a time. But of a
request that it has begun with, it looks for a newer one before the values and presses that it brings are taken in: two
clicks within some milliseconds, and the first press is gone. It looks once more right behind, which is early enough.
"""

from typing import Any

from streamlit.runtime.state import SafeSessionState


def count_every_press() -> None:
    """Changes this in Streamlit, once for the process."""
    SafeSessionState.on_script_will_rerun = _take_in  # type: ignore[assignment, method-assign]


def _take_in(session: SafeSessionState, *arguments: Any, **options: Any) -> None:
    """As Streamlit's own, but for the look at its beginning."""
    with session._lock:
        session._state.on_script_will_rerun(*arguments, **options)
