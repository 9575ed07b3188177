"""Has Streamlit take in every press, also one that another click follows within a moment, or that comes late.

A click on the page as a whole ends what Streamlit is at, and with it the presses that wait for their turn in a part of
the page; and of the request that it has just begun with, it looks for a newer one before it takes in what that brings.
Stop, and then quickly another page, and the run would go on. And where it joins requests (with `runner.fastReruns` off
all of them), it goes to the page of the last one, which may be a timer's of the page that was left.

A press in a part that the page has no more, because what refreshed there has just ended, Streamlit drops as well. The
browser may not know yet that the part is gone: here, such a press is one on the page as a whole.

What comes late from a page that was left leads back to it, or draws nothing where the newer page was: it is dropped.
And a page that asks for itself, or leads on, goes on so after a newer click, and may end up in the place of that one's
page: it ends.

A page that outlived its server tells a session of fields that this does not have, and Streamlit takes in what it knows
of. Somebody may have changed the rest: that is said.
"""

import logging
import math
import time
from contextlib import ExitStack, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import replace
from threading import RLock
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.fragment import FragmentStorage
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, StopException, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.state import SafeSessionState

from leyden.errors import LeydenError
from ui.memory import flash_failure, is_new_session, undisturbed
from ui.words import _

logger = logging.getLogger(__name__)
_own_request_rerun, _own_run_script = AppSession.request_rerun, ScriptRunner._run_script
_own_finish, _own_stop = ScriptRunner._on_script_finished, AppSession.request_script_stop
_own_take_in = SafeSessionState.on_script_will_rerun


LATE_S = 5.0
"""What a browser tells of a page that it left comes soon. Whoever tells of it later does see that page."""


class Waiting(NamedTuple):
    """What a browser told of, and of which page."""

    page: str
    states: WidgetStates | None


class Presses:
    """Of one session: what is pressed and not done yet, and whose turn it is to take in what a request brings."""

    def __init__(self) -> None:
        self.waiting: list[Waiting] = []
        """What waited when a newer click came."""
        self.coming: dict[ScriptRunner, RerunData] = {}
        """What is to be run as soon as it is its turn. Turns are not given in the order in which they are asked for."""
        self.parts: set[str] = set()
        """The parts of the page in which something was pressed that is to be drawn."""
        self.bound_for, self.bound_at = "", -math.inf
        """The page that a link leads to, until it is there; and when the link was clicked."""
        self.here, self.left, self.left_at = "", "", -math.inf
        """The page that is shown, empty while it leads on to another; the one before it, and when that was left."""
        self.turn = RLock()
        self.is_cut = False
        """Whether the browser went away: what it shows when it comes back is known from what it asks for then."""

    def note_page(self, here: str) -> None:
        """Notes which page the session shows; empty while that leads on to another."""
        if here != self.here:
            self.left, self.here, self.left_at = self.here or self.left, here, time.monotonic()

    def was_left(self, page: str) -> bool:
        """Whether this page was shown before the one that is now, or leads on to another."""
        return page == self.left not in ("", self.here)

    def is_late(self, page: str) -> bool:
        """Whether a request is of a page that was left, and so that nobody sees that page any more."""
        if page == self.bound_for or not self.was_left(page):
            return False
        if time.monotonic() - self.left_at < LATE_S:
            return True
        self.left = ""
        return False

    def begin_anew(self, here: str) -> None:
        """Forgets which pages were left, where the browser went away since it was sent one."""
        if self.is_cut:
            self.is_cut, self.here, self.left, self.bound_for = False, here, "", ""

    def follow(self, page: str) -> None:
        """Notes that a link to this page was clicked, or Back."""
        self.bound_for, self.bound_at = page, time.monotonic()

    def leads_away_from(self, page: str) -> bool:
        """Whether a link was clicked on this page, and the next one is not there yet."""
        return self.bound_for not in ("", page) and time.monotonic() - self.bound_at < LATE_S

    def arrive(self, page: str) -> None:
        """Notes that the page of a link is there."""
        if self.bound_for == page:
            self.bound_for = ""


_of_sessions: WeakKeyDictionary[FragmentStorage, Presses] = WeakKeyDictionary()
_TURN: ContextVar[ExitStack | None] = ContextVar("leyden_turn", default=None)
"""Ends the turn that this thread has."""


def presses_of(parts: FragmentStorage) -> Presses:
    """Those of the session whose parts of pages are kept there: all that is run for a session shares that."""
    return _of_sessions.setdefault(parts, Presses())


def count_every_press() -> None:
    """Changes these in Streamlit, for all of the process."""
    AppSession.request_rerun = request_keeping_presses  # type: ignore[assignment, method-assign]
    ScriptRunner._run_script = run_in_turn  # type: ignore[assignment, method-assign]
    ScriptRunner._on_script_finished = finish  # type: ignore[assignment, method-assign]
    AppSession.request_script_stop = stop  # type: ignore[assignment, method-assign]
    SafeSessionState.on_script_will_rerun = take_in  # type: ignore[assignment, method-assign]


def request_keeping_presses(session: AppSession, client_state: ClientState | None) -> None:
    """As Streamlit's own; drops no press that waits when somebody clicks elsewhere, and none in a part that is gone."""
    if client_state is None or not _is_settled(session, client_state):
        _own_request_rerun(session, client_state)


