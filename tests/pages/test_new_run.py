from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from leyden import actions
from leyden.errors import RunError
from leyden.messages.render import Message
from leyden.store.records import STOP_GENTLY
from tests.pages import factories
from tests.pages.conftest import SHELL, texts
from tests.pages.run_page import named
from tests.sessions import end_from_callbacks_on, end_when


def field(at, dotted):
    """The widget of a setting; the draft's own id is part of every key."""
    ending = f".{dotted}"
    widgets = [*at.text_input, *at.number_input, *at.selectbox, *at.toggle]
    return next(widget for widget in widgets if (widget.key or "").endswith(ending))


def target(at):
    return field(at, "data.target")


def train(at):
    at.button(key="new.train").click().run()
    assert not at.exception, at.exception


def answer_measure(store, **result):
    """Ends the waiting measurement as a child would."""
    job = factories.start(store, "light")
    assert job.kind == "measure"
    layers = [{"name": "layers.0: Linear", "output": [128], "num_parameters": 1920}]
    found = {"num_parameters": 18843, "num_trainable": 18843, "layers": layers, "device": "CPU", **result}
    store.jobs.end(job.id, "tests", "finished", result=found)


def test_without_data_it_shows_the_way(open_page):
    at = open_page("new_run")
    assert "No data yet" in texts(at) and "Add data" in texts(at)


def test_three_decisions_make_a_run(open_page, filled):
    before = filled.runs.count()
    at = open_page("new_run", data="d1")
    assert target(at).value == "species"
    train(at)
    assert filled.runs.count() == before + 1
    run = filled.runs.list()[0]
    assert (run.dataset_id, run.target, run.state) == ("d1", "species", "queued")
    assert run.id in at.query_params["run"]


def test_a_reload_on_the_way_to_the_run_that_was_started_leads_on_to_it(filled):
    run = filled.runs.list()[0]
    at = AppTest.from_file(str(SHELL), default_timeout=30)
    at.query_params["run"] = run.id
    at.switch_page("../pages/new_run.py").run()
    assert not at.exception and run.label in texts(at)
    assert "new.train" not in {one.key for one in at.button}


def test_back_from_the_run_that_was_started_leads_to_its_settings(open_page, filled):
    source = named(filled, "finished one")
    at = open_page("new_run", run=source.id)
    assert f"A clone of {source.choice}: change what you like." in texts(at)
    assert dict(at.query_params) == {"from": source.id}


def test_of_two_datasets_of_one_name_the_chosen_one_is_trained_on(open_page, home, store):
    """Streamlit tells what was chosen by its title."""
    for dataset_id in ("d1", "d2", "d3"):
        factories.add_table(home, store, dataset_id, "birds" if dataset_id != "d3" else "others")
    at = open_page("new_run", data="d1")
    picker = next(one for one in at.selectbox if one.label == "Data")
    assert len(set(picker.options)) == 3 and "others" in picker.options
    chosen = picker.options[[dataset.id for dataset in store.datasets.list()].index("d2")]
    picker.select(chosen).run()
    assert at.query_params["data"] == "d2"
    field(at, "optimisation.lr").set_value("0.0003").run()
    assert at.query_params["data"] == "d2"
    train(at)
    assert store.runs.list()[0].dataset_id == "d2"


def test_training_on_a_dataset_that_was_deleted_meanwhile_leads_on(open_page, filled):
    at = open_page("new_run", data="d1", target="species")
    for row in filled.runs.list(dataset_id="d1"):
        run = filled.runs.get(row.id)
        if run.job.is_active:
            filled.jobs.end(run.job.id, "tests", "stopped")
        filled.runs.delete(run.id)
    filled.datasets.delete("d1")
    at.button(key="new.train").click().run()
    assert not at.exception
    assert "Not found" in texts(at) and "All data" in texts(at)


def click_twice():
    from ui import state
    from ui.form_draft import Draft
    from ui.form_page import start_wanted, train

    state.remember("draft", Draft("d1", id="one"))
    for _click in range(2):
        train("one", "draft")
        start_wanted()
    state.remember("draft", Draft("d1", id="two"))
    train("two", "draft")
    start_wanted()


