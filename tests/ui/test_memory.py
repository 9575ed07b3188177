from types import SimpleNamespace

import pytest
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.common import GENERATED_ELEMENT_ID_PREFIX
from streamlit.testing.v1 import AppTest

from tests.sessions import end_from_callbacks_on
from ui.memory import is_in_callback, widget_value


def script_with_memory() -> None:
    import streamlit as st

    from ui import state

    seen = state.recall("seen", 0)
    state.remember("seen", seen + 1)
    if seen == 0:
        state.flash("done")
    else:
        state.show_flashes()
    if seen == 2:
        state.forget("seen", "never")
    st.text(str(seen))


def script_with_failure():
    from leyden.errors import RunError
    from ui import state

    state.flash_failure(RunError("already_finished", run="r*1*", trained=3, epochs=3))
    state.show_flashes()


def test_what_went_wrong_stays_until_it_is_put_away():
    [toast] = AppTest.from_function(script_with_failure).run(timeout=30).toast
    assert r"r\*1\*" in toast.value and toast.proto.duration == 0


def test_a_session_remembers_and_shows_a_notice_once():
    at = AppTest.from_function(script_with_memory).run(timeout=30)
    assert not at.toast
    at.run()
    assert [toast.value for toast in at.toast] == ["done"]
    assert at.text[0].value == "1"
    at.run()
    assert not at.toast
    at.run()
    assert at.text[0].value == "0"


def script_with_an_edited_widget() -> None:
    import streamlit as st

    from ui import state

    written: list[str] = []
    first = state.edited("page.tag", "none", written.append)
    state.set_widget(first["key"], "late")
    first["on_change"]()
    state.set_widget(first["key"], "none")
    first["on_change"]()
    assert written == ["late", "none"], "back to where it began, before the page was drawn again"
    second = state.edited("page.tag", "sweep", written.append)
    assert second["key"] != first["key"], "something else has changed it"
    first["on_change"]()
    assert written == ["late", "none"], "the old widget is sent along as it was drawn"
    state.set_widget(first["key"], "mine")
    first["on_change"]()
    assert written == ["late", "none", "mine"], "an edit of a field that the browser had still"
    second["on_change"]()
    st.text(written[-1])


def test_what_a_replaced_widget_was_drawn_with_is_no_edit():
    at = AppTest.from_function(script_with_an_edited_widget).run(timeout=30)
    assert not at.exception, at.exception
    assert at.text[0].value == "sweep"


def script_with_an_edit() -> None:
    import streamlit as st

    from ui import state

    state.own_parameters("tag")
    state.show_flashes()

    def write(now: str) -> None:
        state.set_parameter("tag", now)
        state.remember("edits", state.recall("edits", 0) + 1)
        state.flash("noted")

    tag = state.parameter("tag") or "none"
    st.text_input("Tag", tag, **state.edited("page.tag", tag, write))
    st.text(f"{tag} {state.recall('edits', 0)}")


def test_an_edit_that_a_newer_click_ends_is_kept(monkeypatch: pytest.MonkeyPatch):
    at = AppTest.from_function(script_with_an_edit).run(timeout=30)
    with monkeypatch.context() as patch:
        end_from_callbacks_on(patch)
        at.text_input[0].set_value("sweep").run()
        assert not at.text, "the page was not drawn"
    at.query_params.clear()
    at.run()
    assert not at.exception
    assert at.text[0].value == "sweep 1" and at.text_input[0].value == "sweep"
    assert dict(at.query_params) == {"tag": "sweep"}
    assert [toast.value for toast in at.toast] == ["noted"]


@pytest.mark.parametrize("newest", ["One", "Two"])
def test_of_two_elements_of_one_key_a_callback_reads_the_newest(monkeypatch: pytest.MonkeyPatch, newest: str):
    """As a session has them whose page was drawn anew before the browser had all of it."""
    session = SessionState()
    for opened in ("One", "Two") if newest == "Two" else ("Two", "One"):
        element = f"{GENERATED_ELEMENT_ID_PREFIX}-{opened}-tabs"
        session._key_id_mapper["tabs"] = element
        session._old_state[element] = opened
    context = SimpleNamespace(has_script_started=False, session_state=SafeSessionState(session, lambda: None))
    monkeypatch.setattr("ui.memory.get_script_run_ctx", lambda **_options: context)
    assert is_in_callback()
    assert widget_value("tabs", "none") == newest and widget_value("others", "none") == "none"
