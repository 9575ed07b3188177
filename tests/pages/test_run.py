import json

import pytest
from streamlit.testing.v1 import AppTest

from leyden.messages.render import Message
from leyden.spec.fields import set_dotted
from leyden.store.records import STOP_GENTLY, STOP_NOW
from lightning_modules.catalog import catalogue
from tests.pages import factories
from tests.pages.conftest import texts
from tests.pages.run_page import named, open_tab
from tests.sessions import notes
from ui.run_files import tail
from ui.run_status import best_epoch_so_far

TABS = ("Curves", "Report", "Settings", "Log", "Files")


def chart(at):
    """What was sent to the live chart."""
    found = at.get("bidi_component")
    assert found, "no chart on the page"
    return json.loads(found[0].proto.json)


def test_an_unknown_run_leads_on(open_page, filled):
    assert "Not found" in texts(open_page("run", run="r-none"))
    assert "Not found" in texts(open_page("run"))


@pytest.mark.parametrize("name", ["finished one", "failed one", "stopped one", "running one", "企鹅 等待"])
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_draws_in_every_state(open_page, filled, name, tab):
    run = named(filled, name)
    at = open_tab(open_page("run", run=run.id), tab)
    assert name in texts(at)


def test_its_note_and_tags_stand_on_the_page(open_page, filled):
    run = named(filled, "finished one")
    assert '"ly-remark"' not in texts(open_page("run", run=run.id))
    filled.runs.set_note(run.id, "first <b>line</b>\nsecond")
    filled.runs.add_tags([run.id], ["论文", "<i>slow"])
    text = texts(open_page("run", run=run.id))
    assert '<p class="ly-remark">first &lt;b&gt;line&lt;/b&gt;\nsecond</p>' in text
    assert "<li>论文</li>" in text and "<li>&lt;i&gt;slow</li>" in text


def test_tags_of_one_run_are_edited(filled):
    def script(run_id):
        from ui.run_labels import tags_dialog

        tags_dialog(run_id)

    run, other = named(filled, "finished one"), named(filled, "failed one")
    filled.runs.add_tags([other.id], ["known"])
    at = AppTest.from_function(script, args=(run.id,), default_timeout=30).run()
    assert at.multiselect[0].options == ["known"]
    at.multiselect[0].set_value(["known"]).run()
    assert filled.runs.get(run.id).tags == ("known",)
    at.multiselect[0].set_value([]).run()
    assert filled.runs.get(run.id).tags == () and filled.runs.get(other.id).tags == ("known",)


def test_the_menu_of_a_run_leads_to_its_tags(open_page, filled, monkeypatch):
    asked = []
    monkeypatch.setattr("ui.run_actions.tags_dialog", asked.append)
    monkeypatch.setattr("streamlit.menu_button", lambda *_arguments, **_options: "tags")
    run = named(filled, "finished one")
    open_page("run", run=run.id)
    assert asked == [run.id]


def test_a_running_run_says_how_far_it_is(open_page, filled):
    at = open_page("run", run=named(filled, "running one").id)
    text = texts(at)
    assert "Running" in text and "Epoch 10 of 50" in text and "10 of 50" in text
    assert "best epoch so far" in text and "0.8161" in text


def test_the_figure_of_a_running_run_is_of_the_epoch_that_will_be_reported():
    task = catalogue().tasks["classification"]
    values = {"val/loss": [0.9, 0.4, 0.7], "val/f1_macro": [0.5, 0.8, 0.9, 0.95], "val/accuracy": [0.1, 0.6, 0.7]}
    card, value = best_epoch_so_far(task, lambda name: values.get(name, []))
    assert value == values[f"val/{card.name}"][1]
    assert best_epoch_so_far(task, lambda name: [] if name == "val/loss" else values.get(name, [])) is None


def test_the_first_stop_is_gentle_and_the_second_is_not(open_page, filled):
    run = named(filled, "running one")
    at = open_page("run", run=run.id)
    at.button(key="run.stop").click().run()
    assert filled.runs.get(run.id).job.stop_request == STOP_GENTLY
    assert "Stopping" in texts(at)
    at.button(key="run.stop-now").click().run()
    assert filled.runs.get(run.id).job.stop_request == STOP_NOW
    assert at.button(key="run.stopping").disabled


