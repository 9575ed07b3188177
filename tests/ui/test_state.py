import math
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException
from streamlit.testing.v1 import AppTest

from ui import state


@pytest.mark.parametrize(
    ("page", "query", "expected"),
    [
        ("home", {}, "/"),
        ("run", {"run": "r1"}, "/run?run=r1"),
        ("new", {"data": "d1", "target": None}, "/new?data=d1"),
        ("new", {"target": "种类 & co"}, "/new?target=%E7%A7%8D%E7%B1%BB+%26+co"),
        ("api/uploads", {}, "/api/uploads"),
    ],
)
def test_addresses(page: str, query: dict[str, str | None], expected: str):
    assert state.url(page, **query) == expected


def test_pages_are_named_by_their_script():
    assert Path(state.page_file("dataset")).is_file()


def script_with_parameters() -> None:
    import streamlit as st

    from ui import state

    state.own_parameters("data", "page")
    st.text(str(state.parameter("data")))
    state.set_parameter("page", "2")
    state.set_parameter("page", None)


def test_a_page_drops_what_another_left_in_the_address():
    at = AppTest.from_function(script_with_parameters)
    at.query_params["data"] = "d1"
    at.query_params["run"] = "r1"
    at.run(timeout=30)
    assert not at.exception
    assert at.text[0].value == "d1"
    assert set(at.query_params) == {"data"}


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


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_a_private_server_has_no_warning(monkeypatch: pytest.MonkeyPatch, address: str):
    monkeypatch.setattr("streamlit.get_option", lambda name: address)
    assert state.exposed_address() is None


@pytest.mark.parametrize(("address", "said"), [("0.0.0.0", "0.0.0.0"), ("", "every address of this machine")])
def test_an_exposed_server_is_said(monkeypatch: pytest.MonkeyPatch, address: str, said: str):
    monkeypatch.setattr("streamlit.get_option", lambda name: address)
    assert state.exposed_address() == said


def script_with_an_edited_widget() -> None:
    import streamlit as st

    from ui import state

    written: list[str] = []
    first = state.edited("page.tag", "none", written.append)
    state.remember(first["key"], "late")
    first["on_change"]()
    state.remember(first["key"], "none")
    first["on_change"]()
    assert written == ["late", "none"], "back to where it began, before the page was drawn again"
    second = state.edited("page.tag", "sweep", written.append)
    assert second["key"] != first["key"], "something else has changed it"
    first["on_change"]()
    assert written == ["late", "none"], "the old widget is sent along as it was drawn"
    state.remember(first["key"], "mine")
    first["on_change"]()
    assert written == ["late", "none", "mine"], "an edit of a field that the browser had still"
    second["on_change"]()
    st.text(written[-1])


def test_what_a_replaced_widget_was_drawn_with_is_no_edit():
    at = AppTest.from_function(script_with_an_edited_widget).run(timeout=30)
    assert not at.exception, at.exception
    assert at.text[0].value == "sweep"


def script_with_a_late_browser() -> None:
    import streamlit as st

    from ui import state

    state.own_parameters("set", "data")
    state.keep_address()
    assert st.query_params.to_dict() == {"data": "d1"}
    state.set_parameter("set", "epochs=8")
    st.query_params.from_dict({"data": "d1"})
    state.keep_address()
    assert st.query_params.to_dict() == {"data": "d1", "set": "epochs=8"}
    state.set_parameter("set", None)
    state.keep_address()
    assert st.query_params.to_dict() == {"data": "d1"}


def test_a_browser_that_asks_with_parameters_of_before_takes_nothing_back():
    at = AppTest.from_function(script_with_a_late_browser)
    at.query_params["data"] = "d1"
    at.query_params["run"] = "r1"
    at.run(timeout=30)
    assert not at.exception, at.exception


def test_an_edit_that_the_next_click_cuts_off_is_done_to_its_end():
    done = []

    def edit():
        if not done:
            done.append("cut off")
            raise RerunException(RerunData())
        done.append("done")

    with pytest.raises(RerunException):
        state.whole(edit)()
    assert done == ["cut off", "done"]


class Address:
    """The query parameters of a session; a change is cut off by a newer click, once it is made."""

    def __init__(self, **values: str) -> None:
        self.values, self.cuts = values, 1

    def to_dict(self) -> dict[str, str]:
        return dict(self.values)

    def from_dict(self, values: dict[str, str]) -> None:
        self.values = dict(values)
        if self.cuts:
            self.cuts -= 1
            raise RerunException(RerunData())


def test_a_change_of_the_address_that_is_cut_off_is_not_undone_by_the_address_of_before(monkeypatch):
    address = Address(sort="name")
    page = SimpleNamespace(is_history_navigation=False, page_script_hash="runs")
    monkeypatch.setattr(state, "st", SimpleNamespace(query_params=address, session_state={}))
    monkeypatch.setattr(state, "get_script_run_ctx", lambda: page)
    monkeypatch.setattr(state, "ON_ITS_WAY_S", math.inf)
    state.remember(state._PAGE, "runs")
    with pytest.raises(RerunException):
        state.whole(lambda: state.set_parameter("q", "one"))()
    address.values = {"sort": "name"}
    state.keep_address(state.ON_ITS_WAY_S)
    assert address.values == {"sort": "name", "q": "one"}
    page.is_history_navigation = True
    address.values = {"sort": "name"}
    state.keep_address()
    assert address.values == {"sort": "name"}, "the browser went Back"
