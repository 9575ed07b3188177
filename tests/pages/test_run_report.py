"""The Report tab of a run: its sections, the baselines beside them, and the sealed test rows."""

import json
import os

import pytest

from leyden.messages.render import Message
from tests.leyden.reports.examples import NASTY, SECTIONS
from tests.pages import factories
from tests.pages.conftest import texts
from tests.pages.run_page import named, open_tab


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
    at.run()
    assert "Best baseline so far" in texts(at)
    filled.jobs.end(job.id, "tests", "finished")
    at.run()
    text = texts(at)
    assert "0.9800 by the best baseline, linear model" in text and "Beside the baselines" in text
    assert "Best baseline" in text and "Best baseline so far" not in text and "0.98" in text
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