def test_a_waiting_run_says_what_is_before_it_and_can_be_stopped(open_page, filled):
    run = named(filled, "企鹅 等待")
    at = open_page("run", run=run.id)
    assert "when 1 before it are done" in texts(at)
    at.button(key="run.stop").click().run()
    assert filled.runs.get(run.id).state == "stopped"


def test_a_failed_run_says_why_and_can_start_again(open_page, filled, home):
    run = factories.add_run(filled, name="broken one")
    filled.jobs.request_stop(named(filled, "企鹅 等待").job.id)
    factories.finish(filled, run, "failed", reason=Message(code="out_of_memory"))
    at = open_page("run", run=run.id)
    assert "ran out of memory" in texts(at)
    at.button(key="run.resume").click().run()
    assert filled.runs.get(run.id).state == "queued" and filled.runs.get(run.id).job.attempt == 2


def test_curves_are_sent_with_the_best_epoch(open_page, filled):
    data = chart(open_page("run", run=named(filled, "running one").id))
    panels = {panel["id"]: panel for panel in data["panels"]}
    assert {"loss", "accuracy", "f1_macro"} <= set(panels)
    lines = {line["role"]: line for line in panels["loss"]["lines"]}
    assert len(lines["train"]["x"]) == len(lines["val"]["y"]) == 10
    assert panels["loss"]["mark"] == 10 and lines["val"]["newest"] == "0.4179"


def test_only_new_points_are_read_and_a_new_generation_starts_over(open_page, filled):
    run = named(filled, "running one")
    at = open_page("run", run=run.id)
    position = notes(at)["run.curves"].position
    filled.metrics.begin_attempt(run.id, run.job.id, 25)
    at.run()
    curves = notes(at)["run.curves"]
    assert curves.generation == 1 and max(curves.series["val/loss"].step) == 25
    assert curves.position < position or len(curves.series["val/loss"]) == 5


def test_without_points_the_chart_says_when_they_come(open_page, filled):
    data = chart(open_page("run", run=named(filled, "企鹅 等待").id))
    assert data["panels"] == [] and "first step" in data["empty"]


@pytest.mark.parametrize("name", ["running one", "stopped one"])
def test_hidden_panels_are_not_points_that_are_still_to_come(open_page, filled, name):
    run = named(filled, name)
    shown = [panel["id"] for panel in chart(open_page("run", run=run.id))["panels"]]
    data = chart(open_page("run", run=run.id, hidden=",".join(shown)))
    assert data["panels"] == [] and data["empty"] == "All panels are hidden; tick some under Panels."


def test_axis_log_and_panels_are_a_person_s_choice_and_stand_in_the_address(open_page, filled):
    run = named(filled, "running one")
    at = open_page("run", run=run.id, x="step")
    next(one for one in at.toggle if one.label == "Log loss axis").set_value(True).run()
    data = chart(at)
    assert data["x_title"] == "Step" and data["panels"][0]["log"] and not data["panels"][1]["log"]
    assert data["panels"][0]["lines"][0]["x"][0] == 5
    at.checkbox[1].set_value(False).run()
    assert len(chart(at)["panels"]) == len(data["panels"]) - 1
    assert at.query_params["log"] == "1" and at.query_params["hidden"] == data["panels"][1]["id"]
    again = open_page("run", run=run.id, **{name: at.query_params[name] for name in ("x", "log", "hidden")})
    assert chart(again) == chart(at)


def test_files_are_links_and_test_predictions_stay_sealed(open_page, filled, reported):
    at = open_tab(open_page("run", run=reported.id), "Files")
    text = texts(at)
    for name in ("files/best.ckpt", "files/weights.safetensors", "metrics.csv", "report-val.html"):
        assert f'href="/api/runs/{reported.id}/{name}"' in text
    assert "predictions-test.csv" not in text and "report-test.html" not in text
    assert f'lightning_modules.load("{reported.id}-best.ckpt")' in at.code[0].value


def test_settings_emphasise_what_differs(open_page, filled):
    at = open_tab(open_page("run", run=named(filled, "finished one").id), "Settings")
    assert "class=ly-changed" in texts(at) and "from the defaults" in texts(at)
    assert at.code[0].value.startswith("python -m leyden train")


