"""Reports and predictions from the command line, on runs that are written through the store."""

import json
from pathlib import Path

import pandas as pd

from leyden.cli import waiting
from leyden.home import Home
from leyden.messages.render import Message, show
from leyden.run_folder import BEST
from leyden.store.store import Store
from tests.leyden.cli.conftest import Piped, ends_as, require_one_sentence
from tests.leyden.factories import CPU
from tests.pages.factories import baseline
from tests.pages.reported import explored


def test_a_report_tells_its_intervals(leyden, home: Home, store: Store, run: str, dataset: str):
    explored(home, store, dataset, store.runs.get(run))
    path = home.run(run) / "report-val.json"
    report = json.loads(path.read_text())
    path.write_text(json.dumps({**report, "intervals": {"accuracy": {"low": 0.7, "high": 0.875}}}))
    answer = leyden("report", run, "--json").json
    assert answer["intervals"] == {"val": {"accuracy": {"low": 0.7, "high": 0.875}}}
    assert "(95 %: 0.7 to 0.875)" in leyden("report", run).out
    path.unlink()
    assert leyden("report", run, "--json").json["intervals"] == {"val": {}}


def test_a_report_tells_why_a_baseline_is_missing(leyden, home: Home, store: Store, run: str, dataset: str):
    found = explored(home, store, dataset, store.runs.get(run))
    store.baselines.put(dataset, baseline(found, "constant", 0.4))
    job = store.queue.claim_next("idle", "s", **CPU)
    assert job and job.subject == found.question
    reason = Message(code="unexpected_error", params={"kind": "ValueError", "detail": "no word"})
    failed = {"linear": reason.model_dump(mode="json")}
    store.jobs.end(job.id, "s", "finished", result={"baselines": ["constant"], "failed": failed})
    answer = leyden("report", run, "--json").json
    assert answer["baselines"] == {"val": {"constant": {"accuracy": 0.4}}}
    assert answer["failed_baselines"] == {"val": {"linear": "ValueError: no word"}}
    assert "linear: could not be trained: ValueError: no word" in leyden("report", run).out


def test_a_report_tells_the_lead_over_the_best_baseline(leyden, home: Home, store: Store, run: str, dataset: str):
    found = explored(home, store, dataset, store.runs.get(run))
    assert leyden("report", run, "--json").json["lead"] == {"val": {}}
    store.baselines.put(dataset, baseline(found, "constant", 0.4))
    answers = home.baseline_answers(dataset, found.question, "val", "constant")
    answers.parent.mkdir()
    judged = pd.read_parquet(home.run(run) / "predictions-val.parquet", columns=["species"])
    judged.assign(prediction=judged["species"].iloc[0]).to_parquet(answers)
    lead = leyden("report", run, "--json").json["lead"]["val"]["constant"]["accuracy"]
    behind = 0.8 - (judged["species"] == judged["species"].iloc[0]).mean()
    assert 0 < lead["low"] < behind < lead["high"] < 1
    assert f"(this run minus it, 95 %: {show(lead['low'])} to {show(lead['high'])})" in leyden("report", run).out


def test_a_report_by_the_values_of_a_column(leyden, home: Home, store: Store, run: str, dataset: str):
    explored(home, store, dataset, store.runs.get(run))
    answer = leyden("report", run, "--by", "island", "--json").json["slices"]
    assert answer["column"] == "island"
    whole, *groups = answer["groups"]
    assert whole["group"] == "All rows" and whole["figures"]["accuracy"] == 0.8
    assert {one["group"]: one["rows"] for one in groups} == {"Dream": 30, "Biscoe": 30}
    assert "By island" in (text := leyden("report", run, "--by", "island").out) and "Dream" in text
    for column in ("species", "no such"):
        refused = leyden("report", run, "--by", column)
        require_one_sentence(refused)
        assert f"'{column}'" in refused.err and "bill_mm" in refused.err
    refused = leyden("report", run, "--split", "test", "--by", "no such")
    assert "'no such'" in refused.err and store.jobs.list(kinds=("evaluate",)) == [], "before the test is opened"
    (home.run(run) / "predictions-val.parquet").unlink()
    assert "not in its folder" in leyden("report", run, "--by", "island").err


def test_a_dash_is_standard_input_and_output(leyden, home: Home, store: Store, run: str, monkeypatch):
    def predicted(home: Home) -> bool:
        job = store.queue.claim_next("light", "tests", **CPU)
        if job:
            taken, out = Path(str(job.payload["path"])), Path(str(job.payload["out"]))
            out.write_bytes(b"prediction\r\n" + taken.read_bytes())
            result = {"rows": 3, "unanswered": 2, "outside": []}
            store.jobs.end(job.id, "tests", "finished", result=result)
        return False

    (home.run(run) / BEST).parent.mkdir(parents=True, exist_ok=True)
    (home.run(run) / BEST).write_bytes(b"weights")
    monkeypatch.setattr(waiting, "wake_supervisor", predicted)
    monkeypatch.setattr("sys.stdin", Piped("企鹅\r\n".encode()))
    answer = leyden("predict", run, "-", "--out", "-")
    assert (answer.code, answer.out.splitlines()) == (0, ["prediction", "企鹅"])
    assert "2 of 3 rows without an answer: the picture or text file is empty, or cannot be read." in answer.err
    assert list(home.predictions.iterdir()) == []
    require_one_sentence(leyden("predict", run, "-", "--out", "-", "--json"))
    assert "stdin" in (told := leyden("predict", "--help").out) and "stdout" in told


def test_a_model_that_was_deleted_is_not_waited_for(leyden, store: Store, run: str, table: Path, tmp_path: Path):
    ends_as("finished", None, store)(Home(tmp_path))
    answer = leyden("predict", run, table, "--out", tmp_path / "out.csv")
    require_one_sentence(answer)
    assert "is gone" in answer.err and "wait" not in answer.err
