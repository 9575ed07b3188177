"""Has Streamlit take in every press, also one that another click follows within a moment, or that comes late.

A click on the page as a whole ends what Streamlit is at, and with it the presses that wait for their turn in a part of
the page; and of the request that it has just begun with, it looks for a newer one before it takes in what that brings.
Stop, and then quickly another page, and the run would go on. (With `runner.fastReruns` off it joins requests instead,
and goes to the page of the last one, which may be a timer's of the page that was left.)

A press in a part that the page has no more, because what refreshed there has just ended, Streamlit drops as well. The
browser may not know yet that the part is gone: here, such a press is one on the page as a whole.
"""

from dataclasses import replace
from typing import Any

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType, _coalesce_widget_states
from streamlit.runtime.state import SafeSessionState

from ui.memory import undisturbed

_request_rerun, streamlits_own = AppSession.request_rerun, SafeSessionState.on_script_will_rerun
streamlits_own_run = ScriptRunner._run_script


def count_every_press() -> None:
    """Changes these in Streamlit, for all of the process."""
    AppSession.request_rerun = request_with_waiting  # type: ignore[assignment, method-assign]
    SafeSessionState.on_script_will_rerun = _take_in  # type: ignore[assignment, method-assign]
    ScriptRunner._run_script = run_with_gone_parts  # type: ignore[assignment, method-assign]


def request_with_waiting(session: AppSession, client_state: ClientState | None) -> None:
    """As Streamlit's own; a click on the whole page brings along what waits, instead of dropping it.

    A press in a part that is gone is such a click, but not a timer's question.
    """
    if client_state is not None and client_state.fragment_id and not client_state.is_auto_rerun:
        is_of_this_page = client_state.page_script_hash == session._pages_manager.current_page_script_hash
        if is_of_this_page and not session.has_fragment(client_state.fragment_id):
            client_state.fragment_id = ""
    runner = session._scriptrunner
    if runner is not None and client_state is not None and not client_state.fragment_id:
        requests, waiting = runner._requests, None
        with requests._lock:
            if requests._state is ScriptRequestType.RERUN:
                # It is about to be stopped: at once, or it could begin with what is taken from it here.
                waiting, requests._state = requests._rerun_data, ScriptRequestType.STOP
        joined = _coalesce_widget_states(waiting.widget_states if waiting else None, client_state.widget_states)
        if joined is not None:
            client_state.widget_states.CopyFrom(joined)
    _request_rerun(session, client_state)


def run_with_gone_parts(runner: ScriptRunner, rerun_data: RerunData) -> None:
    """As Streamlit's own; where a part has gone while a press in it waited, the whole page is drawn for it."""
    parts = rerun_data.fragment_id_queue
    is_of_this_page = rerun_data.page_script_hash == runner._pages_manager.current_page_script_hash
    if is_of_this_page and not all(map(runner._fragment_storage.contains, parts)):
        rerun_data = replace(rerun_data, fragment_id_queue=[])
    streamlits_own_run(runner, rerun_data)


def _take_in(session: SafeSessionState, *arguments: Any, **options: Any) -> None:
    """As Streamlit's own, but for the look for a newer request at its beginning; another look comes right behind.

    One after the other: the script of a newer request may be at the same by now, and has another lock.
    """
    with undisturbed(), session._lock:
        session._state.on_script_will_rerun(*arguments, **options)
