"""What a run's page says and offers when somebody deleted files of it from the workspace."""

import json

import pytest

from tests.pages.conftest import texts
from tests.pages.run_page import named, open_tab


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


def test_the_list_says_whose_folder_is_gone(open_page, filled, home):
    for name in ("failed one", "running one"):
        home.run(named(filled, name).id).mkdir()
    at = open_page("runs")
    rows = json.loads(at.get("bidi_component")[0].proto.json)["rows"]
    states = {row["name"]: row["state"]["text"] for row in rows}
    assert states["finished one"] == "Files gone", "it has a report"
    assert (states["failed one"], states["企鹅 等待"]) == ("Failed", "Waiting")


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
