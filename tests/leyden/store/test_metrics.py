import pytest

from leyden.errors import StoreError
from leyden.store.records import Point
from leyden.store.store import Store
from tests.leyden.factories import CPU, add_run


def point(step: int, name: str = "train/loss") -> Point:
    return Point(name=name, step=step, epoch=step / 10, value=1 / (step + 1), time=1000.0 + step)


@pytest.fixture
def training(store: Store):
    run = add_run(store)
    job = store.queue.claim_next("device", "s", **CPU)
    return run.id, job.id


def test_a_reader_gets_only_what_is_new(store: Store, training):
    run, job = training
    store.metrics.write(run, job, [point(1), point(2)])
    points, position = store.metrics.read(run)
    assert points == [point(1), point(2)]
    assert store.metrics.read(run, after=position) == ([], position)
    store.metrics.write(run, job, [point(3), point(3, "val/loss")])
    points, _ = store.metrics.read(run, after=position, names=["val/loss"])
    assert points == [point(3, "val/loss")]


def test_a_run_began_with_its_first_point_of_whatever_metric(store: Store, training):
    run_id, job_id = training
    assert store.metrics.began(run_id) is None
    store.metrics.write(run_id, job_id, [point(3, "train/loss"), point(5, "val/loss")])
    assert store.metrics.began(run_id) == 1003.0


def test_a_new_attempt_deletes_what_lies_after_its_start(store: Store, training):
    run, job = training
    store.metrics.write(run, job, [point(step) for step in range(5)])
    _, position = store.metrics.read(run)
    following = store.queue.mark_vanished(job, "s")
    store.queue.claim_next("device", "s", **CPU)
    store.metrics.begin_attempt(run, following.id, start_step=2)
    store.metrics.write(run, following.id, [point(3)])
    points, _ = store.metrics.read(run)
    assert [p.step for p in points] == [0, 1, 2, 3]
    assert store.runs.get(run).generation == 1
    assert [p.step for p in store.metrics.read(run, after=position)[0]] == [3]


def test_a_superseded_attempt_cannot_write(store: Store, training):
    run, job = training
    store.queue.mark_vanished(job, "s")
    for write in (
        lambda: store.metrics.write(run, job, [point(1)]),
        lambda: store.metrics.begin_attempt(run, job, 0),
        lambda: store.runs.set_num_parameters(run, job, 5),
    ):
        with pytest.raises(StoreError, match="another attempt"):
            write()
    assert store.metrics.read(run)[0] == []


def test_last_values_and_sparklines(store: Store, training):
    run, job = training
    store.metrics.write(run, job, [point(1), point(2), point(2, "val/loss")])
    assert store.metrics.last(run) == {"train/loss": point(2), "val/loss": point(2, "val/loss")}
    assert store.metrics.series([run], "train/loss") == {run: [point(1).value, point(2).value]}
