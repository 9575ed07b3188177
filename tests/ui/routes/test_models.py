"""Who may ask a model over HTTP, and what is refused before any model is looked at."""

import stat

import anyio
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from leyden.errors import DataError
from leyden.home import Home
from leyden.prediction.signature import InputColumn, Signature
from leyden.run_folder import SIGNATURE
from leyden.secrets import secret_in
from leyden.store.records import Run
from leyden.store.store import Store
from ui.routes import models


@pytest.fixture
def model(run: Run, store: Store, home: Home) -> str:
    """A model that is recorded, with a file that nobody can load."""
    (home.run(run.id) / "best.ckpt").write_bytes(b"weights")
    files = {"best.ckpt": {"path": f"runs/{run.id}/best.ckpt", "sha256": "", "bytes": 7}}
    store.models.put(run.id, kind="run", run_id=run.id, files=files)
    columns = (InputColumn(name="年龄", kind="number", has_gaps=False, low=1, high=9, default=4),)
    signature = Signature(step=3, task="regression", target="price", columns=columns)
    (home.run(run.id) / SIGNATURE).write_text(signature.model_dump_json())
    return run.id


@pytest.fixture
def program(stranger: TestClient, home: Home) -> TestClient:
    """A program that knows the token."""
    stranger.headers["authorization"] = f"Bearer {secret_in(home.api_token)}"
    return stranger


def test_a_program_with_the_token_is_told_what_a_model_asks_for(program: TestClient, model: str):
    assert program.get(f"/api/models/{model}").json() == {
        "model": model,
        "run": model,
        "task": "regression",
        "target": "price",
        "classes": None,
        "columns": [{"name": "年龄", "kind": "number", "has_gaps": False, "low": 1, "high": 9, "default": 4}],
    }


def test_a_browser_on_the_page_needs_no_token(client: TestClient, model: str):
    assert client.get(f"/api/models/{model}").status_code == 200


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (None, "token_missing"),
        ("Bearer", "token_missing"),
        ("Basic dXNlcjpwYXNz", "token_missing"),
        ("Bearer guessed", "token_refused"),
        ("bearer ", "token_missing"),
    ],
)
def test_a_program_without_the_token_is_refused(stranger: TestClient, model: str, given: str | None, code: str):
    headers = {"authorization": given} if given else {}
    for answer in (
        stranger.get(f"/api/models/{model}", headers=headers),
        stranger.post(f"/api/models/{model}/predict", json={"rows": []}, headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_the_token_opens_nothing_else(program: TestClient, run: Run):
    assert program.get(f"/api/runs/{run.id}/files/best.ckpt").status_code == 403
    assert program.put("/api/uploads?name=a.csv", content=b"a").status_code == 403
    assert program.put("/api/predictions?model=m&name=a.csv", content=b"a").status_code == 403


def test_a_browser_that_another_site_sends_is_refused(client: TestClient, model: str):
    elsewhere = {"origin": "https://elsewhere.example"}
    answer = client.post(f"/api/models/{model}/predict", json={"rows": []}, headers=elsewhere)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")


def test_the_token_is_private(home: Home):
    assert secret_in(home.api_token) == secret_in(home.api_token)
    assert stat.S_IMODE(home.api_token.stat().st_mode) == 0o600


def test_models_that_are_not_there(program: TestClient, model: str, run: Run, store: Store, home: Home):
    def asked(model_id: str) -> tuple[int, str]:
        answer = program.post(f"/api/models/{model_id}/predict", json={"rows": []})
        return answer.status_code, answer.json()["code"]

    assert asked("nothing") == (404, "model_unknown")
    (home.run(run.id) / "best.ckpt").unlink()
    assert asked(model) == (404, "model_file_gone")
    store.models.put("m2", kind="run", run_id=None, files=store.models.get(model).files)
    job = store.runs.get(run.id).job
    store.jobs.request_stop(job.id)
    store.runs.delete(run.id)
    assert asked(model) == (404, "model_unknown")


def test_a_run_without_a_model_is_not_ready(program: TestClient, run: Run):
    answer = program.get(f"/api/models/{run.id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "model_not_ready")


def test_large_requests_are_refused_with_and_without_a_length(program: TestClient, model: str, monkeypatch):
    monkeypatch.setattr(models, "MOST_BYTES", 10**6)

    def chunks():
        yield from (b" " * 600_000,) * 2

    for content in (b" " * 1_000_001, chunks()):
        answer = program.post(f"/api/models/{model}/predict", content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")
        assert "at most 1 MB" in answer.json()["error"]


@pytest.mark.parametrize(("megabytes", "num_read"), [(3, 3), (9, 5)])
def test_what_is_too_large_is_read_on_unless_it_is_far(monkeypatch, megabytes: int, num_read: int):
    monkeypatch.setattr(models, "MOST_BYTES", 10**6)
    read = []

    async def receive():
        read.append(b" " * 10**6)
        return {"type": "http.request", "body": read[-1], "more_body": len(read) < megabytes}

    with pytest.raises(DataError, match="at most 1 MB"):
        anyio.run(models._body, Request({"type": "http", "headers": []}, receive))
    assert len(read) == num_read


def test_a_defect_is_answered_as_json_too(program: TestClient, model: str, monkeypatch, capsys):
    def fail(*_arguments):
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr("ui.routes.models.service.predict", fail)
    answer = program.post(f"/api/models/{model}/predict", json={"rows": [{}]})
    assert (answer.status_code, answer.json()["code"]) == (500, "server_failed")
    assert "ZeroDivisionError" in answer.json()["error"] and "of all things" not in answer.text
    log = capsys.readouterr().err
    assert "of all things" in log and f"POST '/api/models/{model}/predict' failed:" in log


def test_a_mistake_in_asking_is_told_as_such(program: TestClient, model: str):
    for method, path, allowed in (
        ("GET", f"/api/models/{model}/predict", "POST"),
        ("PUT", f"/api/models/{model}/predict", "POST"),
        ("OPTIONS", f"/api/models/{model}/predict", "POST"),
        ("POST", f"/api/models/{model}", "GET"),
    ):
        answer = program.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (405, "method_wrong")
        assert answer.headers["allow"] == allowed and f"asked with {method}" in answer.json()["error"]
    for path in ("/api/models", f"/api/models/{model}/no-such"):
        answer = program.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "address_unknown")


def test_a_mistake_without_the_token_is_refused_first(stranger: TestClient, model: str):
    assert stranger.get(f"/api/models/{model}/predict").status_code == 401
    assert stranger.get("/api/models").status_code == 401
