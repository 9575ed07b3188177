import json
from html import escape
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from leyden.store.listing import is_sort_key
from lightning_modules.catalog import catalogue
from tests.pages import factories
from tests.pages.conftest import texts
from tests.sessions import ask_for_part, notes
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


def test_a_line_shows_what_a_run_is_and_reached(open_page, filled):
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


def test_what_is_ticked_is_acted_on(filled):
    """The table's ticks come from the browser; here they are given to the actions directly."""

    def script(run_ids):
        from ui import state
        from ui.runs_actions import actions_row

        rows = [row for row in state.store().runs.list() if row.id in run_ids]
        actions_row(rows, ["known"])

    ids = {row.name: row.id for row in filled.runs.list()}
    at = AppTest.from_function(script, args=([ids["failed one"], ids["running one"]],), default_timeout=30).run()
    assert "2 runs selected" in texts(at)
    at.button(key="runs.star").click().run()
    assert filled.runs.count(is_starred=True) == 2
    at.multiselect[0].set_value(["known"]).run()
    assert all(filled.runs.get(ids[name]).tags == ("known",) for name in ("failed one", "running one"))
    filled.runs.add_tags([ids["running one"]], ["own"])
    of_some = at.run().multiselect[1]
    assert of_some.label == "Some of them also have" and of_some.value == ["own"]
    at.multiselect[0].set_value([]).run()
    assert filled.runs.facets().tags == {"own": 1}
    at.multiselect[1].set_value([]).run()
    assert filled.runs.facets().tags == {} and len(at.multiselect) == 1
    assert at.button(key="runs.stop") and at.button(key="runs.compare") and not at.exception


def test_runs_are_stopped_together_once_confirmed(filled):
    def script():
        from leyden.store.records import ACTIVE
        from ui import state
        from ui.runs_actions import stop_dialog

        stop_dialog(state.store().runs.list(states=ACTIVE))

    # A click elsewhere runs the page again without the dialog, in AppTest: so the page is the dialog alone.
    at = AppTest.from_function(script, default_timeout=30).run()
    at.button(key="ly-confirm").click().run()
    ids = {row.name: row.id for row in filled.runs.list()}
    assert filled.runs.get(ids["running one"]).job.stop_request == 1
    assert filled.runs.get(ids["企鹅 等待"]).state == "stopped"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("running one", "企鹅 等待"), "Asked to stop: 1 run."),
        (("failed one", "stopped one"), "Deleted: 1 run;"),
    ],
)
def test_only_what_was_done_is_counted(filled, monkeypatch, names, told):
    """The second of two runs is stopped, or deleted, while the question is open."""

    def script(run_ids, is_stop):
        from ui import state
        from ui.run_actions import delete_dialog
        from ui.runs_actions import stop_dialog

        if is_stop:
            stop_dialog([row for row in state.store().runs.list() if row.id in run_ids])
        else:
            delete_dialog(run_ids)

    def confirm(_title, _text, _label, act, **_options):
        if last.job.is_active:
            filled.jobs.request_stop(last.job.id)
        else:
            filled.runs.delete(last.id)
        act()

    ids = {row.name: row.id for row in filled.runs.list()}
    last, notices = filled.runs.get(ids[names[1]]), []
    monkeypatch.setattr("ui.run_actions.confirm", confirm)
    monkeypatch.setattr("ui.runs_actions.confirm", confirm)
    monkeypatch.setattr("ui.state.flash", notices.append)
    arguments = ([ids[name] for name in names], "stop" in told)
    at = AppTest.from_function(script, args=arguments, default_timeout=30).run()
    assert not at.exception and len(notices) == 1 and notices[0].startswith(told)


def test_a_note_is_of_the_run_whose_dialog_is_open(filled):
    def script():
        import streamlit as st

        from ui.run_labels import note_dialog, rename_dialog

        name = st.session_state.get("asked", "first")
        dialog = rename_dialog if st.session_state.get("renames") else note_dialog
        dialog(f"id of {name}", f"about {name}")

    at = AppTest.from_function(script, default_timeout=30).run()
    at.text_area[0].set_value("typed, and closed without keeping it").run()
    at.session_state["asked"] = "second"
    assert at.run().text_area[0].value == "about second"
    at.session_state["renames"] = True
    at.run().text_input[0].set_value("typed").run()
    at.session_state["asked"] = "third"
    assert at.run().text_input[0].value == "about third"


@pytest.mark.parametrize(
    ("renames", "typed", "told"),
    [
        (True, "x" * 201, "A name may have at most 200 characters, and this one has 201"),
        (True, "  ", "A run must have a name"),
        (False, "x" * 2001, "A note may have at most 2,000 characters, and this one has 2,001"),
    ],
)
def test_what_cannot_be_kept_is_told(filled, monkeypatch, renames, typed, told):
    def script(run_id, renames):
        import streamlit as st

        from ui.run_labels import note_dialog, rename_dialog

        if st.button("Ask"):
            (rename_dialog if renames else note_dialog)(run_id, "before")

    run = filled.runs.list()[0]
    at = AppTest.from_function(script, args=(run.id, renames), default_timeout=30).run()
    at.button[0].click().run()
    (part,) = at._fragment_storage._fragments
    ask_for_part(monkeypatch, part)
    kind, done = ("text_input", "run.rename") if renames else ("text_area", "run.keep-note")
    assert not at.get(kind)[0].proto.max_chars
    at.get(kind)[0].set_value(typed)
    at.button(key=done).click().run()
    assert told in texts(at)
    found = filled.runs.get(run.id)
    assert (found.name, found.note) == (run.name, "")
    at.get(kind)[0].set_value("short enough")
    at.button(key=done).click().run()
    found = filled.runs.get(run.id)
    assert (found.name if renames else found.note) == "short enough"


@pytest.mark.parametrize("has_pages", [True, False])
def test_it_says_that_ticks_are_of_one_page(filled, has_pages):
    def script(has_pages):
        from ui.runs_actions import actions_row

        actions_row([], [], has_pages=has_pages)

    at = AppTest.from_function(script, args=(has_pages,), default_timeout=30).run()
    assert ("filter until they fit on one" in texts(at)) is has_pages


def test_a_comparison_begins_with_runs_of_the_same_target(open_page, filled, monkeypatch):
    """However many newer runs of other targets there are."""
    filled.jobs.end(factories.start(filled).id, "tests", "stopped")
    asked = [factories.add_run(filled, "d3", name=f"asked {number}") for number in range(3)]
    for run in (*asked, *(factories.add_run(filled, "d3", target="sex") for _ in range(6))):
        factories.finish(filled, run)
    went = []
    monkeypatch.setattr("ui.state.go", lambda page, **query: went.append((page, query["runs"].split(","))))
    monkeypatch.setattr("streamlit.menu_button", lambda *_arguments, **_options: "compare")
    open_page("run", run=asked[0].id)
    [(page, runs)] = went
    assert page == "compare" and runs[0] == asked[0].id and set(runs) == {run.id for run in asked}


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
