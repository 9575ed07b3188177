"""Files to predict: kept on disk, queued, answered, and gone in time."""

import os
import time
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from leyden import actions
from leyden.home import Home
from leyden.prediction.files import KEPT_S, discard, remove_old
from leyden.store.records import Job, Run
from leyden.store.store import Store
from tests.leyden.factories import CPU


@pytest.fixture(autouse=True)
def no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs stay queued: what happens to them then is not the routes' matter."""
    monkeypatch.setattr("leyden.actions.wake_supervisor", lambda home: None)


@pytest.fixture
def model(run: Run, store: Store, home: Home) -> str:
    (home.run(run.id) / "best.ckpt").write_bytes(b"weights")
    files = {"best.ckpt": {"path": f"runs/{run.id}/best.ckpt", "sha256": "", "bytes": 7}}
    store.models.put(run.id, kind="run", run_id=run.id, files=files)
    return run.id


def put(client: TestClient, model: str, content: bytes = b"a,b\n1,2\n", name: str = "新 rows.csv"):
    return client.put("/api/predictions", params={"model": model, "name": name}, content=content)


def queued(store: Store) -> Job:
    [job] = store.jobs.list(kinds=("predict",))
    return job


def end(store: Store) -> Job:
    """Claims and ends the queued prediction."""
    job = store.queue.claim_next("light", "tests", **CPU)
    store.jobs.end(job.id, "tests", "finished", result={})
    return store.jobs.get(job.id)


def test_a_file_reaches_the_disk_and_queues_its_prediction(
    client: TestClient, model: str, home: Home, store: Store
):
    answer = put(client, model).json()
    job = queued(store)
    folder = home.predictions / answer["upload"]
    assert answer["job"] == job.id and job.run_id == model
    assert (folder / "新 rows.csv").read_bytes() == b"a,b\n1,2\n"
    assert job.payload == {
        "path": str(folder / "新 rows.csv"),
        "out": str(folder / "predictions.csv"),
        "remove_source": True,
    }


@pytest.mark.parametrize(
    ("model_id", "content", "status", "code"),
    [("nothing", b"a", 404, "model_unknown"), (None, b"", 400, "upload_empty")],
)
def test_nothing_stays_of_a_refused_file(
    client: TestClient, model: str, home: Home, store: Store, model_id, content, status, code
):
    answer = put(client, model_id or model, content)
    assert (answer.json()["code"], answer.status_code) == (code, status)
    assert list(home.predictions.iterdir()) == [] and store.jobs.list(kinds=("predict",)) == []


def test_answers_are_given_back_until_they_are_removed(client: TestClient, model: str, home: Home, store: Store):
    token = put(client, model).json()["upload"]
    out = home.predictions / token / "predictions.csv"
    job = queued(store)
    assert client.get(f"/api/predictions/{job.id}.csv").json()["code"] == "predictions_gone"
    out.write_text("prediction\n猫\n")
    discard(home, job)
    assert out.exists(), "a job that works is not disturbed"
    job = end(store)
    answer = client.get(f"/api/predictions/{job.id}.csv")
    # Spreadsheets need the mark, and the name says whose answers these are.
    assert answer.text == "\ufeffprediction\n猫\n"
    named = f"filename*=utf-8''{quote('新 rows-predictions.csv')}"
    assert answer.headers["content-disposition"] == f"attachment; {named}"
    discard(home, job)
    assert not out.parent.exists()
    assert client.get(f"/api/predictions/{job.id}.csv").json()["code"] == "predictions_gone"


def test_files_of_other_jobs_are_not_given_away(
    client: TestClient, model: str, home: Home, store: Store, tmp_path
):
    source, out = tmp_path / "rows.csv", tmp_path / "predictions.csv"
    source.touch()
    out.write_text("mine")
    job = actions.predict_file(home, store, model, source, out)
    assert client.get(f"/api/predictions/{job.id}.csv").status_code == 404
    assert client.get("/api/predictions/999.csv").json()["code"] == "job_unknown"


def test_what_is_old_goes_unless_somebody_works_on_it(client: TestClient, model: str, home: Home, store: Store):
    first = home.predictions / put(client, model).json()["upload"]
    long_ago = time.time() - KEPT_S - 60
    for path in (*first.iterdir(), first):
        os.utime(path, (long_ago, long_ago))
    remove_old(home, store)
    assert first.exists()
    end(store)
    second = home.predictions / put(client, model).json()["upload"]
    assert not first.exists() and second.exists(), "each upload makes room"


@pytest.mark.parametrize("job", ["7", "9" * 20, "9" * 5000, "-1", "x", "1.5", "٣"])
def test_answers_of_a_job_that_cannot_be_are_not_found(client: TestClient, job: str):
    response = client.get(f"/api/predictions/{job}.csv")
    assert response.status_code == 404 and response.json()["code"] == "job_unknown"


def test_what_somebody_else_removes_first_is_no_failure(home: Home, store: Store):
    old, racing = home.predictions / "old", home.predictions / "racing"
    for folder in (old, racing):
        folder.mkdir()
    # Listed, but not there when it is looked at: so it is while another process removes the folder.
    (racing / "gone.csv").symlink_to(racing / "nothing")
    long_ago = time.time() - KEPT_S - 60
    for folder in (old, racing):
        os.utime(folder, (long_ago, long_ago))
    remove_old(home, store)
    assert not old.exists() and racing.exists()
