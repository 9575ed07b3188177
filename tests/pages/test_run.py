import json
import os

import pytest
from streamlit.testing.v1 import AppTest

from leyden.messages.render import Message
from leyden.spec.fields import set_dotted
from leyden.store.records import STOP_GENTLY, STOP_NOW
from lightning_modules.catalog import catalogue
from tests.leyden.reports.examples import NASTY, SECTIONS, example_report
from tests.pages import factories
from tests.pages.conftest import texts
from ui.run_files import tail

TABS = ("Curves", "Report", "Settings", "Log", "Files")


def named(store, name):
    return store.runs.get(next(run.id for run in store.runs.list() if run.name == name))


def chart(at):
    """What was sent to the live chart."""
    found = at.get("bidi_component")
    assert found, "no chart on the page"
    return json.loads(found[0].proto.json)


def open_tab(at, name):
    at.query_params["tab"] = name.lower()
    at.run()
    assert not at.exception, at.exception
    return at


@pytest.fixture
def reported(filled, home):
    """The finished run with its report and files on disk."""
    run = named(filled, "finished one")
    folder = home.run(run.id)
    folder.mkdir(parents=True)
    for name in ("best.ckpt", "last.ckpt", "weights.safetensors", "predictions-val.csv", "predictions-test.csv"):
        (folder / name).write_bytes(b"x" * 2048)
    (folder / "log.txt").write_text("first line\nlast line\n")
    for part in ("val", "test"):
        (folder / f"report-{part}.json").write_text(example_report(run.id, part).model_dump_json())
    return run


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
    assert "best so far" in text and "0.8161" in text


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
    position = at.session_state["run.curves"].position
    filled.metrics.begin_attempt(run.id, run.job.id, 25)
    at.run()
    curves = at.session_state["run.curves"]
    assert curves.generation == 1 and max(curves.series["val/loss"].step) == 25
    assert curves.position < position or len(curves.series["val/loss"]) == 5


def test_without_points_the_chart_says_when_they_come(open_page, filled):
    data = chart(open_page("run", run=named(filled, "企鹅 等待").id))
    assert data["panels"] == [] and "first step" in data["empty"]


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


def test_the_report_is_drawn_by_its_sections(open_page, reported):
    at = open_tab(open_page("run", run=reported.id), "Report")
    text = texts(at)
    assert "0.9700" in text and "95 % between" in text and "by guessing" in text
    for section in SECTIONS.values():
        assert getattr(section, "title", "") in text
    assert len(at.get("plotly_chart")) == 5 and len(at.dataframe) == 1
    assert "<script" not in text and NASTY not in text


def test_a_report_s_titles_can_be_translated(open_page, reported, monkeypatch):
    monkeypatch.setattr("leyden.reports.translated._", lambda text: f"~{text}~")
    at = open_tab(open_page("run", run=reported.id), "Report")
    text = texts(at)
    for section in SECTIONS.values():
        assert not hasattr(section, "title") or f"~{section.title}~" in text
    headline, table = SECTIONS["headline"], SECTIONS["table"]
    for figure in headline.figures:
        assert f"~{figure.title}~" in text
    assert list(at.dataframe[0].value.columns) == [f"~{head}~" for head in table.columns]
    titles = [json.loads(chart.proto.spec)["layout"]["xaxis"]["title"]["text"] for chart in at.get("plotly_chart")]
    for name in ("curves", "scatter", "bars"):
        assert f"~{SECTIONS[name].x_title}~" in titles


def test_baselines_are_trained_on_request_and_stand_beside_the_model(open_page, filled, reported):
    at = open_tab(open_page("run", run=reported.id), "Report")
    at.button(key="run.baselines").click().run()
    (job,) = filled.jobs.list(kinds=("baselines",))
    assert job.payload["part"] == "val" and "wait for their turn" in texts(at)
    factories.start(filled, "idle")
    for name, accuracy in (("constant", 0.4), ("linear", 0.98), ("boosting", 0.9)):
        filled.baselines.put(reported.dataset_id, factories.baseline(reported, name, accuracy))
    filled.jobs.end(job.id, "tests", "finished")
    at.run()
    text = texts(at)
    assert "0.9800 by the best baseline, linear model" in text and "Beside the baselines" in text
    assert "Best baseline" in text and "0.98" in text
    assert not [b for b in at.button if b.key == "run.baselines"]


def test_baselines_that_failed_say_why_and_can_be_tried_again(open_page, filled, reported):
    at = open_tab(open_page("run", run=reported.id), "Report")
    at.button(key="run.baselines").click().run()
    job = factories.start(filled, "idle")
    filled.jobs.end(job.id, "tests", "failed", reason=Message(code="out_of_memory"))
    at.run()
    assert "ran out of memory" in texts(at) and at.button(key="run.baselines")


def test_one_baseline_that_failed_is_told_beside_the_others(open_page, filled, reported):
    at = open_tab(open_page("run", run=reported.id), "Report")
    at.button(key="run.baselines").click().run()
    job = factories.start(filled, "idle")
    for name, accuracy in (("constant", 0.4), ("boosting", 0.9)):
        filled.baselines.put(reported.dataset_id, factories.baseline(reported, name, accuracy))
    reason = Message(code="unexpected_error", params={"kind": "ValueError", "detail": "empty vocabulary"})
    result = {"baselines": ["constant", "boosting"], "failed": {"linear": reason.model_dump(mode="json")}}
    filled.jobs.end(job.id, "tests", "finished", result=result)
    at.run()
    text = texts(at).partition("Learned from")[2]
    places = [text.index(name) for name in ("This model", "Constant answer", "Linear model", "Boosted trees")]
    assert places == sorted(places)
    assert places[2] < text.index("could not be trained: ValueError: empty vocabulary") < places[3]
    assert "Baselines that are missing: Linear model." in texts(at)
    at.button(key="run.baselines").click().run()
    assert filled.jobs.list(kinds=("baselines",))[0].payload["part"] == "val"


