import time

import pytest

from leyden.errors import StoreError
from leyden.messages.render import Message
from leyden.store.records import STOP_GENTLY, STOP_NOW, Point
from leyden.store.store import Store
from tests.leyden.factories import CPU, add_run
from tests.leyden.store.jobs import add, running


def test_only_the_owner_of_a_running_job_may_write(store: Store):
    job = running(store)
    store.jobs.beat(job.id, "child", 0.5, Message(code="ingest_reading"))
    assert store.jobs.get(job.id).progress == 0.5
    for write in (
        lambda: store.jobs.beat(job.id, "other", 0.9, None),
        lambda: store.jobs.end(job.id, "other", "finished"),
        lambda: store.jobs.set_saved_step(job.id, "other", 7),
        lambda: store.jobs.adopt(job.id, "supervisor", "other", pid=2),
    ):
        with pytest.raises(StoreError, match="another attempt"):
            write()
    assert store.jobs.get(job.id).progress == 0.5


def test_an_end_is_final(store: Store):
    job = running(store)
    store.jobs.end(job.id, "child", "finished", result={"rows": 3})
    with pytest.raises(StoreError, match="another attempt"):
        store.jobs.end(job.id, "child", "failed")
    assert store.queue.mark_vanished(job.id, "child") is None
    ended = store.jobs.get(job.id)
    assert (ended.state, ended.result) == ("finished", {"rows": 3})


def test_stopping_a_queued_job_ends_it_at_once(store: Store):
    job = store.jobs.request_stop(add(store).id)
    assert job.state == "stopped"
    assert store.queue.claim_next("light", "s", **CPU) is None


def test_a_stop_request_never_becomes_weaker(store: Store):
    job = running(store)
    store.jobs.request_stop(job.id, STOP_NOW)
    store.jobs.request_stop(job.id, STOP_GENTLY)
    assert store.jobs.stop_request(job.id) == STOP_NOW


def test_what_was_done_for_a_page_is_forgotten(store: Store):
    done, kept = running(store), add(store)
    store.jobs.end(done.id, "child", "finished")
    assert store.jobs.forget(("measure",), before=time.time() + 1) == ()
    assert store.jobs.forget(("ingest",), before=store.jobs.get(done.id).ended_at - 1) == ()
    assert store.jobs.forget(("ingest",), before=time.time() + 1) == (done.id,)
    assert [job.id for job in store.jobs.list(states=("queued", "finished"))] == [kept.id]


def test_why_something_failed_is_not_forgotten(store: Store):
    ended = []
    for failed in ({}, {"linear": {"code": "unexpected_error"}}):
        ended.append(running(store))
        store.jobs.end(ended[-1].id, "child", "finished", result={"baselines": [], "failed": failed})
    assert store.jobs.forget(("ingest",), before=time.time() + 1) == (ended[0].id,)
    assert store.jobs.get(ended[1].id).result["failed"]


def test_the_time_a_run_took_counts_all_its_attempts(store: Store):
    run = add_run(store)
    first = store.queue.claim_next("device", "s", **CPU)
    store.jobs.end(first.id, "s", "stopped")
    store.runs.continue_training(run.id)
    second = store.queue.claim_next("device", "s", **CPU)
    store.jobs.end(second.id, "s", "finished")
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE jobs SET started_at = 100, ended_at = 110 WHERE id = {first.id}")
        connection.exec_driver_sql(f"UPDATE jobs SET started_at = 200, ended_at = 205 WHERE id = {second.id}")
    assert store.jobs.took_s(run.id) == 15
    (row,) = store.runs.list()
    assert row.duration_s == 15


def test_the_time_of_training_leaves_out_how_long_processes_took_to_start(store: Store):
    run = add_run(store)
    for start in (100, 200):
        job = store.queue.claim_next("device", "s", **CPU)
        points = [Point(name="loss", step=step, epoch=1, value=1, time=start + step) for step in (30, 32, 35)]
        store.metrics.write(run.id, job.id, points)
        store.jobs.end(job.id, "s", "stopped")
        with store.engine.begin() as connection:
            times = f"started_at = {start}, ended_at = {start + 40}"
            connection.exec_driver_sql(f"UPDATE jobs SET {times} WHERE id = {job.id}")
        store.runs.continue_training(run.id)
    assert store.jobs.training_s(run.id) == 10 and store.jobs.took_s(run.id) == 80


def test_work_for_a_run_that_was_deleted_is_refused(store: Store):
    with pytest.raises(StoreError, match="no run 'r-gone'"):
        add(store, run_id="r-gone")