def test_a_double_click_makes_one_run_and_the_next_draft_another(filled):
    before = filled.runs.count()
    at = AppTest.from_function(click_twice, default_timeout=30).run()
    assert not at.exception, at.exception
    assert filled.runs.count() == before + 2


def test_a_click_that_comes_while_a_run_is_started_makes_no_second_one(open_page, filled, monkeypatch):
    before = filled.runs.count()
    at = open_page("new_run", data="d1")
    submit, started = actions.submit_run, []

    def submitting(*arguments, **options):
        started.append(submit(*arguments, **options))
        return started[-1]

    monkeypatch.setattr("leyden.actions.submit_run", submitting)
    with monkeypatch.context() as patch:
        end_when(patch, lambda _runner: bool(started))
        at.button(key="new.train").click().run()
    at.run()
    assert not at.exception
    assert filled.runs.count() == before + 1 and at.query_params["run"] == started[0].id


def test_who_presses_train_and_goes_elsewhere_at_once_has_the_run_and_stays_there(open_page, filled, monkeypatch):
    before = filled.runs.count()
    at = open_page("new_run", data="d1")
    with monkeypatch.context() as patch:
        end_from_callbacks_on(patch)
        at.button(key="new.train").click().run()
    assert filled.runs.count() == before, "the page was ended before it had started one"
    at.switch_page("../pages/runs.py").run()
    assert not at.exception and filled.runs.count() == before + 1
    at.switch_page("../pages/new_run.py").run()
    assert not at.exception and "run" not in at.query_params and filled.runs.count() == before + 1


def test_who_goes_elsewhere_at_once_is_told_there_that_no_run_could_be_started(open_page, filled, monkeypatch):
    def refuse(*_arguments, **_options):
        raise RunError("disk_full")

    monkeypatch.setattr("leyden.actions.submit_run", refuse)
    at = open_page("new_run", data="d1")
    with monkeypatch.context() as patch:
        end_from_callbacks_on(patch)
        at.button(key="new.train").click().run()
    at.switch_page("../pages/runs.py").run()
    assert "The disk is full" in at.toast[0].value


def test_pictures_predict_their_label(open_page, filled):
    at = open_page("new_run", data="d2")
    assert target(at).value == "label"
    assert field(at, "architecture.image").value
    train(at)
    assert filled.runs.list()[0].dataset_id == "d2"


def test_another_target_brings_its_task_and_keeps_other_edits(open_page, filled):
    at = open_page("new_run", data="d1")
    field(at, "optimisation.lr").set_value("0.0003").run()
    target(at).select("body_mass_g").run()
    assert field(at, "optimisation.lr").value == "0.0003"
    train(at)
    run = filled.runs.get(filled.runs.list()[0].id)
    assert run.task == "regression" and run.spec.optimisation.lr == 0.0003


def test_fields_of_a_form_that_is_not_redrawn_yet_are_no_decisions(open_page, filled):
    at = open_page("new_run", data="d1")
    field(at, "architecture.tabular.options.width").set_value(99).run()
    drawn = at._tree
    for widget in (*at.text_input, *at.number_input, *at.selectbox, *at.toggle):
        widget.set_value(widget.value)
    field(at, "architecture.tabular").set_value("linear").run()
    at._tree = drawn  # What the browser still shows, and sends with the next edit.
    field(at, "optimisation.epochs").set_value(7).run()
    assert not at.exception
    assert at.query_params["set"] == "architecture.tabular=linear&optimisation.epochs=7"
    assert not at.button(key="new.train").disabled


def test_a_mistake_is_told_beside_its_field_and_holds_training_back(open_page, filled):
    at = open_page("new_run", data="d1")
    field(at, "optimisation.lr").set_value("fast").run()
    assert not at.exception
    assert at.button(key="new.train").disabled
    assert texts(at).count("Learning rate must be a number") == 2
    assert field(at, "optimisation.lr").value == "fast"
    field(at, "optimisation.lr").set_value("1e-4").run()
    assert not at.button(key="new.train").disabled


