"""Clicks that come before the browser has got the last change of its address."""

import math

import pytest

from tests.pages.test_new_run import field
from tests.pages.test_runs import names
from tests.sessions import end_from_callbacks_on


def address(at):
    """The query parameters; AppTest gives some as lists."""
    return {name: value if isinstance(value, str) else value[-1] for name, value in at.query_params.items()}


def arrives_with(at, address):
    """What the browser's address says with the next click."""
    at.query_params.clear()
    for name, value in address.items():
        at.query_params[name] = value


@pytest.fixture(autouse=True)
def slow_machine(monkeypatch):
    """A test may take longer than a browser's news are on their way."""
    monkeypatch.setattr("ui.state.ON_ITS_WAY_S", math.inf)


@pytest.fixture
def searched(open_page, filled):
    """The list of runs, sorted by a link and then searched; and its address before the search."""
    at = open_page("runs", sort="name")
    before = address(at)
    at.text_input(key="runs.q").set_value("one").run()
    assert address(at) == {"sort": "name", "q": "one"}
    return at, before


def test_the_next_choice_goes_on_from_the_one_before(searched):
    at, before = searched
    arrives_with(at, before)
    at.multiselect(key="runs.state").select("failed").run()
    assert address(at) == {"sort": "name", "q": "one", "state": "failed"} and names(at) == ["failed one"]


def test_a_click_that_changes_no_address_keeps_it(searched):
    at, before = searched
    arrives_with(at, before)
    at.run()
    assert address(at)["q"] == "one" and at.text_input(key="runs.q").value == "one"


def test_a_choice_that_the_next_click_ends_is_kept(searched, monkeypatch):
    at, before = searched
    with monkeypatch.context() as patch:
        end_from_callbacks_on(patch)
        at.multiselect(key="runs.state").select("failed").run()
    arrives_with(at, {**before, "q": "one"})
    at.run()
    assert address(at) == {"sort": "name", "q": "one", "state": "failed"} and names(at) == ["failed one"]


def test_a_link_to_the_address_of_before_is_followed(searched, monkeypatch):
    at, before = searched
    monkeypatch.setattr("ui.state.ON_ITS_WAY_S", 0.0)
    arrives_with(at, before)
    at.run()
    assert address(at) == {"sort": "name"} and at.text_input[0].value == ""


def test_back_to_the_address_of_before_is_followed_at_once(searched, monkeypatch):
    at, before = searched
    monkeypatch.setattr("ui.state.is_back", lambda: True)
    arrives_with(at, before)
    at.run()
    assert address(at) == {"sort": "name"} and at.text_input[0].value == ""


def test_another_link_is_followed_at_once(searched):
    at, _before = searched
    arrives_with(at, {"state": "failed"})
    at.run()
    assert address(at) == {"state": "failed"} and names(at) == ["failed one"]


def test_a_setting_of_a_new_run_is_kept_when_a_group_is_opened_at_once(open_page, filled):
    at = open_page("new_run", data="d1")
    field(at, "optimisation.epochs").set_value(7).run()
    before = address(at)
    field(at, "optimisation.lr").set_value("0.0003").run()
    arrives_with(at, before)
    at.run()
    assert field(at, "optimisation.lr").value == "0.0003" and field(at, "optimisation.epochs").value == 7


def test_back_to_a_new_run_as_it_began_undoes_its_settings(open_page, filled, monkeypatch):
    at = open_page("new_run", data="d1")
    usual = field(at, "optimisation.epochs").value
    field(at, "optimisation.epochs").set_value(7).run()
    monkeypatch.setattr("ui.state.is_back", lambda: True)
    arrives_with(at, {"data": "d1"})
    at.run()
    assert field(at, "optimisation.epochs").value == usual and "set" not in at.query_params


def test_a_setting_of_a_new_run_that_the_next_click_ends_is_kept(open_page, filled, monkeypatch):
    at = open_page("new_run", data="d1")
    before = address(at)
    with monkeypatch.context() as patch:
        end_from_callbacks_on(patch)
        field(at, "optimisation.epochs").set_value(7).run()
    arrives_with(at, before)
    at.run()
    assert field(at, "optimisation.epochs").value == 7 and "epochs=7" in address(at)["set"].replace("%3D", "=")
