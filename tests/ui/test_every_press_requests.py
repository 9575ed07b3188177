"""What a session does with what a browser asks for: it is passed on, kept for later or dropped."""

from contextlib import nullcontext
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from tests.ui.presses import PAGE, pressed, runner_of, session_of
from ui import every_press
from ui.every_press import LATE_S, Waiting, presses_of, request_keeping_presses, run_in_turn, stop, take_in


@pytest.mark.parametrize(("fragment", "kept"), [("", [(PAGE, pressed("stop"))]), ("another part", [])])
def test_a_click_on_the_whole_page_drops_no_waiting_press(told, fragment: str, kept: list[Waiting]):
    requests = ScriptRequests()
    requests.request_rerun(RerunData(page_script_hash=PAGE, fragment_id="part", widget_states=pressed("stop")))
    session = session_of(requests)
    asked = ClientState(page_script_hash=PAGE, fragment_id=fragment, widget_states=pressed("data"))
    request_keeping_presses(session, asked)
    assert told[0].widget_states == pressed("data")
    assert presses_of(session._fragment_storage).waiting == kept
    takes_it_too = requests.on_scriptrunner_ready().type is ScriptRequestType.RERUN
    assert takes_it_too == (not kept), "nobody does twice what is kept"


def test_what_a_page_is_at_already_is_not_pressed_again(told):
    requests = ScriptRequests()
    requests.request_rerun(RerunData(fragment_id="part", widget_states=pressed("stop")))
    requests.on_scriptrunner_ready()
    session = session_of(requests)
    request_keeping_presses(session, ClientState(page_script_hash=PAGE, widget_states=pressed("data")))
    request_keeping_presses(session, None)
    assert not presses_of(session._fragment_storage).waiting and told[1] is None


def test_what_is_used_on_a_page_that_is_being_left_is_kept_and_does_not_lead_back(told, ran):
    """A field that was typed in tells of that after the link that was clicked next."""
    session, late = session_of(None), ClientState(page_script_hash=PAGE, widget_states=pressed("data"))
    link = ClientState(page_script_hash="newer page")
    request_keeping_presses(session, link)
    timer = ClientState(
        page_script_hash=PAGE, fragment_id="part", is_auto_rerun=True, widget_states=pressed("old")
    )
    for asked in (late, timer):
        request_keeping_presses(session, asked)
    assert told == [link] and presses_of(session._fragment_storage).waiting == [(PAGE, pressed("data"))]
    took: list[WidgetStates] = []
    runner = runner_of(took, session._fragment_storage)
    run_in_turn(runner, RerunData(page_script_hash="newer page", widget_states=WidgetStates()))
    assert took == [pressed("data")] and len(ran) == 1
    request_keeping_presses(session, late)
    assert told == [link, late], "a page that nobody leaves is used"


def test_a_link_whose_page_never_comes_does_not_keep_what_is_pressed_for_long(told, monkeypatch):
    session, moment = session_of(None), 100.0
    monkeypatch.setattr("ui.every_press.time.monotonic", lambda: moment)
    link, press = ClientState(page_script_hash="newer page"), ClientState(page_script_hash=PAGE)
    press.widget_states.CopyFrom(pressed("data"))
    for asked in (link, press):
        request_keeping_presses(session, asked)
    moment += LATE_S
    request_keeping_presses(session, press)
    assert told == [link, press]


def test_what_is_pressed_on_a_page_that_a_link_led_on_to_counts_while_that_is_drawn(told, monkeypatch):
    session = session_of(None)
    runner = runner_of([], session._fragment_storage)
    context = SimpleNamespace(fragment_storage=session._fragment_storage, page_script_hash="newer page")
    link, press = ClientState(page_script_hash="newer page"), ClientState(page_script_hash="page after that")
    press.widget_states.CopyFrom(pressed("data"))

    def run_of_streamlit(_runner: SimpleNamespace, _rerun_data: RerunData) -> None:
        take_in(SimpleNamespace(_lock=nullcontext(), _state=runner._session_state), WidgetStates())
        session._pages_manager.current_page_script_hash = press.page_script_hash
        request_keeping_presses(session, press)

    monkeypatch.setattr(every_press, "_own_run_script", run_of_streamlit)
    monkeypatch.setattr(every_press, "undisturbed", nullcontext)
    monkeypatch.setattr(every_press, "get_script_run_ctx", lambda: context)
    request_keeping_presses(session, link)
    run_in_turn(runner, RerunData(page_script_hash="newer page", widget_states=WidgetStates()))
    assert told == [link, press]


def test_back_leads_to_another_page(told):
    back = ClientState(page_script_hash="page before", is_history_navigation=True, widget_states=pressed("data"))
    request_keeping_presses(session_of(None), back)
    assert told == [back]


@pytest.mark.parametrize(("to", "dropped"), [("newer page", True), (PAGE, False)])
def test_a_page_that_leads_on_was_left_unless_it_leads_to_itself(told, to: str, dropped: bool):
    """As a run's page to that of another run."""
    session, asked = session_of(None), ClientState(page_script_hash=PAGE, widget_states=pressed("data"))
    presses = presses_of(session._fragment_storage)
    for here in (PAGE, "", to):
        session._pages_manager.current_page_script_hash = here
        presses.note_page(here)
    request_keeping_presses(session, asked)
    assert told == ([] if dropped else [asked])


