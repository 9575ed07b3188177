import csv
import io

import pytest
from starlette.testclient import TestClient

from leyden.reports.smooth import smooth
from leyden.reports.working_time import working_time
from leyden.store.records import Point, Run
from leyden.store.store import Store
from tests.leyden.factories import CPU

NUM_POINTS = 3000


@pytest.fixture
def trained(store: Store, run: Run) -> Run:
    """A run with a long, jagged curve."""
    job = store.queue.claim_next("device", "test", **CPU)
    assert job is not None
    points = [
        Point(name="train/loss", step=i + 1, epoch=i / 10, value=i % 7, time=1000 + i) for i in range(NUM_POINTS)
    ]
    store.metrics.write(run.id, job.id, [*points, Point(name="lr", step=1, epoch=0, value=1, time=1000)])
    store.runs.rename(run.id, "企鹅, 二")
    return run


def rows_of(client: TestClient, **query: str) -> list[dict[str, str]]:
    response = client.get("/api/curves.csv", params=query)
    assert response.headers["content-type"].startswith("text/csv")
    assert response.content.startswith(b"\xef\xbb\xbfrun,")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_every_point_is_there_with_all_that_it_is_drawn_over(client: TestClient, trained: Run):
    rows = rows_of(client, runs=f"{trained.id},r-gone", metric="train/loss")
    assert len(rows) == NUM_POINTS
    assert rows[8] == {
        "run": "企鹅, 二 #1",
        "id": trained.id,
        "step": "9",
        "epoch": "0.8",
        "time_s": "8.000",
        "train/loss": "1",
    }


def test_smoothing_stands_beside_the_values(client: TestClient, trained: Run):
    raw = rows_of(client, runs=trained.id, metric="train/loss")
    both = rows_of(client, runs=trained.id, metric="train/loss", smooth="0.9")
    smoothed = [float(row.pop("train/loss (smoothed)")) for row in both]
    assert smoothed == pytest.approx(smooth([i % 7 for i in range(NUM_POINTS)], 0.9), rel=1e-6)
    assert both == raw


def test_a_curve_that_is_read_in_parts_is_whole(client: TestClient, trained: Run, monkeypatch: pytest.MonkeyPatch):
    query = {"runs": trained.id, "metric": "train/loss", "smooth": "0.9"}
    whole = rows_of(client, **query)
    monkeypatch.setattr("ui.routes.curves.CHUNK", NUM_POINTS // 3)
    assert rows_of(client, **query) == whole and len(whole) == NUM_POINTS


@pytest.mark.parametrize("query", [{}, {"runs": "r-gone", "metric": "x"}, {"runs": ",", "smooth": "nan"}])
def test_what_is_not_there_gives_the_head_only(client: TestClient, query: dict[str, str]):
    assert rows_of(client, **query) == []


def test_another_site_gets_nothing(client: TestClient, trained: Run):
    answer = client.get("/api/curves.csv", params={"runs": trained.id}, headers={"origin": "http://elsewhere"})
    assert answer.status_code == 403


def test_a_break_is_no_work():
    assert list(working_time([5.0, 6.0, 7.0, 90_000.0, 90_001.0])) == [0, 1, 2, 3, 4]
    assert list(working_time([])) == [] and list(working_time([7.0])) == [0]


def test_time_begins_with_the_run_s_first_point_and_not_the_curve_s():
    assert list(working_time([9.0, 12.0, 15.0], start=2.0)) == [7, 10, 13]
    assert list(working_time([902.0], start=2.0)) == [900], "one slow epoch is no break"
    assert list(working_time([80_000.0, 80_001.0, 80_002.0], start=0.0)) == [1, 2, 3]
