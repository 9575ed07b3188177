from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import StopException
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


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_a_private_server_has_no_warning(monkeypatch: pytest.MonkeyPatch, address: str):
    monkeypatch.setattr("streamlit.get_option", lambda name: address)
    assert state.exposed_address() is None


@pytest.mark.parametrize(("address", "said"), [("0.0.0.0", "0.0.0.0"), ("", "every address of this machine")])
def test_an_exposed_server_is_said(monkeypatch: pytest.MonkeyPatch, address: str, said: str):
    monkeypatch.setattr("streamlit.get_option", lambda name: address)
    assert state.exposed_address() == said


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


class CutAddress:
    """The query parameters of a session; the first change of them is ended by a newer click before it is sent."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.is_cut = True

    def to_dict(self) -> dict[str, str]:
        return self.values

    def from_dict(self, values: dict[str, str]) -> None:
        if self.is_cut:
            self.is_cut = False
            raise StopException
        self.values = values


def test_a_browser_is_told_again_where_a_newer_click_came_first(monkeypatch: pytest.MonkeyPatch):
    """However late it comes: it never heard of the change."""
    address = CutAddress()
    context = SimpleNamespace(page_script_hash="runs", is_history_navigation=False, has_script_started=True)
    monkeypatch.setattr(state, "get_script_run_ctx", lambda: context)
    monkeypatch.setattr(state, "st", SimpleNamespace(query_params=address))
    monkeypatch.setattr("ui.memory.st", SimpleNamespace(session_state={}))
    state.own_parameters("q")
    with pytest.raises(StopException):
        state.set_parameter("q", "one")
    state.keep_address(0)
    assert address.values == {"q": "one"}
    address.values = {}
    state.keep_address(0)
    assert address.values == {}, "a link, once the browser knows"