def test_a_device_and_its_default_are_named_alike(open_page, home, store):
    factories.add_table(home, store)
    spec = set_dotted(factories.add_run(store).spec, {"hardware.device": "cpu"}, catalogue())
    run = store.runs.submit(spec, split_hash="s1", name="on the processor")
    text = texts(open_page("run", run=run.id, tab="settings"))
    assert "Default: Automatic" in text and "Default: auto" not in text and "<dd class=ly-changed>CPU" in text


def test_the_log_shows_its_end(open_page, reported):
    at = open_tab(open_page("run", run=reported.id), "Log")
    assert "last line" in texts(at)


def test_training_longer_takes_a_new_total(open_page, filled, reported):
    at = open_page("run", run=reported.id)
    # Typed and clicked at once, as a quick person does: one question to the server brings both.
    at.number_input(key=f"run.epochs.{reported.id}").set_value(77)
    at.button(key="run.longer").click().run()
    run = filled.runs.get(reported.id)
    assert run.state == "queued" and run.epochs == 77


def test_the_second_of_two_quick_presses_is_no_failure(filled, reported):
    def script(run_id):
        from ui.run_actions import _resume

        for _press in range(2):
            _resume(run_id, 77)

    at = AppTest.from_function(script, args=(reported.id,)).run()
    assert not at.exception and "leyden.flashes" not in notes(at)
    assert filled.runs.get(reported.id).epochs == 77


@pytest.mark.parametrize(("name", "is_told"), [("finished one", True), ("stopped one", False)])
def test_a_run_that_early_stopping_ended_says_so(open_page, filled, name, is_told):
    at = open_page("run", run=named(filled, name).id)
    assert ("validation loss had not become better for 15 epochs" in texts(at)) is is_told


def test_a_run_that_trained_all_its_epochs_was_not_ended_early(open_page, store, home):
    factories.add_table(home, store)
    run = factories.add_run(store)
    factories.finish(store, run)
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE metrics SET epoch = {run.epochs} WHERE epoch = 10")
    assert "Early stopping" not in texts(open_page("run", run=run.id))


def test_too_few_epochs_are_told(open_page, filled, reported):
    at = open_page("run", run=reported.id)
    at.number_input(key=f"run.epochs.{reported.id}").set_value(1)
    at.button(key="run.longer").click().run()
    assert "give a larger total" in at.toast[0].value
    assert filled.runs.get(reported.id).state == "finished"


def test_cloning_leads_to_the_form(open_page, filled, reported):
    at = open_page("run", run=reported.id)
    at.button(key="run.clone").click().run()
    assert not at.exception
    assert reported.id in at.query_params["from"] and [b for b in at.button if b.key == "new.train"]


@pytest.mark.parametrize(
    ("content", "longest", "expected"),
    [
        ("a\nb\n", 100, ("a\nb\n", False)),
        ("a\nbb\ncc\n", 5, ("cc\n", True)),
        ("", 10, ("", False)),
        ("one long line", 4, ("line", True)),
        ("数\n据\n", 6, ("据\n", True)),
    ],
)
def test_tail(tmp_path, content, longest, expected):
    path = tmp_path / "log.txt"
    path.write_text(content, encoding="utf-8")
    assert tail(path, longest) == expected


def test_several_processes_are_told(open_page, home, store):
    factories.add_table(home, store)
    run = factories.add_run(store)
    job = factories.train(store, run)
    assert "processes" not in texts(open_page("run", run=run.id))
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE jobs SET num_devices = 3 WHERE id = {job.id}")
    assert "CPU, 3 processes" in texts(open_page("run", run=run.id))
    assert "CPU, 3 processes" in texts(open_page("queue"))


def test_the_open_tab_stands_in_the_address(open_page, filled):
    run = named(filled, "finished one")
    at = open_page("run", run=run.id)
    at.session_state["run.tab.curves"] = "Settings"
    at.run()
    assert "tab" not in at.query_params, "only a click writes it"
    for tab in TABS:
        opened = open_page("run", run=run.id, tab=tab.lower())
        assert opened.session_state[f"run.tab.{tab.lower()}"] == tab


@pytest.mark.parametrize("tab", ["nonsense", "", "Report,Log"])
def test_a_tab_that_is_none_opens_the_first(open_page, filled, tab):
    at = open_page("run", run=named(filled, "finished one").id, tab=tab)
    assert at.session_state["run.tab.curves"] == "Curves"
