import csv
import io
import time

import pytest
from starlette.testclient import TestClient

from leyden.home import Home
from leyden.reports.model import Report
from leyden.run_folder import report_file
from leyden.store.metrics import Metrics
from leyden.store.records import Point, Run
from leyden.store.store import Store
from tests.leyden.factories import CPU
from ui.routes.downloads import FILES, ROWS_PER_CHUNK

MAY_BE_SEALED = "predictions-test.csv"


@pytest.mark.parametrize("name", [name for name in FILES if name != MAY_BE_SEALED])
def test_a_listed_file_is_sent_as_it_is(client: TestClient, home: Home, run: Run, name: str):
    content = bytes(range(256)) * 300
    (home.run(run.id) / name).write_bytes(content)
    response = client.get(f"/api/runs/{run.id}/files/{name}", headers={"accept-encoding": "gzip"})
    assert response.content == content
    assert response.headers["content-disposition"] == f'attachment; filename="{run.id}-{name}"'
    if name != "log.txt":
        assert response.headers["content-encoding"] == "identity"
        assert response.headers["content-length"] == str(len(content))


@pytest.mark.parametrize(
    "name",
    ["owner.lock", "..%2F..%2Fleyden.db", "%2e%2e", "../spec.json", "best.ckpt%00", "best.ckpt/", "last.ckpt"],
)
def test_nothing_else_leaves_the_folder(client: TestClient, home: Home, run: Run, name: str):
    (home.run(run.id) / "owner.lock").touch()
    response = client.get(f"/api/runs/{run.id}/files/{name}", follow_redirects=False)
    assert response.status_code == 404
    assert response.json()["code"] in ("file_unknown", "address_unknown")


@pytest.mark.parametrize("path", ["files/best.ckpt", "metrics.csv", "report-val.html"])
def test_an_unknown_run_is_said(client: TestClient, path: str):
    response = client.get(f"/api/runs/r999/{path}")
    assert (response.status_code, response.json()["code"]) == (404, "run_unknown")


def test_test_predictions_are_sealed_until_opened(client: TestClient, home: Home, store: Store, run: Run):
    (home.run(run.id) / MAY_BE_SEALED).write_text("row_id,prediction\n")
    address = f"/api/runs/{run.id}/files/{MAY_BE_SEALED}"
    sealed = client.get(address)
    assert (sealed.status_code, sealed.json()["code"]) == (403, "test_sealed")
    store.reports.put(run.id, "test", headline="accuracy", figures={"accuracy": 0.9}, num_rows=10)
    assert client.get(address).text == "row_id,prediction\n"


def test_metrics_come_in_the_order_they_were_written(client: TestClient, store: Store, run: Run):
    job = store.queue.claim_next("device", "test", **CPU)
    assert job is not None
    points = [
        Point(name="train/loss", step=i, epoch=i / 10, value=1 / (i + 1), time=time.time()) for i in range(4500)
    ]
    store.metrics.write(run.id, job.id, points)
    response = client.get(f"/api/runs/{run.id}/metrics.csv")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [int(row["step"]) for row in rows] == list(range(4500))
    assert float(rows[1]["value"]) == 0.5
    assert set(rows[0]) == {"name", "step", "epoch", "value", "time"}


def test_metrics_are_read_a_page_at_a_time(
    client: TestClient, store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
):
    job = store.queue.claim_next("device", "test", **CPU)
    assert job is not None
    points = [Point(name="train/loss", step=i, epoch=0, value=0.5, time=1) for i in range(2 * ROWS_PER_CHUNK)]
    store.metrics.write(run.id, job.id, points)
    read, lengths = Metrics.read, []

    def noting(*given, **options):
        found = read(*given, **options)
        lengths.append(len(found[0]))
        return found

    monkeypatch.setattr(Metrics, "read", noting)
    assert client.get(f"/api/runs/{run.id}/metrics.csv").text.count("\n") == 2 * ROWS_PER_CHUNK + 1
    assert lengths == [ROWS_PER_CHUNK, ROWS_PER_CHUNK, 0]


def test_a_run_without_metrics_gives_the_head_only(client: TestClient, run: Run):
    assert client.get(f"/api/runs/{run.id}/metrics.csv").text == "name,step,epoch,value,time\n"


def write_report(home: Home, run: Run, part: str) -> None:
    report = Report(
        run=run.id,
        part=part,
        checkpoint="best",
        epoch=3,
        step=30,
        num_rows=10,
        task="classification",
        target="species",
        figures={"accuracy": 0.875},
        sections=(),
    )
    (home.run(run.id) / report_file(part)).write_text(report.model_dump_json())


def test_a_report_is_one_html_file(client: TestClient, home: Home, store: Store, run: Run):
    write_report(home, run, "val")
    store.reports.put(run.id, "val", headline="accuracy", figures={"accuracy": 0.875}, num_rows=10)
    response = client.get(f"/api/runs/{run.id}/report-val.html")
    assert response.headers["content-type"].startswith("text/html")
    assert "attachment" in response.headers["content-disposition"]
    assert run.name in response.text


@pytest.mark.parametrize("part", ["val", "train", "..", "%2e%2e%2fval"])
def test_a_report_that_is_not_there(client: TestClient, run: Run, part: str):
    assert client.get(f"/api/runs/{run.id}/report-{part}.html").status_code == 404


def test_a_test_report_is_sealed_until_opened(client: TestClient, home: Home, run: Run):
    write_report(home, run, "test")
    assert client.get(f"/api/runs/{run.id}/report-test.html").json()["code"] == "test_sealed"
