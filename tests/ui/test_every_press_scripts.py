"""What a run of a page takes in, what it draws, and how it ends."""

from contextlib import nullcontext
from dataclasses import replace
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, RerunException, ScriptRunner, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from leyden.errors import StoreError
from tests.sessions import ask_for_part, is_in_callbacks, notes
from tests.ui.presses import PAGE, pressed, runner_of, session_of
from tests.waiting import wait_for
from ui import every_press
from ui.every_press import (
    Waiting,
    count_every_press,
    presses_of,
    request_keeping_presses,
    run_in_turn,
    take_in,
)


def script_with_a_press() -> None:
    import streamlit as st

    from ui import state

    st.button("Stop", on_click=lambda: state.change("presses", 0, lambda presses: presses + 1))
    st.text(str(state.recall("presses", 0)))


@pytest.fixture
def as_streamlit_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's own way, to be changed by a test, and back to what it was after it."""
    monkeypatch.setattr(AppSession, "request_rerun", every_press._own_request_rerun)
    monkeypatch.setattr(AppSession, "request_script_stop", every_press._own_stop)
    monkeypatch.setattr(ScriptRunner, "_run_script", every_press._own_run_script)
    monkeypatch.setattr(ScriptRunner, "_on_script_finished", every_press._own_finish)
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", every_press._own_take_in)


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


def test_what_waited_is_taken_in_before_what_is_newer(as_streamlit_has_it):
    at = AppTest.from_function(script_with_a_press).run(timeout=30)
    count_every_press()
    waiting = presses_of(at._fragment_storage).waiting
    button = at.button[0].proto.id
    page = at._finished_page_script_hash
    waiting += [Waiting(page, pressed(button)), Waiting("page that was left", pressed(button))]
    waiting += [Waiting(page, None), Waiting(page, pressed(button))]
    at.run()
    assert not waiting and at.text[0].value == "2"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(StoreError("run_unknown", run="r1"), "There is no run 'r1'"), (KeyError(), "could not be done")],
)
def test_what_goes_wrong_with_what_waited_does_not_keep_the_page_from_being_drawn(
    as_streamlit_has_it, monkeypatch, caplog, error: Exception, sentence: str
):
    at = AppTest.from_function(script_with_a_press).run(timeout=30)
    count_every_press()

    def fail(*_arguments: Any, **_options: Any) -> None:
        raise error

    monkeypatch.setattr("ui.state.change", fail)
    waiting = Waiting(at._finished_page_script_hash, pressed(at.button[0].proto.id))
    presses_of(at._fragment_storage).waiting.append(waiting)
    at.run()
    assert not at.exception and at.text[0].value == "0"
    flashes = str(notes(at).get("leyden.flashes"))
    assert sentence in flashes and ("could not be done" in caplog.text) is isinstance(error, KeyError)


@pytest.mark.parametrize(
    ("fields", "is_timer", "is_told"), [(["field"], False, True), (["field"], True, False), ([], False, False)]
)
def test_a_page_that_outlived_its_server_is_told_that_an_edit_may_be_lost(
    as_streamlit_has_it, monkeypatch, fields: list[str], is_timer: bool, is_told: bool
):
    count_every_press()
    run_script = ScriptRunner._run_script

    def as_the_browser_asks(runner: ScriptRunner, rerun_data: RerunData) -> None:
        asked = replace(rerun_data, widget_states=pressed(*fields), is_auto_rerun=is_timer)
        run_script(runner, asked)

    monkeypatch.setattr(ScriptRunner, "_run_script", as_the_browser_asks)
    at = AppTest.from_function(script_with_a_press).run(timeout=30)
    at.run()
    assert str(notes(at).get("leyden.flashes")).count("The connection was lost") == is_told


