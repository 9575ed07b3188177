"""A page's session in tests: what it remembers, and clicks that come while something else is done."""

from typing import Any

import pytest
from streamlit.runtime.scriptrunner import ScriptRunner, StopException
from streamlit.testing.v1 import AppTest

from ui.memory import NOTES


def notes(at: AppTest) -> dict[str, Any]:
    """What the session of a page remembers; can be changed."""
    if NOTES not in at.session_state:
        at.session_state[NOTES] = {}
    found: dict[str, Any] = at.session_state[NOTES]
    return found


def is_in_callbacks(runner: ScriptRunner) -> bool:
    """Whether callbacks of widgets are at work, and the page not yet."""
    return runner._session_state._state._current_interaction_widget_states is not None


def end_from_callbacks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every run end as a newer click ends it: when Streamlit looks for one, from the first callback on."""
    look_for_newer_click = ScriptRunner._maybe_handle_execution_control_request

    def looked(runner: ScriptRunner) -> None:
        has_begun = is_in_callbacks(runner) or runner._get_script_run_ctx().has_script_started
        if runner._execing and has_begun:
            raise StopException
        look_for_newer_click(runner)

    monkeypatch.setattr(ScriptRunner, "_maybe_handle_execution_control_request", looked)