@pytest.mark.parametrize("state", ["stopped", "failed"])
def test_a_report_can_be_made_after_a_hard_end(open_page, filled, home, state):
    run = named(filled, f"{state} one")
    at = open_tab(open_page("run", run=run.id), "Report")
    assert "before its first checkpoint" in texts(at) and not [b for b in at.button if b.key == "run.report"]
    home.run(run.id).mkdir(parents=True)
    (home.run(run.id) / "best.ckpt").write_bytes(b"x")
    at.run()
    assert "best checkpoint so far is saved" in texts(at)
    at.button(key="run.report").click().run()
    (job,) = filled.jobs.list(run_id=run.id)
    assert (job.kind, job.payload) == ("evaluate", {"part": "val"})
    assert "Starting" in texts(at) and not [b for b in at.button if b.key == "run.report"]
    factories.start(filled, "light")
    filled.jobs.end(job.id, "tests", "failed", reason=Message(code="out_of_memory"))
    at.run()
    assert "ran out of memory" in texts(at) and at.button(key="run.report")


def test_a_report_of_an_earlier_checkpoint_says_so(open_page, filled, reported, home):
    at = open_tab(open_page("run", run=reported.id), "Report")
    assert "trained further" not in texts(at)
    later = (home.run(reported.id) / "report-val.json").stat().st_mtime + 1
    os.utime(home.run(reported.id) / "best.ckpt", (later, later))
    at.run()
    assert "trained further" in texts(at) and "by guessing" in texts(at)
    at.button(key="run.report").click().run()
    assert [job.payload for job in filled.jobs.list(run_id=reported.id)] == [{"part": "val"}]


def test_test_rows_stay_sealed_until_opened(open_page, filled, reported):
    at = open_tab(open_page("run", run=reported.id), "Report")
    assert "Sealed" in texts(at) and "Opened 0 times" in texts(at)
    at.button(key="run.open-test").click().run()
    assert [job.kind for job in filled.jobs.list(run_id=reported.id)] == ["evaluate"]
    assert "Starting" in texts(at) and not [b for b in at.button if b.key == "run.open-test"]
    job = factories.start(filled, "light")
    filled.reports.count_opening(reported)
    filled.reports.put(reported.id, "test", headline="accuracy", figures={"accuracy": 0.9}, num_rows=52)
    filled.jobs.end(job.id, "tests", "finished")
    at.run()
    assert "1 time" in texts(at) and len(at.get("plotly_chart")) == 10


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
    at.number_input(key="run.epochs").set_value(77).run()
    at.button(key="run.longer").click().run()
    run = filled.runs.get(reported.id)
    assert run.state == "queued" and run.epochs == 77


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
    at.session_state["run.tab"] = "Settings"
    at.run()
    assert "tab" not in at.query_params, "only a click writes it"
    for tab in TABS:
        opened = open_page("run", run=run.id, tab=tab.lower())
        assert opened.session_state["run.tab"] == tab


@pytest.mark.parametrize("tab", ["nonsense", "", "Report,Log"])
def test_a_tab_that_is_none_opens_the_first(open_page, filled, tab):
    at = open_page("run", run=named(filled, "finished one").id, tab=tab)
    assert at.session_state["run.tab"] == "Curves"


def record_model(store, run):
    """What the store keeps of a run's best checkpoint."""
    file = {"path": f"runs/{run.id}/best.ckpt", "sha256": "0", "bytes": 1}
    store.models.put(run.id, kind="run", run_id=run.id, files={"best.ckpt": file})


@pytest.mark.parametrize("name", ["finished one", "stopped one"])
def test_a_run_whose_folder_is_gone_says_so_and_offers_nothing_that_cannot_work(open_page, filled, home, name):
    run = named(filled, name)
    record_model(filled, run)
    at = open_page("run", run=run.id)
    note = at.warning[0].value.replace("\\", "")
    assert f"{home.run(run.id)} should hold best.ckpt" in note and "press Start again" in note
    keys = {one.key for one in at.button}
    assert "run.predict" not in keys and not at.get("link_button")[1:], "only the curves' numbers can be taken"
    assert "The report is gone from the workspace" in texts(open_tab(at, "Report"))
    assert "The log is gone" in texts(open_tab(at, "Log"))
    text = texts(open_tab(at, "Files"))
    assert "Gone from the workspace: best.ckpt" in text and "metrics.csv" in text
    assert "report-val.html" not in text and not at.code
    at.button(key="run.resume").click().run()
    assert filled.runs.get(run.id).state == "queued" and not at.warning


def test_a_run_with_all_its_files_says_nothing_of_lost_ones(open_page, filled, reported):
    record_model(filled, reported)
    at = open_page("run", run=reported.id)
    assert not at.warning and "run.predict" in {one.key for one in at.button}
    assert "run.resume" not in {one.key for one in at.button}


def test_a_report_that_is_gone_can_be_made_again_from_the_checkpoint(open_page, filled, reported, home):
    record_model(filled, reported)
    (home.run(reported.id) / "report-val.json").unlink()
    at = open_tab(open_page("run", run=reported.id), "Report")
    assert "report is gone" in texts(at) and at.button(key="run.report") and not at.warning


def test_test_rows_cannot_be_opened_without_the_checkpoint(open_page, filled, reported, home):
    record_model(filled, reported)
    (home.run(reported.id) / "best.ckpt").unlink()
    at = open_tab(open_page("run", run=reported.id), "Report")
    assert "press Resume" in at.warning[0].value
    assert "cannot be judged" in texts(at) and "run.open-test" not in {one.key for one in at.button}
