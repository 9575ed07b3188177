import os
import time
from pathlib import Path

from leyden.home import Home
from leyden.jobs.housekeeping import sweep
from leyden.locks import FileLock
from leyden.store.store import Store
from tests.leyden.factories import CPU, add_run


def made(path: Path, *, age_s: float = 100) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def ended(store: Store, state: str) -> int:
    store.jobs.add("ingest", lane="light", subject="x", payload={})
    job = store.queue.claim_next("light", "s", **CPU)
    store.jobs.end(job.id, "s", state)
    return job.id


def test_what_goes_away_during_the_look_is_left_alone(home: Home, store: Store, monkeypatch):
    gone, stale = made(home.job_lock(998)), made(home.job_lock(999))

    def removed_by_its_holder(path: Path) -> bool:
        gone.unlink(missing_ok=True)
        return False

    monkeypatch.setattr("leyden.jobs.housekeeping.is_held", removed_by_its_holder)
    assert sweep(home, store, before=time.time() - 50) == [stale]


def test_what_nobody_refers_to_is_removed(home: Home, store: Store):
    run = add_run(store)
    used = made(home.split(run.split_hash))
    orphan, young = made(home.split("none")), made(home.split("young"), age_s=0)
    finished, failed = made(home.job_log(ended(store, "finished"))), made(home.job_log(ended(store, "failed")))
    unknown = made(home.job_log(999))
    stale = made(home.rank_lock(ended(store, "stopped"), 1))
    active = made(home.job_lock(run.job.id))
    held = made(home.job_lock(998))
    with FileLock(held) as lock:
        assert lock.acquire()
        removed = sweep(home, store, before=time.time() - 50)
    assert set(removed) == {orphan, finished, unknown, stale}
    assert all(file.exists() for file in (used, young, failed, active, held))
    assert not any(file.exists() for file in removed)
