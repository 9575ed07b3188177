"""The queue from the command line."""

import pytest

from leyden.engine import local
from leyden.home import Home
from leyden.locks import FileLock
from leyden.store.store import Store
from tests.leyden.cli.conftest import require_one_sentence
from tests.leyden.factories import CPU


def test_the_queue_is_shown_paused_and_widened(leyden, run: str, store: Store):
    found = leyden("queue", "--json").json
    assert [(job["run_id"], job["state"]) for job in found["jobs"]] == [(run, "queued")]
    assert (found["is_paused"], found["cpu_runs"]) == (False, 1)
    assert "paused" in leyden("queue", "--pause", "--cpu-runs", "2").out
    assert (store.settings.queue().is_paused, store.settings.queue().cpu_runs) == (True, 2)
    leyden("queue", "--go-on")
    assert not store.settings.queue().is_paused
    assert leyden("queue", "--pause", "--go-on").code == 2


def test_the_queue_says_how_much_runs_at_once(leyden, store: Store):
    assert "At once: 3 on the processor (--cpu-runs), 2 light" in leyden("queue", "--cpu-runs", "3").out


def test_the_queue_says_when_nobody_looks_after_it(leyden, home: Home, run: str):
    assert leyden("queue", "--json").json["is_worked_off"] is False
    assert "No supervisor looks after the queue" in leyden("queue").out
    assert "No supervisor looks after the queue" in leyden("show", run).out
    with FileLock(home.supervisor_lock) as lock:
        assert lock.acquire()
        assert leyden("queue", "--json").json["is_worked_off"] is True
        assert "supervisor" not in leyden("queue").out + leyden("show", run).out


def test_a_supervisor_that_just_starts_is_not_missed(leyden, home: Home, run: str, monkeypatch):
    with FileLock(home.supervisor_lock) as lock:
        monkeypatch.setattr(local, "STARTING_S", 60.0)
        monkeypatch.setattr(local.time, "sleep", lambda seconds: lock.acquire())
        assert leyden("queue", "--json").json["is_worked_off"] is True


def test_nobody_is_missed_where_there_is_nothing_to_do(leyden):
    assert leyden("queue", "--json").json["is_worked_off"] is True
    assert "supervisor" not in leyden("queue").out


def test_what_waits_is_moved_and_removed(leyden, dataset: str, run: str, store: Store):
    second = leyden("train", "--data", dataset, "--target", "species", "--no-wait", "--json").json["run"]
    job = store.runs.get(second).job.id
    moved = leyden("queue", "--move", f"{job}=first", "--json").json
    assert [found["run_id"] for found in moved["jobs"]] == [second, run]
    left = leyden("queue", "--stop", str(job), "--json").json
    assert [found["run_id"] for found in left["jobs"]] == [run]
    assert store.runs.get(second).state == "stopped"


@pytest.mark.parametrize(
    "wrong", [("--move", "1=away"), ("--move", "first"), ("--stop", "99999"), ("--move", "9=up")]
)
def test_a_move_that_means_nothing_is_refused(leyden, run: str, wrong: tuple[str, str]):
    require_one_sentence(leyden("queue", *wrong))


def test_what_has_begun_or_ended_is_not_moved(leyden, store: Store, run: str):
    job = store.runs.get(run).job.id
    leyden("stop", run)
    answer = leyden("queue", "--move", f"{job}=first")
    require_one_sentence(answer)
    assert f"job {job} is stopped" in answer.err


def test_processes_that_share_the_processor_are_counted(leyden, store: Store, dataset: str, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    wanted = ("--set", "hardware.device=cpu", "--set", "hardware.num_devices=2")
    run = leyden("train", "--data", dataset, *wanted, "--no-wait", "--json").json["run"]
    store.queue.claim_next("device", "tests", **CPU)
    assert "device: 2 x cpu" in leyden("show", run).out.splitlines()
    assert "2 x cpu" in leyden("queue").out
    shown = leyden("show", run, "--json").json
    assert (shown["device"], shown["processes"]) == ("cpu", 2)
