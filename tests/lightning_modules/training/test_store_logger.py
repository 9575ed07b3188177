import math

import pytest

from leyden.errors import StoreError
from leyden.store.records import Point
from lightning_modules.training.store_logger import StoreLogger
from tests.leyden.factories import CPU, add_run
from tests.waiting import wait_for


class FlakyMetrics:
    """Takes points, or refuses them with the code it is given; the shape of `leyden.store.metrics.Metrics`."""

    def __init__(self):
        self.written: list[Point] = []
        self.refusal: str | None = None

    def write(self, run_id, job_id, points):
        if self.refusal:
            raise StoreError(self.refusal, detail="away", job=job_id)
        self.written += points


def test_the_first_point_comes_at_once_and_all_come_in_order(store):
    run = add_run(store)
    job = store.queue.claim_next("device", "me", **CPU)
    with StoreLogger(store.metrics, run.id, job.id) as logger:
        logger.log_metrics({"train/loss": 2.0, "epoch": 0.5}, step=1)
        wait_for(lambda: store.metrics.read(run.id)[0], timeout_s=5)
        for step in range(2, 50):
            logger.log_metrics({"train/loss": 1.0, "lr": 0.1, "epoch": step / 2}, step=step)
    points, _ = store.metrics.read(run.id)
    assert [point.step for point in points if point.name == "train/loss"] == list(range(1, 50))
    assert points[0].epoch == 0.5 and points[0].value == 2.0


def test_points_are_kept_while_the_store_is_away():
    metrics = FlakyMetrics()
    metrics.refusal = "store_unavailable"
    with StoreLogger(metrics, "r1", 1) as logger:
        for step in range(10):
            logger.log_metrics({"train/loss": 1.0}, step=step)
        logger.save()
        assert metrics.written == []
        metrics.refusal = None
        logger.log_metrics({"train/loss": 1.0}, step=10)
    assert [point.step for point in metrics.written] == list(range(11))


def test_a_superseded_attempt_is_told_at_its_next_point():
    metrics = FlakyMetrics()
    metrics.refusal = "superseded"
    with pytest.raises(StoreError, match="another attempt"), StoreLogger(metrics, "r1", 1) as logger:
        logger.log_metrics({"train/loss": 1.0}, step=1)
        logger.save()
        logger.log_metrics({"train/loss": 1.0}, step=2)
    assert metrics.written == []


def test_values_that_cannot_be_drawn_are_left_out():
    metrics = FlakyMetrics()
    with StoreLogger(metrics, "r1", 1) as logger:
        logger.log_metrics({"val/r2": math.nan, "val/loss": 1.0}, step=1)
    assert [point.name for point in metrics.written] == ["val/loss"]