def test_a_newer_request_waits_until_the_one_before_has_taken_in_what_it_brings(monkeypatch):
    """Going to another page forgets what the buttons of the one before do."""
    looks: list[bool] = []

    def is_somebody_s() -> bool:
        found: list[bool] = []

        def look() -> None:
            found.append(not turn.acquire(blocking=False))
            if not found[0]:
                turn.release()

        other = Thread(target=look)
        other.start()
        other.join()
        return found[0]

    runner = runner_of([])
    turn = presses_of(runner._fragment_storage).turn
    own = SimpleNamespace(on_script_will_rerun=lambda: looks.append(is_somebody_s()))

    def run_of_streamlit(_runner: SimpleNamespace, _rerun_data: RerunData) -> None:
        looks.append(is_somebody_s())
        for _attempt in range(2):  # A page that asks for itself takes in what came meanwhile.
            take_in(SimpleNamespace(_lock=nullcontext(), _state=own))
            looks.append(is_somebody_s())

    monkeypatch.setattr(every_press, "_own_run_script", run_of_streamlit)
    monkeypatch.setattr(every_press, "undisturbed", nullcontext)
    context = SimpleNamespace(fragment_storage=runner._fragment_storage, page_script_hash=PAGE)
    monkeypatch.setattr(every_press, "get_script_run_ctx", lambda: context)
    run_in_turn(runner, RerunData(widget_states=WidgetStates()))
    assert looks == [True, True, False, True, False]


@pytest.mark.parametrize("goes_first", ["older", "newer"])
def test_turns_go_in_the_order_of_requests(told, ran, goes_first: str):
    """Train, and at once a link: Train is taken in first, by whichever has the turn, and its page is not gone to."""
    took: list[WidgetStates] = []
    session = session_of(ScriptRequests())
    older, newer = (runner_of(took, session._fragment_storage) for _ in range(2))
    older._requests, session._scriptrunner = session._scriptrunner._requests, older
    presses = presses_of(session._fragment_storage)
    train = RerunData(page_script_hash=PAGE, widget_states=pressed("train"))
    link = RerunData(page_script_hash="newer page", widget_states=WidgetStates())
    threads = {"older": Thread(target=run_in_turn, args=(older, train))}
    threads["newer"] = Thread(target=run_in_turn, args=(newer, link))
    with presses.turn:  # Another press is being taken in.
        threads["older"].start()
        wait_for(lambda: older in presses.coming, what="the older request")
        request_keeping_presses(session, ClientState(page_script_hash=link.page_script_hash))
        older._requests.request_stop()
        if goes_first == "newer":
            run_in_turn(newer, link)
    threads["older"].join()
    if goes_first == "older":
        threads["newer"].start()
        threads["newer"].join()
    assert took == [train.widget_states] and ran == [link]


def test_what_comes_to_wait_meanwhile_is_taken_in_after_what_is_older(ran):
    """An edit, the next one, and a link: the last edit stays."""
    took: list[WidgetStates] = []
    runner = runner_of(took)
    presses = presses_of(runner._fragment_storage)

    def take(states: WidgetStates) -> None:
        if not took:  # Somebody clicks meanwhile.
            presses.waiting.append(Waiting(PAGE, pressed("last")))
            runner._requests.request_stop()
        took.append(states)

    runner._session_state.on_script_will_rerun = take
    presses.waiting.append(Waiting(PAGE, pressed("first")))
    run_in_turn(runner, RerunData(page_script_hash=PAGE, widget_states=pressed("second")))
    assert took == [pressed("first"), pressed("second")] and not ran
    run_in_turn(runner_of(took, runner._fragment_storage), RerunData(page_script_hash="newer page"))
    assert took[2:] == [pressed("last")]


def test_what_is_stopped_before_it_asked_for_its_turn_is_taken_in_and_not_gone_to(ran):
    took: list[WidgetStates] = []
    runner = runner_of(took)
    runner._requests.request_stop()
    run_in_turn(runner, RerunData(page_script_hash=PAGE, widget_states=pressed("train")))
    assert took == [pressed("train")] and not ran


@pytest.mark.parametrize(("is_pressed", "drawn"), [(True, []), (False, ["gone"])])
def test_for_a_part_that_has_gone_the_page_is_drawn_where_something_was_pressed(ran, is_pressed: bool, drawn):
    """A timer alone may come late as well."""
    runner = runner_of([])
    if is_pressed:
        presses_of(runner._fragment_storage).parts.add("gone")
    run_in_turn(runner, RerunData(page_script_hash=PAGE, fragment_id_queue=["gone"]))
    assert [one.fragment_id_queue for one in ran] == [drawn]