@pytest.mark.parametrize("typed", [-5, 0])
def test_a_number_out_of_bounds_is_told_and_can_be_mended(open_page, filled, typed):
    at = open_page("new_run", data="d1")
    field(at, "optimisation.epochs").set_value(typed).run()
    assert field(at, "optimisation.epochs").value == typed
    told = f"Epochs must be a whole number from 1 to 100,000, but is '{typed}'."
    assert texts(at).count(escape(told)) == 2
    assert at.button(key="new.train").disabled
    field(at, "optimisation.epochs").set_value(100).run()
    assert "must be" not in texts(at) and "set" not in at.query_params


@pytest.mark.parametrize("typed", ["many", "9" * 18, "1.5"])
def test_what_no_number_input_can_show_is_told(open_page, filled, typed):
    at = open_page("new_run", data="d1", set=f"optimisation.epochs={typed}")
    assert "Epochs must be a whole number" in texts(at)
    assert field(at, "optimisation.epochs").value == 100


def test_the_number_of_processes_is_told(open_page, filled):
    at = open_page("new_run", data="d1", set="hardware.num_devices=2")
    assert ", 2 processes</dd>" in texts(at)
    assert ", 2 processes" not in texts(open_page("new_run", data="d1"))


def test_the_command_says_what_was_changed(open_page, filled):
    at = open_page("new_run", data="d1")
    field(at, "architecture.tabular").select("resnet").run()
    field(at, "optimisation.epochs").set_value(7).run()
    command = at.code[0].value
    assert "--data d1" in command and "--architecture resnet" in command and "optimisation.epochs=7" in command


def test_the_network_is_counted_outside_and_shown_when_known(open_page, filled):
    at = open_page("new_run", data="d1")
    assert "Counting the network" in texts(at)
    answer_measure(filled)
    at.run()
    assert "18,843" in texts(at) and "layers.0: Linear" in texts(at)
    # The learning rate does not change the network: nothing is counted again.
    field(at, "optimisation.lr").set_value("0.5").run()
    assert "18,843" in texts(at) and not filled.jobs.list(kinds=("measure",))
    field(at, "architecture.tabular.options.width").set_value(64).run()
    assert len(filled.jobs.list(kinds=("measure",))) == 1


def test_only_the_newest_question_waits(open_page, filled):
    at = open_page("new_run", data="d1")
    for width in (64, 65, 66):
        field(at, "architecture.tabular.options.width").set_value(width).run()
    assert len(filled.jobs.list(kinds=("measure",))) == 1


def test_a_network_that_cannot_be_built_says_why(open_page, filled):
    at = open_page("new_run", data="d1")
    job = factories.start(filled, "light")
    filled.jobs.end(job.id, "tests", "failed", reason=Message(code="out_of_memory"))
    at.run()
    assert "ran out of memory" in texts(at)


def test_open_problems_of_the_data_are_mentioned(open_page, filled):
    told = "that you may want to look at first"
    assert f"The data has 1 problem {told}" in texts(open_page("new_run", data="d1"))
    assert told not in texts(open_page("new_run", data="d2"))


@pytest.mark.parametrize("group", ["inputs", "split", "preparation", "loss", "optimiser", "schedule", "stopping"])
def test_each_group_opens(open_page, filled, group):
    at = open_page("new_run", data="d1")
    at.session_state[f"new.group.{group}"] = True
    at.run()
    assert not at.exception, at.exception


def expander(at, name):
    """What the browser knows a group by, and whether it is open."""
    box = next(box for box in at.expander if name in box.label)
    return box.proto.id, box.proto.expanded


def test_a_group_stays_open_when_something_in_it_changes(open_page, filled):
    at = open_page("new_run", data="d1")
    at.session_state["new.group.split"] = True
    opened = expander(at.run(), "Split")
    field(at, "split.test_fraction").set_value("0.2").run()
    assert "1 changed<" in texts(at)
    assert expander(at, "Split") == opened and opened[1]


