import json
from html import escape
from urllib.parse import parse_qsl

import pytest

from leyden.store.listing import is_sort_key
from lightning_modules.catalog import catalogue
from tests.pages import factories
from tests.pages.conftest import texts
from tests.sessions import notes
from ui import state
from ui.runs_columns import offered


def table(at):
    found = at.get("bidi_component")
    assert found, "no table on the page"
    return json.loads(found[0].proto.json)


def names(at):
    return [row["name"] for row in table(at)["rows"]]


def test_without_runs_it_says_what_a_run_is(open_page, store):
    text = texts(open_page("runs"))
    assert "No runs yet" in text and "A run is one training" in text and "Start the first run" in text


def test_a_line_shows_what_a_run_is_and_reached(open_page, filled, home):
    for listed in filled.runs.list():
        home.run(listed.id).mkdir()
    at = open_page("runs")
    rows = {row["name"]: row for row in table(at)["rows"]}
    row = rows["finished one"]
    assert row["state"]["text"] == "Finished" and row["architecture"] == "MLP" and row["dataset"] == "penguins"
    assert row["figures"][0] == {"title": "F1 (macro)", "value": "0.9712"}
    assert len(row["spark"]) == 10 and row["href"].startswith("/run?run=r")
    assert rows["running one"]["state"]["text"].startswith("Running 20")
    assert "企鹅 等待" in rows
    assert "5 runs, 1 at work, 1 waiting" in texts(at)
    numbers = {run.name: run.number for run in filled.runs.list()}
    assert {name: found["number"] for name, found in rows.items()} == {
        name: f"#{number}" for name, number in numbers.items()
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "failed"}, ["failed one"]),
        ({"q": "#4"}, ["running one"]),
        ({"data": "d3"}, ["企鹅 等待"]),
        ({"state": "finished,stopped", "sort": "name"}, ["finished one", "stopped one"]),
        ({"architecture": "mlp", "state": "running"}, ["running one"]),
        ({"tag": "论文,slow", "sort": "name"}, ["failed one"]),
        ({"starred": "1"}, ["stopped one"]),
        (
            {"starred": "0", "q": "one", "state": "finished,stopped", "sort": "name"},
            ["finished one", "stopped one"],
        ),
        ({"sort": "-val/f1_macro", "state": "finished,failed"}, ["finished one", "failed one"]),
        ({"sort": "-name", "q": "one"}, ["stopped one", "running one", "finished one", "failed one"]),
    ],
)
def test_filters_and_order_come_from_the_address(open_page, filled, query, expected):
    ids = {row.name: row.id for row in filled.runs.list()}
    filled.runs.add_tags([ids["failed one"]], ["论文", "slow"])
    filled.runs.add_tags([ids["stopped one"]], ["slow"])
    filled.runs.set_starred([ids["stopped one"]], True)
    assert names(open_page("runs", **query)) == expected


def test_a_dataset_leads_to_its_runs_alone(open_page, filled):
    links = open_page("dataset", data="d3").get("page_link")
    query = next(link.proto.query_string for link in links if link.proto.label == "Its runs")
    assert names(open_page("runs", **dict(parse_qsl(query)))) == ["企鹅 等待"]


def test_filters_go_into_the_address(open_page, filled):
    at = open_page("runs")
    at.text_input(key="runs.q").set_value("stopped").run()
    assert "stopped" in at.query_params["q"] and names(at) == ["stopped one"]
    assert "1 of 5 runs, 1 at work, 1 waiting" in texts(at)
    at.multiselect(key="runs.state").select("failed").run()
    assert "failed" in at.query_params["state"] and "No run fits" in texts(at)
    at.text_input(key="runs.q").set_value("").run()
    assert "q" not in at.query_params and names(at) == ["failed one"]


def test_filters_that_no_run_fits_are_named_and_cleared(open_page, filled):
    query = {"data": "zzz", "architecture": "perceptron", "tag": "slow", "sort": "name"}
    at = open_page("runs", **query)
    told = "none has the data 'zzz' or the architecture 'perceptron' or the tag 'slow'."
    assert escape(told) in texts(at)
    at.button(key="runs.clear").click().run()
    assert not at.exception and len(names(at)) == 5
    assert dict(at.query_params) == {"sort": "name"}
    at = open_page("runs", q="nothing like it")
    assert "No run fits these filters.<" in texts(at)


