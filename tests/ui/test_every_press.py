from types import SimpleNamespace

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import RerunData, RerunException, ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest

from tests.sessions import ask_for_part, is_in_callbacks
from ui import every_press
from ui.every_press import count_every_press, request_with_waiting

STREAMLITS_OWN = every_press.streamlits_own


def script_with_a_press() -> None:
    import streamlit as st

    from ui import state

    st.button("Stop", on_click=lambda: state.change("presses", 0, lambda presses: presses + 1))
    st.text(str(state.recall("presses", 0)))


@pytest.fixture
def as_streamlit_has_it(monkeypatch: pytest.MonkeyPatch):
    """Streamlit's own way, to be changed by a test, and back after it."""
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", STREAMLITS_OWN)
    monkeypatch.setattr(AppSession, "request_rerun", AppSession.request_rerun)
    monkeypatch.setattr(ScriptRunner, "_run_script", every_press.streamlits_own_run)


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


def pressed(*elements: str) -> WidgetStates:
    return WidgetStates(widgets=[WidgetState(id=element, trigger_value=True) for element in elements])


PAGE = "page that is seen"


def session_of(runner: SimpleNamespace | None) -> SimpleNamespace:
    """A session that shows a page with two parts."""
    return SimpleNamespace(
        _scriptrunner=runner,
        _pages_manager=SimpleNamespace(current_page_script_hash=PAGE),
        has_fragment=lambda fragment: fragment in ("part", "another part"),
    )


@pytest.mark.parametrize(("fragment", "expected"), [("", {"stop", "data"}), ("another part", {"data"})])
def test_a_click_on_the_whole_page_brings_waiting_presses_along(monkeypatch, fragment: str, expected: set[str]):
    requests, told = ScriptRequests(), []
    requests.request_rerun(RerunData(fragment_id="part", widget_states=pressed("stop")))
    session = session_of(SimpleNamespace(_requests=requests))
    monkeypatch.setattr(every_press, "_request_rerun", lambda _session, client_state: told.append(client_state))
    request_with_waiting(session, ClientState(fragment_id=fragment, widget_states=pressed("data")))
    assert {state.id for state in told[0].widget_states.widgets} == expected
    takes_it_too = requests.on_scriptrunner_ready().type is ScriptRequestType.RERUN
    assert takes_it_too == bool(fragment), "nobody does twice what came along"


def test_what_a_page_is_at_already_is_not_pressed_again(monkeypatch):
    requests, told = ScriptRequests(), []
    requests.request_rerun(RerunData(fragment_id="part", widget_states=pressed("stop")))
    requests.on_scriptrunner_ready()
    session = session_of(SimpleNamespace(_requests=requests))
    monkeypatch.setattr(every_press, "_request_rerun", lambda _session, client_state: told.append(client_state))
    request_with_waiting(session, ClientState(widget_states=pressed("data")))
    request_with_waiting(session, None)
    assert [state.id for state in told[0].widget_states.widgets] == ["data"] and told[1] is None


@pytest.mark.parametrize(
    ("fragment", "page", "is_timer", "expected"),
    [
        ("gone", PAGE, False, ""),
        ("gone", PAGE, True, "gone"),
        ("gone", "page before", False, "gone"),
        ("part", PAGE, False, "part"),
    ],
)
def test_a_press_in_a_part_that_is_gone_is_one_on_the_page(
    monkeypatch, fragment: str, page: str, is_timer: bool, expected: str
):
    told = []
    monkeypatch.setattr(every_press, "_request_rerun", lambda _session, client_state: told.append(client_state))
    asked = ClientState(fragment_id=fragment, page_script_hash=page, is_auto_rerun=is_timer)
    request_with_waiting(session_of(None), asked)
    assert told[0].fragment_id == expected


@pytest.mark.parametrize("is_changed", [True, False])
def test_a_press_whose_part_goes_while_it_waits_draws_the_page(as_streamlit_has_it, monkeypatch, is_changed: bool):
    at = AppTest.from_function(script_with_a_press).run(timeout=30)
    if is_changed:
        count_every_press()
    ask_for_part(monkeypatch, "gone")
    at.button[0].click().run()
    assert not at.exception
    assert [text.value for text in at.text] == (["1"] if is_changed else []), "Streamlit's own way has changed"