def test_of_a_page_that_was_left_nothing_is_drawn_or_taken_in(ran):
    """What its fields hold is forgotten by then: to Streamlit, each would have been edited."""
    took: list[WidgetStates] = []
    runner = runner_of(took)
    presses_of(runner._fragment_storage).note_page("left")
    for page in ("left", PAGE):
        used = RerunData(page_script_hash=page, fragment_id_queue=["part"], widget_states=pressed("stop"))
        run_in_turn(runner, used)
    assert [one.page_script_hash for one in ran] == [PAGE] and not took


def script_with_a_part_that_ends() -> None:
    import streamlit as st

    from ui import state
    from ui.live import live

    def draw() -> bool:
        st.button("Stop", on_click=lambda: state.change("presses", 0, lambda presses: presses + 1))
        st.text(str(state.recall("presses", 0)))
        return state.recall("goes on", True)

    live(draw, is_active=state.recall("goes on", True), every_s=60)


@pytest.mark.parametrize("is_changed", [True, False])
def test_a_press_whose_part_goes_while_it_waits_draws_the_page(as_streamlit_has_it, monkeypatch, is_changed: bool):
    at = AppTest.from_function(script_with_a_part_that_ends).run(timeout=30)
    (part,) = at._fragment_storage._fragments
    if is_changed:
        count_every_press()
    presses_of(at._fragment_storage).parts.add(part)
    at._fragment_storage.clear()
    notes(at)["goes on"] = False
    ask_for_part(monkeypatch, part)
    at.button[0].click().run()
    assert not at.exception
    assert [text.value for text in at.text] == (["1"] if is_changed else []), "Streamlit's own way has changed"


def script_that_asks_for_itself() -> None:
    import streamlit as st

    from ui import state

    state.change("draws", 0, lambda draws: draws + 1)
    if state.recall("draws", 0) == 1:
        st.rerun()


@pytest.mark.parametrize("is_changed", [True, False])
def test_a_page_that_asks_for_itself_gives_way_to_a_newer_click(
    as_streamlit_has_it, monkeypatch, is_changed: bool
):
    """Else it would begin again, and may lead the newer click's page to its own."""
    if is_changed:
        count_every_press()
    finish_in_tests = LocalScriptRunner._on_script_finished
    begun: list[str] = []

    def finish_while_somebody_clicks(runner: LocalScriptRunner, *arguments: Any) -> None:
        finish_in_tests(runner, *arguments)
        runner.request_stop()

    monkeypatch.setattr(PagesManager, "set_script_intent", lambda _pages, page, _name: begun.append(page))
    monkeypatch.setattr(every_press, "_own_finish", finish_while_somebody_clicks)
    own = ScriptRunner._on_script_finished if is_changed else finish_while_somebody_clicks
    monkeypatch.setattr(LocalScriptRunner, "_on_script_finished", own)
    at = AppTest.from_function(script_that_asks_for_itself).run(timeout=30)
    assert not at.exception
    assert len(begun) == (1 if is_changed else 2), "Streamlit's own way has changed"


def test_a_page_that_asks_for_itself_is_drawn_again(as_streamlit_has_it, monkeypatch):
    count_every_press()
    monkeypatch.setattr(every_press, "_own_finish", LocalScriptRunner._on_script_finished)
    monkeypatch.setattr(LocalScriptRunner, "_on_script_finished", ScriptRunner._on_script_finished)
    at = AppTest.from_function(script_that_asks_for_itself).run(timeout=30)
    assert notes(at)["draws"] == 2


@pytest.mark.parametrize("is_outdated", [True, False])
def test_what_is_out_of_date_lets_go_of_no_button_that_was_pressed_meanwhile(monkeypatch, is_outdated: bool):
    """Streamlit lets go of all buttons where a page came to its end, and a newer request may have taken one in."""
    ended: list[Any] = []
    runner, requests = runner_of([]), ScriptRequests()
    runner._requests = requests
    presses = presses_of(runner._fragment_storage)
    if is_outdated:
        requests.request_stop()

    def finish_as_streamlit(*arguments: Any) -> None:
        other = Thread(target=lambda: ended.append(presses.turn.acquire(blocking=False)))
        other.start()
        other.join()
        ended.append(arguments[3])

    monkeypatch.setattr(every_press, "_own_finish", finish_as_streamlit)
    with pytest.raises(StopException) if is_outdated else nullcontext():
        every_press.finish(runner, None, None, False, None)
    assert ended == [False, is_outdated], "no press is taken in meanwhile"
