"""What is done with ticked runs of the list: labels, stop, delete, and how far a tick reaches."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import factories
from tests.pages.conftest import texts
from tests.sessions import ask_for_part
from ui.runs_table.component import TableEvent


def test_what_is_ticked_is_acted_on(filled):
    """The table's ticks come from the browser; here they are given to the actions directly."""

    def script(run_ids):
        from ui import state
        from ui.runs_actions import Selection, actions_row

        rows = [row for row in state.store().runs.list() if row.id in run_ids]
        actions_row(Selection(rows), ["known"])

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


@pytest.fixture
def ticks(filled, monkeypatch):
    """Pages of two runs, and what is ticked, which comes from the browser."""
    ticked = {run.id for run in filled.runs.list()}
    monkeypatch.setattr("ui.runs_filters.PER_PAGE", 2)

    def runs_table(_columns, rows, **_options):
        return TableEvent(ticked & {row["id"] for row in rows}, None, is_listed_anew=False)

    monkeypatch.setattr("ui.runs_table.component.runs_table", runs_table)
    return ticked


def test_the_runs_of_all_pages_can_be_selected(open_page, filled, ticks):
    num_runs = filled.runs.count()
    at = open_page("runs", sort="name")
    assert "2 runs selected" in texts(at)
    at.button(key="runs.beyond").click().run()
    assert f"{num_runs} runs selected" in texts(at)
    at.button(key="runs.star").click().run()
    assert filled.runs.count(is_starred=True) == num_runs
    at.button(key="runs.this-page").click().run()
    assert "2 runs selected" in texts(at)
    assert at.button(key="runs.beyond").label == f"Select all {num_runs}"


def test_of_the_runs_of_all_pages_single_ones_are_left_out(open_page, filled, ticks):
    num_runs, first = filled.runs.count(), filled.runs.list(sort="name", descending=False)[0].id
    at = open_page("runs", sort="name")
    at.button(key="runs.beyond").click().run()
    ticks.remove(first)
    assert f"{num_runs - 1} runs selected" in texts(at.run())
    at.button(key="runs.star").click().run()
    assert filled.runs.count(is_starred=True) == num_runs - 1 and not filled.runs.get(first).is_starred
    at.button(key="runs.this-page").click().run()
    assert "1 run selected" in texts(at)


def test_the_runs_of_all_pages_are_those_of_the_list_and_the_page_on_which_they_were_selected(
    open_page, filled, ticks
):
    at = open_page("runs", sort="name")
    at.button(key="runs.beyond").click().run()
    at.query_params["page"] = "2"
    assert "2 runs selected" in texts(at.run())
    at.button(key="runs.beyond").click().run()
    assert f"{filled.runs.count()} runs selected" in texts(at)
    at.text_input[0].set_value("one").run()
    assert "2 runs selected" in texts(at)
    at.button(key="runs.beyond").click().run()
    ticks.clear()
    assert "Tick runs" in texts(at.run())


def test_whatever_joins_the_list_the_same_runs_stay_selected(open_page, filled, ticks):
    """One that was left out may move to another page, and a new one is nobody's choice."""
    at, num_runs = open_page("runs"), filled.runs.count()
    at.button(key="runs.beyond").click().run()
    left_out = filled.runs.list()[1].id
    ticks.remove(left_out)
    assert f"{num_runs - 1} runs selected" in texts(at.run())
    new = factories.add_run(filled, "d3", name="new")
    assert f"{num_runs - 1} runs selected" in texts(at.run())
    at.button(key="runs.star").click().run()
    assert {row.id for row in filled.runs.list() if not row.is_starred} == {left_out, new.id}


def test_at_most_so_many_are_selected_as_can_be_deleted_while_one_waits(open_page, filled, ticks, monkeypatch):
    monkeypatch.setattr("ui.runs_actions.MAX_AT_ONCE", 3)
    at = open_page("runs")
    assert at.button(key="runs.beyond").label == "Select the first 3"
    at.button(key="runs.beyond").click().run()
    assert "3 runs selected" in texts(at)
    at.query_params["page"] = "2"
    assert "2 runs selected" in texts(at.run()), "a page that goes beyond the first three"
    assert not [button for button in at.button if button.key == "runs.beyond"]


@pytest.mark.parametrize("has_pages", [True, False])
def test_it_says_that_ticks_are_of_one_page(open_page, ticks, has_pages, monkeypatch):
    ticks.clear()
    if not has_pages:
        monkeypatch.setattr("ui.runs_filters.PER_PAGE", 100)
    assert ("tick all of it to select the runs of all pages" in texts(open_page("runs"))) is has_pages


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