def test_who_asks_for_a_page_long_after_it_was_left_does_see_it(told, monkeypatch):
    """A browser that had lost the connection, say."""
    session, moment = session_of(None), 100.0
    monkeypatch.setattr("ui.every_press.time.monotonic", lambda: moment)
    runner = runner_of([], session._fragment_storage)
    runner._pages_manager = session._pages_manager
    ran: list[str] = []

    def run_of_streamlit(_runner: SimpleNamespace, rerun_data: RerunData) -> None:
        ran.append(rerun_data.page_script_hash)
        session._pages_manager.current_page_script_hash = "newer page"

    monkeypatch.setattr(every_press, "_own_run_script", run_of_streamlit)
    run_in_turn(runner, RerunData(page_script_hash=PAGE))
    moment += LATE_S
    press = ClientState(page_script_hash=PAGE, fragment_id="part", widget_states=pressed("data"))
    request_keeping_presses(session, press)
    run_in_turn(runner, RerunData(page_script_hash=PAGE, fragment_id_queue=["part"]))
    assert told == [press] and ran == [PAGE, PAGE]


def test_a_browser_that_comes_back_sees_the_page_that_it_asks_for(told, monkeypatch):
    """Its connection ended right after a link was clicked, whose page it was never sent."""
    session = session_of(None)
    monkeypatch.setattr(every_press, "_own_stop", lambda _session: None)
    shown = ClientState(page_script_hash=PAGE, widget_states=pressed("data"))
    link = ClientState(page_script_hash="newer page")
    request_keeping_presses(session, shown)
    request_keeping_presses(session, link)
    session._pages_manager.current_page_script_hash = "newer page"
    request_keeping_presses(session, shown)
    assert told == [shown, link], "it does not lead back"
    stop(session)
    request_keeping_presses(session, shown)
    request_keeping_presses(session, shown)
    assert told == [shown, link, shown, shown]


def test_streamlit_stops_the_session_of_a_browser_that_went_away():
    session = MagicMock()
    manager = MagicMock(_active_session_info_by_id={"one": MagicMock(session=session)})
    WebsocketSessionManager.disconnect_session(manager, "one")
    session.request_script_stop.assert_called_once_with()


def test_what_is_pressed_on_a_page_that_a_link_leads_back_to_counts(told):
    """It is still seen: the page of the link before has not come."""
    session, press = session_of(None), ClientState(page_script_hash=PAGE, widget_states=pressed("data"))
    request_keeping_presses(session, press)
    for page in ("newer page", PAGE):
        request_keeping_presses(session, ClientState(page_script_hash=page))
        session._pages_manager.current_page_script_hash = "newer page"
    request_keeping_presses(session, press)
    assert told[-1] == press and len(told) == 4


@pytest.mark.parametrize("part", ["", "part"])
@pytest.mark.parametrize("here", ["newer page", ""])
def test_what_comes_of_a_page_that_was_left_a_moment_ago_is_dropped(told, monkeypatch, part: str, here: str):
    """Also while a page leads on to another one by itself."""
    session, moment = session_of(None), 100.0
    monkeypatch.setattr("ui.every_press.time.monotonic", lambda: moment)
    used = {
        page: ClientState(page_script_hash=page, widget_states=pressed("data")) for page in (PAGE, "newer page")
    }
    request_keeping_presses(session, used[PAGE])
    session._pages_manager.current_page_script_hash = here
    late = ClientState(page_script_hash=PAGE, fragment_id=part, widget_states=pressed("data"))
    request_keeping_presses(session, late)
    assert told == [used[PAGE]] and not presses_of(session._fragment_storage).waiting
    session._pages_manager.current_page_script_hash = "newer page"
    request_keeping_presses(session, used["newer page"])
    moment += LATE_S + 1
    request_keeping_presses(session, late)
    assert told == [used[PAGE], used["newer page"], late]


@pytest.mark.parametrize("here", ["", PAGE])
def test_a_link_is_followed_whatever_a_browser_sends_along(told, here: str):
    """A session that has shown nothing yet may be asked for a page that was open while the server was away."""
    session = session_of(None)
    session._pages_manager.current_page_script_hash = here
    asked = ClientState(page_script_hash="newer page", widget_states=pressed("data"))
    request_keeping_presses(session, asked)
    assert told == [asked]


@pytest.mark.parametrize(
    ("fragment", "is_timer", "expected"), [("gone", False, ""), ("gone", True, "gone"), ("part", False, "part")]
)
def test_a_press_in_a_part_that_is_gone_is_one_on_the_page(told, fragment: str, is_timer: bool, expected: str):
    asked = ClientState(fragment_id=fragment, page_script_hash=PAGE, is_auto_rerun=is_timer)
    request_keeping_presses(session_of(None), asked)
    assert told[0].fragment_id == expected