def test_filters_of_the_address_are_the_inputs_defaults(open_page, filled):
    at = open_page("runs", q="one", data="d1", architecture="mlp", state="stopped,finished")
    assert at.text_input(key="runs.q").proto.default == "one"
    for name, chosen in (("data", "penguins (4)"), ("architecture", "MLP (5)")):
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
    assert names(at) == names(open_page("runs")) and len(names(at)) == 5
    assert len(names(open_page("runs", page="9" * 5000))) == 5


def test_long_lists_come_in_pages(open_page, filled):
    for number in range(100):
        factories.add_run(filled, name=f"run {number:03d}")
    at = open_page("runs", sort="name", q="run 0")
    assert len(names(at)) == 100
    at = open_page("runs", sort="name")
    assert len(names(at)) == 100
    at.button(key="ly-next-page").click().run()
    assert len(names(at)) == 5 and "2" in at.query_params["page"]


def test_labels_stand_in_a_line(open_page, filled):
    [run] = [row for row in filled.runs.list() if row.name == "failed one"]
    filled.runs.add_tags([run.id], ["论文"])
    filled.runs.set_note(run.id, "too high a rate")
    filled.runs.set_starred([run.id], True)
    [row] = [row for row in table(open_page("runs"))["rows"] if row["id"] == run.id]
    assert (row["tags"], row["note"], row["starred"]) == (["论文"], "too high a rate", True)


def test_a_run_keeps_its_colour(open_page, filled):
    colours = {row["id"]: row["colours"] for row in table(open_page("runs"))["rows"]}
    assert len({tuple(pair) for pair in colours.values()}) == 5
    for row in table(open_page("runs", q="one", sort="name"))["rows"]:
        assert row["colours"] == colours[row["id"]]


def test_columns_are_chosen_and_stand_in_the_address(open_page, filled):
    at = open_page("runs", columns="optimisation.lr,val/f1_macro,nonsense,architecture.tabular.options.width")
    sent = table(at)
    assert [column["title"] for column in sent["columns"]] == [
        "★",
        "Name",
        "Learning rate",
        "F1 (macro)",
        "Width (tabular)",
    ]
    [row] = [row for row in sent["rows"] if row["name"] == "finished one"]
    assert (row["optimisation.lr"], row["val/f1_macro"]) == ("0.001", "0.9712")
    at = open_page("runs")
    at.multiselect(key="runs.columns").set_value(["state", "optimisation.batch_size"]).run()
    assert at.query_params["columns"] == "state,optimisation.batch_size"
    assert [column["title"] for column in table(at)["columns"]] == ["State", "★", "Name", "Batch size"]


def test_every_column_that_is_offered_can_be_sorted_by():
    offers = offered(catalogue(), tuple(catalogue().tasks))
    assert {
        "optimisation.lr",
        "optimisation.optimiser.name",
        "architecture.tabular.options.width",
    } <= offers.keys()
    for column in offers.values():
        assert column.sort is None or is_sort_key(column.sort)


def test_what_is_ticked_is_known_to_a_table_that_the_browser_makes_anew(open_page, filled, monkeypatch):
    at, run = open_page("runs"), filled.runs.list()[0]
    assert table(at)["selected"] == []
    known = state.widget_value

    def as_ticked(key, default):
        return {"selected": [run.id]} if key == "runs.table" else known(key, default)

    monkeypatch.setattr("ui.state.widget_value", as_ticked)
    assert table(at.run())["selected"] == [run.id]


def test_back_from_a_run_leads_to_the_list_as_it_was_left(open_page, filled):
    at = open_page("runs", state="finished", sort="name")
    run = filled.runs.list()[0]
    notes(at)["leyden.departure"] = (at._finished_page_script_hash, "run", {"run": run.id})
    at.run()
    assert not at.exception
    # What the browser keeps as a step of its history: the list with the parameters of the run's page.
    at.query_params.clear()
    at.query_params["run"] = run.id
    at.switch_page("../pages/runs.py").run()
    assert dict(at.query_params) == {"state": "finished", "sort": "name"} and names(at) == ["finished one"]
    at.query_params.clear()
    at.switch_page("../pages/runs.py").run()
    assert len(names(at)) == 5, "a link to all runs leads to all runs"
