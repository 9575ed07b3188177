import json

import pytest

from tests.pages import factories
from tests.pages.conftest import texts


def table(at):
    found = at.get("bidi_component")
    assert found, "no table on the page"
    return json.loads(found[0].proto.json)


def names(at):
    return [row["name"] for row in table(at)["rows"]]


def test_without_runs_it_says_what_a_run_is(open_page, store):
    text = texts(open_page("runs"))
    assert "No runs yet" in text and "A run is one training" in text and "Start the first run" in text


def test_a_line_shows_what_a_run_is_and_reached(open_page, filled):
    at = open_page("runs")
    rows = {row["name"]: row for row in table(at)["rows"]}
    row = rows["finished one"]
    assert row["state"]["text"] == "Finished" and row["architecture"] == "MLP" and row["dataset"] == "penguins"
    assert row["figures"][0] == {"title": "F1 (macro)", "value": "0.9712"}
    assert len(row["spark"]) == 10 and row["href"].startswith("/run?run=r")
    assert rows["running one"]["state"]["text"].startswith("Running 20")
    assert "企鹅 等待" in rows
    assert "5 runs, 2 at work" in texts(at)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "failed"}, ["failed one"]),
        ({"data": "d3"}, ["企鹅 等待"]),
        ({"state": "finished,stopped", "sort": "name"}, ["finished one", "stopped one"]),
        ({"architecture": "mlp", "state": "running"}, ["running one"]),
        ({"sort": "-name", "q": "one"}, ["stopped one", "running one", "finished one", "failed one"]),
    ],
)
def test_filters_and_order_come_from_the_address(open_page, filled, query, expected):
    assert names(open_page("runs", **query)) == expected


def test_filters_go_into_the_address(open_page, filled):
    at = open_page("runs")
    at.text_input(key="runs.q").set_value("stopped").run()
    assert "stopped" in at.query_params["q"] and names(at) == ["stopped one"]
    at.multiselect(key="runs.state").select("failed").run()
    assert "failed" in at.query_params["state"] and "No run fits" in texts(at)
    at.text_input(key="runs.q").set_value("").run()
    assert "q" not in at.query_params and names(at) == ["failed one"]


def test_filters_of_the_address_are_the_inputs_defaults(open_page, filled):
    at = open_page("runs", q="one", data="d1", architecture="mlp", state="stopped,finished")
    assert at.text_input(key="runs.q").proto.default == "one"
    for name, chosen in (("data", "penguins"), ("architecture", "MLP")):
        box = at.selectbox(key=f"runs.{name}")
        assert box.proto.options[box.proto.default] == chosen
    states = at.multiselect(key="runs.state")
    assert [states.proto.options[place] for place in states.proto.default] == ["Stopped", "Finished"]


def test_inputs_follow_an_address_that_changed(open_page, filled):
    at = open_page("runs")
    at.text_input(key="runs.q").set_value("stopped").run()
    at.query_params["q"] = "failed"
    at.run()
    assert [box.value for box in at.text_input if box.label == "Search"] == ["failed"] and names(at) == [
        "failed one"
    ]


def test_nonsense_in_the_address_is_left_out(open_page, filled):
    at = open_page("runs", sort="colour", state="dead", page="99", q="")
    assert len(names(at)) == 5


def test_long_lists_come_in_pages(open_page, filled):
    for number in range(100):
        factories.add_run(filled, name=f"run {number:03d}")
    at = open_page("runs", sort="name", q="run 0")
    assert len(names(at)) == 100
    at = open_page("runs", sort="name")
    assert len(names(at)) == 100
    at.button(key="ly-next-page").click().run()
    assert len(names(at)) == 5 and "2" in at.query_params["page"]