def test_what_is_put_back_to_its_default_is_not_changed(open_page, filled):
    at = open_page("new_run", data="d1")
    at.session_state["new.group.split"] = True
    at.run()
    field(at, "split.test_fraction").set_value("0.2").run()
    assert at.query_params["set"] == "split.test_fraction=0.2"
    field(at, "split.test_fraction").set_value(".15").run()
    assert field(at, "split.test_fraction").value == "0.15"
    assert "1 changed<" not in texts(at) and "set" not in at.query_params


def test_cloning_starts_from_a_run_s_settings(open_page, filled):
    at = open_page("new_run", data="d1")
    field(at, "optimisation.epochs").set_value(9).run()
    train(at)
    source = filled.runs.list()[0]
    assert "A clone of" not in texts(open_page("new_run", data="d1"))
    again = open_page("new_run", **{"from": source.id})
    assert f"A clone of {source.choice}: change what you like." in texts(again)
    [link] = [link for link in again.get("page_link") if link.proto.label == "Show that run"]
    assert link.proto.query_string == f"run={source.id}"
    assert field(again, "optimisation.epochs").value == 9
    train(again)
    clone = filled.runs.get(filled.runs.list()[0].id)
    assert clone.id != source.id and clone.fingerprint == source_fingerprint(filled, source.id)


def source_fingerprint(store, run_id):
    return store.runs.get(run_id).fingerprint


def test_an_unknown_run_or_dataset_leads_on(open_page, filled):
    for query in ({"from": "r-none"}, {"data": "d-none"}):
        assert "Not found" in texts(open_page("new_run", **query))


def test_chinese_names_and_values_are_fine(open_page, filled):
    at = open_page("new_run", data="d3")
    assert "企鹅数据集" in at.selectbox(key="new.dataset").options
    train(at)
    assert filled.runs.list()[0].dataset_name == "企鹅数据集"


def test_a_failed_count_is_tried_again_after_a_while(open_page, filled, monkeypatch):
    at = open_page("new_run", data="d1")
    job = factories.start(filled, "light")
    filled.jobs.end(job.id, "tests", "failed", reason=Message(code="out_of_memory"))
    at.run()
    assert not filled.jobs.list(kinds=("measure",))
    monkeypatch.setattr("ui.form_measure.RETRY_AFTER_S", -1)
    at.run()
    assert len(filled.jobs.list(kinds=("measure",))) == 1


def test_steps_per_epoch_are_those_of_training(open_page, filled, monkeypatch):
    """A single row left over joins the step before it."""
    rows = {"train": 65, "val": 10, "test": 10}
    monkeypatch.setattr("ui.form_meaning.num_rows_by_part", lambda spec, profile: dict(rows))
    at = open_page("new_run", data="d1")
    field(at, "optimisation.batch_size").select("64").run()
    assert "Steps per epoch</dt><dd>1<" in texts(at)
    rows["train"] = 66
    at.run()
    assert "Steps per epoch</dt><dd>2<" in texts(at)


def test_stopping_a_question_is_not_asking_again(open_page, filled):
    """A measurement that was dropped for a newer one is asked anew when its settings come back."""
    at = open_page("new_run", data="d1")
    first = filled.jobs.list(kinds=("measure",))[0]
    filled.jobs.request_stop(first.id, STOP_GENTLY)
    at.run()
    assert [job.id != first.id for job in filled.jobs.list(kinds=("measure",))] == [True]


def test_a_reload_keeps_what_was_decided(open_page, filled):
    at = open_page("new_run", data="d1")
    field(at, "optimisation.lr").set_value("0.0003").run()
    again = open_page("new_run", **dict(at.query_params))
    assert field(again, "optimisation.lr").value == "0.0003"
    train(again)
    assert filled.runs.get(filled.runs.list()[0].id).spec.optimisation.lr == 0.0003
