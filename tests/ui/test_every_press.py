import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException, ScriptRunner
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest

from tests.sessions import is_in_callbacks
from ui.every_press import count_every_press


def script_with_a_press() -> None:
    import streamlit as st

    from ui import state

    st.button("Stop", on_click=lambda: state.change("presses", 0, lambda presses: presses + 1))
    st.text(str(state.recall("presses", 0)))


@pytest.fixture
def as_streamlit_has_it(monkeypatch: pytest.MonkeyPatch):
    """Streamlit's own way, to be changed by a test, and back after it."""
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", SafeSessionState.on_script_will_rerun)


@pytest.mark.parametrize("is_changed", [True, False])
def test_a_press_counts_when_another_click_comes_at_once(as_streamlit_has_it, monkeypatch, is_changed: bool):
    at = AppTest.from_function(script_with_a_press).run(timeout=30)
    if is_changed:
        count_every_press()
    look_for_newer_click = ScriptRunner._maybe_handle_execution_control_request
    came = []

    def looked(runner: ScriptRunner) -> None:
        has_begun = runner._get_script_run_ctx().has_script_started
        if runner._execing and not came and not has_begun and not is_in_callbacks(runner):
            came.append(True)
            raise RerunException(RerunData())
        look_for_newer_click(runner)

    monkeypatch.setattr(ScriptRunner, "_maybe_handle_execution_control_request", looked)
    at.button[0].click().run()
    assert came and not at.exception
    assert at.text[0].value == ("1" if is_changed else "0"), "Streamlit's own way has changed"