def _is_settled(session: AppSession, client_state: ClientState) -> bool:
    """Keeps what Streamlit would lose, and drops what is late; returns whether nothing is left to be asked for."""
    presses, part = presses_of(session._fragment_storage), client_state.fragment_id
    page, here = client_state.page_script_hash, session._pages_manager.current_page_script_hash
    presses.begin_anew(here)
    presses.note_page(here)
    if not part and (client_state.is_history_navigation or not client_state.widget_states.widgets):
        presses.follow(page)  # What is used on a page sends that page's fields along; a link and Back do not.
    elif page == here and presses.leads_away_from(page):
        # A field that was typed in tells of that after the link that was clicked next.
        if not client_state.is_auto_rerun:
            presses.waiting.append(Waiting(page, client_state.widget_states))
        return True
    elif presses.is_late(page):
        return True
    if part and not client_state.is_auto_rerun:
        if session.has_fragment(part):
            presses.parts.add(part)
        elif page == here:
            client_state.fragment_id = part = ""
    if session._scriptrunner is not None and not part:
        _keep_what_it_has(session._scriptrunner, presses)
    return False


def _keep_what_it_has(runner: ScriptRunner, presses: Presses) -> None:
    """Keeps for a newer request what this one has not taken in, for it is about to be stopped."""
    requests, kept = runner._requests, []
    with requests._lock:
        if (coming := presses.coming.pop(runner, None)) is not None:
            kept.append(coming)
        if requests._state is ScriptRequestType.RERUN:
            # Stopped at once, or it could begin with what is taken from it here.
            requests._state = ScriptRequestType.STOP
            kept.append(requests._rerun_data)
    for data in kept:
        presses.waiting.append(Waiting(data.page_script_hash, data.widget_states))
        presses.parts.difference_update(data.fragment_id_queue)


def run_in_turn(runner: ScriptRunner, rerun_data: RerunData) -> None:
    """As Streamlit's own; takes in what waited first, while the page that it is of is still known.

    What a newer request does, to go to another page say, waits until this one has taken in what it brings; or takes
    that in itself, where its turn comes first. What is stopped by then is not drawn, nor is its page gone to. Where a
    part has gone while a press in it waited, the whole page is drawn; for a part of a page that was left, nothing is.
    """
    storage, parts = runner._fragment_storage, rerun_data.fragment_id_queue
    presses = presses_of(storage)
    presses.coming[runner] = rerun_data
    pressed = presses.parts.intersection(parts)
    presses.parts.difference_update(pressed)
    if not all(map(storage.contains, pressed)):
        rerun_data = replace(rerun_data, fragment_id_queue=[])
    with ExitStack() as turn:
        turn.enter_context(presses.turn)
        if presses.coming.pop(runner, None) is None:
            return  # A newer request has it.
        if _has_widgets(rerun_data.widget_states) and not rerun_data.is_auto_rerun and is_new_session():
            flash_failure(_("The connection was lost: if your last change is not here, please make it again."))
        for _older in range(len(presses.waiting)):
            _take_in_before(runner, presses.waiting.pop(0))
        presses.note_page(runner._pages_manager.current_page_script_hash)
        if runner._requests._state is ScriptRequestType.STOP:
            # Streamlit would go to its page, and only then see that a newer request goes elsewhere. What waits by now
            # is newer than this, and that request's.
            _take_in_before(runner, Waiting(rerun_data.page_script_hash, rerun_data.widget_states))
            return
        while presses.waiting:
            _take_in_before(runner, presses.waiting.pop(0))
        if parts and presses.was_left(rerun_data.page_script_hash):
            return
        if rerun_data.widget_states is None:  # Then there is nothing to take in, which would end the turn.
            turn.close()
        before = _TURN.set(turn)
        try:
            with suppress(StopException):
                _own_run_script(runner, rerun_data)
        finally:
            _TURN.reset(before)
            presses.arrive(rerun_data.page_script_hash)
            presses.note_page(runner._pages_manager.current_page_script_hash)


def finish(runner: ScriptRunner, context: Any, event: Any, is_ended_early: bool, *arguments: Any) -> None:
    """As Streamlit's own; what is out of date by then does not begin with the page that it asked for.

    Nor does it let go of the buttons that were pressed: a newer request may have taken in one already.
    """
    with presses_of(runner._fragment_storage).turn:
        is_outdated = runner._requests._state is ScriptRequestType.STOP
        _own_finish(runner, context, event, is_ended_early or is_outdated, *arguments)
    if runner._requests._state is ScriptRequestType.STOP:
        raise StopException


def stop(session: AppSession) -> None:
    """As Streamlit's own, which calls it when the connection to a browser ends; the page of a link may not be there."""
    presses_of(session._fragment_storage).is_cut = True
    _own_stop(session)


def _has_widgets(states: WidgetStates | None) -> bool:
    return states is not None and bool(states.widgets)


def _take_in_before(runner: ScriptRunner, waiting: Waiting) -> None:
    """Takes in what waited, before a page is drawn; what goes wrong is told on that page.

    Nothing of a page that was left: what its fields hold is forgotten, and to Streamlit each would have been edited.
    """
    if waiting.states is None or waiting.page != runner._pages_manager.current_page_script_hash:
        return
    try:
        runner._session_state.on_script_will_rerun(waiting.states)
    except LeydenError as error:
        flash_failure(error)
    except Exception:
        logger.exception("What was pressed right before another page was opened could not be done")
        flash_failure(
            _("What you did right before this page was opened could not be done: the server's log says why.")
        )


def take_in(session: SafeSessionState, *arguments: Any, **options: Any) -> None:
    """As Streamlit's own, but for the look for a newer request at its beginning; another look comes right behind.

    One after the other: the script of a newer request may be at the same by now, and has another lock.
    """
    context = get_script_run_ctx()
    assert context is not None, "no script is run"
    presses = presses_of(context.fragment_storage)
    with _TURN.get() or nullcontext(), presses.turn, undisturbed(), session._lock:
        presses.arrive(context.page_script_hash)
        session._state.on_script_will_rerun(*arguments, **options)
