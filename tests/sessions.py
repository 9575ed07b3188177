"""A page's session in tests: what it remembers, and clicks that come while something else is done."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
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


def end_when(monkeypatch: pytest.MonkeyPatch, has_newer_click: Callable[[ScriptRunner], bool]) -> None:
    """Lets a run end as a newer click ends it: when Streamlit looks for one, and there is one."""
    look_for_newer_click = ScriptRunner._maybe_handle_execution_control_request

    def looked(runner: ScriptRunner) -> None:
        if runner._execing and has_newer_click(runner):
            raise StopException
        look_for_newer_click(runner)

    monkeypatch.setattr(ScriptRunner, "_maybe_handle_execution_control_request", looked)


def end_from_callbacks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every run end from its first callback on."""
    end_when(
        monkeypatch, lambda runner: is_in_callbacks(runner) or runner._get_script_run_ctx().has_script_started
    )


def ask_for_part(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """Lets every run be asked for as a browser does for a part of a page: by its timer, or by a press in it."""
    request = ScriptRunner.request_rerun

    def asked(runner: ScriptRunner, rerun_data: RerunData) -> bool:
        runner._requests = ScriptRequests()  # A test's runner begins with a request for the whole page.
        return request(runner, replace(rerun_data, fragment_id=part))

    monkeypatch.setattr(ScriptRunner, "request_rerun", asked)
