import os
import signal
import subprocess
import threading
from functools import partial
from pathlib import Path

import psutil
import pytest

from leyden.home import Home
from leyden.jobs.crew import LEAVING_TIMEOUT_S
from leyden.jobs.supervisor import Child, Supervisor, code_changed_at, supervise
from leyden.jobs.table import JobKind
from leyden.locks import FileLock, is_held
from leyden.store.records import STOP_GENTLY, STOP_NOW, Job
from leyden.store.store import Store
from tests.waiting import wait_for

KINDS = {
    name: JobKind(name, "light", f"tests.leyden.jobs.work:{name}", needs_torch=False)
    for name in ("write", "refuse", "crash", "wait")
}
KINDS["together"] = JobKind("together", "device", "tests.leyden.jobs.work:together", needs_torch=False)


class SupervisorThread:
    """A supervisor at work in this process; its children are real processes."""

    def __init__(self, home: Home, store: Store) -> None:
        self.supervisor = Supervisor(home, store, kinds=KINDS)
        self.supervisor._keep_spare = lambda: None  # The spare imports torch; these jobs need none.
        self.thread = threading.Thread(target=self.supervisor.run)
        self.thread.start()

    def leave(self) -> None:
        self.supervisor.is_leaving = True
        self.thread.join()


@pytest.fixture
def supervised(home: Home, store: Store):
    at_work = SupervisorThread(home, store)
    yield at_work
    at_work.leave()
    for job in store.jobs.list(states=("running",)):
        if job.pid:
            os.kill(job.pid, signal.SIGKILL)


def add(store: Store, kind: str, path: Path, **payload) -> Job:
    return store.jobs.add(kind, lane="light", subject="s", payload={"path": str(path), **payload})


def ended(store: Store, job: Job) -> Job:
    return wait_for(lambda: (found := store.jobs.get(job.id)) and not found.is_active and found, what="the end")


def started(folder: Path, attempt: int) -> int:
    mark = wait_for(lambda: next(folder.glob(f"started-{attempt}-*"), None), what=f"attempt {attempt}")
    return int(mark.name.rpartition("-")[2])


def test_a_job_is_done_by_another_process_and_logged(home, store, supervised, tmp_path):
    job = ended(store, add(store, "write", tmp_path / "mark"))
    assert job.state == "finished"
    assert job.result == {"pid": int((tmp_path / "mark").read_text())}
    assert job.result["pid"] != os.getpid()
    assert "writing to the log" in home.job_log(job.id).read_text()
    wait_for(lambda: not home.job_lock(job.id).exists(), what="the lock's file being removed")


def test_a_failure_has_its_reason_in_one_sentence_and_its_traceback_in_the_log(home, store, supervised, tmp_path):
    refused, crashed = add(store, "refuse", tmp_path / "nowhere"), add(store, "crash", tmp_path)
    assert "no file or folder" in ended(store, refused).reason.text
    assert ended(store, crashed).reason.text == "ZeroDivisionError: division by zero"
    assert "Traceback" in home.job_log(crashed.id).read_text()
    following = ended(store, add(store, "write", tmp_path / "mark"))
    assert following.state == "finished"


def test_stopping_gently_lets_the_job_end_by_itself(store, supervised, tmp_path):
    job = add(store, "wait", tmp_path)
    started(tmp_path, 1)
    store.jobs.request_stop(job.id, STOP_GENTLY)
    stopped = ended(store, job)
    assert (stopped.state, stopped.result) == ("stopped", {"was": "asked"})


def test_stopping_now_kills_the_process(home, store, supervised, tmp_path):
    job = add(store, "wait", tmp_path)
    pid = started(tmp_path, 1)
    os.kill(pid, signal.SIGSTOP)  # It cannot end gently any more.
    store.jobs.request_stop(job.id, STOP_NOW)
    assert ended(store, job).state == "stopped"
    wait_for(lambda: not is_held(home.job_lock(job.id)), what="the process being gone")


def test_idle_jobs_take_turns_and_hold_up_nobody(store, supervised, tmp_path):
    idle = [store.jobs.add("wait", lane="idle", subject="s", payload={"path": str(tmp_path)}) for _ in range(2)]
    assert psutil.Process(started(tmp_path, 1)).nice() == 19
    assert ended(store, add(store, "write", tmp_path / "mark")).state == "finished"
    assert [store.jobs.get(job.id).state for job in idle] == ["running", "queued"]


def has_saved(store: Store, step: int) -> bool:
    return store.jobs.list(states=("running",))[0].saved_step == step


@pytest.mark.fault
def test_a_killed_child_is_followed_by_a_next_attempt_from_its_checkpoint(home, store, supervised, tmp_path):
    job = add(store, "wait", tmp_path, saves=True)
    for attempt in (1, 2):
        pid = started(tmp_path, attempt)
        wait_for(partial(has_saved, store, attempt * 10), what="a checkpoint")
        os.kill(pid, signal.SIGKILL)
    started(tmp_path, 3)
    (tmp_path / "finish").touch()
    last = ended(store, store.jobs.latest(kind="wait"))
    assert (last.state, last.result) == ("finished", {"attempt": 3, "start_step": 20})
    assert store.jobs.get(job.id).reason.code == "vanished"
    assert "The process of attempt 2 disappeared" in home.job_log(last.id).read_text(encoding="utf-8")


@pytest.mark.fault
def test_a_job_outlives_its_supervisor_and_ends_under_the_next(home, store, tmp_path):
    first = SupervisorThread(home, store)
    job = add(store, "wait", tmp_path)
    started(tmp_path, 1)
    first.leave()
    second = SupervisorThread(home, store)
    add(store, "write", tmp_path / "mark")
    wait_for((tmp_path / "mark").exists, what="the second supervisor being at work")
    assert store.jobs.get(job.id).state == "running"
    (tmp_path / "finish").touch()
    assert ended(store, job).result == {"attempt": 1, "start_step": 0}
    second.leave()


@pytest.mark.fault
def test_all_processes_gone_at_once_lose_nothing(home, store, tmp_path):
    first = SupervisorThread(home, store)
    running = add(store, "wait", tmp_path, saves=True)
    pid = started(tmp_path, 1)
    wait_for(lambda: store.jobs.get(running.id).saved_step, what="a checkpoint")
    first.leave()
    waiting = add(store, "write", tmp_path / "mark")
    os.kill(pid, signal.SIGKILL)
    second = SupervisorThread(home, store)
    started(tmp_path, 2)
    (tmp_path / "finish").touch()
    assert ended(store, waiting).state == "finished"
    assert ended(store, store.jobs.latest(kind="wait")).result == {"attempt": 2, "start_step": 10}
    second.leave()


def add_crew(store: Store, path: Path, size: int = 3, **payload) -> Job:
    return store.jobs.add(
        "together", lane="device", subject="s", payload={"path": str(path), **payload}, num_devices=size
    )


def ranks(folder: Path, attempt: int, size: int = 3) -> list[int]:
    """Process ids by rank, once all are at work."""

    def look() -> list[int] | None:
        marks = sorted(folder.glob(f"rank-*-{attempt}-*"))
        return [int(mark.name.rpartition("-")[2]) for mark in marks] if len(marks) == size else None

    return wait_for(look, what=f"{size} ranks of attempt {attempt}")


def test_a_crew_does_one_job_together(home, store, supervised, tmp_path):
    job = add_crew(store, tmp_path)
    pids = ranks(tmp_path, 1)
    assert {os.getpgid(pid) for pid in pids} == {pids[0]} == {store.jobs.get(job.id).pid}
    (tmp_path / "finish").touch()
    assert ended(store, job).result == {"rank": 0, "world": "3"}
    wait_for(lambda: not list((home.root / "locks").glob("job-*")), what="nothing being left of it")


def test_a_crew_that_was_stopped_leaves_nothing(home, store, supervised, tmp_path):
    job = add_crew(store, tmp_path)
    pids = ranks(tmp_path, 1)
    store.jobs.request_stop(job.id)
    assert ended(store, job).state == "stopped"
    wait_for(lambda: not any(psutil.pid_exists(pid) for pid in pids), what="all ranks being gone")
    assert not list((home.root / "locks").glob("job-*"))


@pytest.mark.fault
@pytest.mark.parametrize("rank", [0, 2])
def test_a_crew_that_lost_one_starts_again(store, supervised, tmp_path, rank):
    job = add_crew(store, tmp_path)
    pids = ranks(tmp_path, 1)
    os.kill(pids[rank], signal.SIGKILL)
    again = ranks(tmp_path, 2)
    assert not set(again) & set(pids)
    assert not any(psutil.pid_exists(pid) for pid in pids)
    (tmp_path / "finish").touch()
    last = ended(store, store.jobs.latest(kind="together"))
    assert (last.state, last.attempt) == ("finished", 2)
    assert store.jobs.get(job.id).reason.code == "vanished"


def test_a_helpers_failure_is_the_jobs(store, supervised, tmp_path):
    job = add_crew(store, tmp_path, refuses=1)
    found = ended(store, job)
    assert (found.state, found.reason.params) == ("failed", {"path": "of rank 1"})
    assert store.jobs.latest(kind="together").id == job.id, "it is not tried again"


def test_a_failure_of_the_first_is_told_without_waiting_for_the_others(home, store, supervised, tmp_path):
    job = add_crew(store, tmp_path, refuses=0)
    pids = ranks(tmp_path, 1)
    found = ended(store, job)
    assert (found.state, found.reason.params) == ("failed", {"path": "of rank 0"})
    assert found.ended_at - max(file.stat().st_mtime for file in tmp_path.glob("rank-*")) < LEAVING_TIMEOUT_S
    wait_for(lambda: not any(psutil.pid_exists(pid) for pid in pids), what="all ranks being gone")
    assert not list((home.root / "locks").glob("job-*"))
    assert store.jobs.latest(kind="together").id == job.id, "it is not tried again"


def test_a_helper_that_fails_before_others_have_come_fails_the_job_at_once(store, supervised, tmp_path):
    job = add_crew(store, tmp_path, refuses_at_once=1)
    found = ended(store, job)
    assert (found.state, found.reason.params) == ("failed", {"path": "of rank 1"})
    assert store.jobs.latest(kind="together").id == job.id, "it is not tried again"


def test_a_helper_that_has_done_its_part_may_stumble_on_its_way_out(store, supervised, tmp_path):
    job = add_crew(store, tmp_path, stumbles=1)
    pids = ranks(tmp_path, 1)

    def is_gone() -> bool:
        return pids[1] not in {child.process.pid for child in supervised.supervisor.children}

    wait_for(is_gone, what="rank 1 being gone, and seen to be")
    assert psutil.pid_exists(pids[0]) and store.jobs.get(job.id).state == "running"
    (tmp_path / "finish").touch()
    last = ended(store, store.jobs.latest(kind="together"))
    assert (last.id, last.state) == (job.id, "finished")


def test_killing_a_crew_ends_all_of_it(store, supervised, tmp_path):
    job = add_crew(store, tmp_path)
    pids = ranks(tmp_path, 1)
    store.jobs.request_stop(job.id, STOP_NOW)
    assert ended(store, job).state == "stopped"
    wait_for(lambda: not any(psutil.pid_exists(pid) for pid in pids), what="all ranks being gone")


def test_a_paused_queue_starts_no_device_job(store, supervised, tmp_path):
    store.settings.change_queue(is_paused=True)
    waiting = add_crew(store, tmp_path, size=1)
    assert ended(store, add(store, "write", tmp_path / "mark")).state == "finished"
    assert store.jobs.get(waiting.id).state == "queued"
    store.settings.change_queue(is_paused=False)
    ranks(tmp_path, 1, size=1)
    (tmp_path / "finish").touch()


def test_slots_say_how_many_run_at_once(store, supervised, tmp_path):
    folders = [tmp_path / name for name in "abc"]
    for folder in folders:
        folder.mkdir()
    store.settings.change_queue(cpu_runs=2)
    jobs = [add_crew(store, folder, size=1) for folder in folders]
    for folder in folders[:2]:
        ranks(folder, 1, size=1)
    assert [store.jobs.get(job.id).state for job in jobs] == ["running", "running", "queued"]
    for folder in folders:
        (folder / "finish").touch()
    assert ended(store, jobs[2]).state == "finished"


def test_a_job_that_is_deleted_with_its_run_does_not_stall_the_rest(store, supervised, tmp_path):
    job = add(store, "wait", tmp_path)
    started(tmp_path, 1)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM jobs")
    assert ended(store, add(store, "write", tmp_path / "mark")).state == "finished"
    assert store.jobs.find(job.id) is None


def test_there_is_one_supervisor_per_workspace(home: Home):
    with FileLock(home.supervisor_lock) as lock:
        assert lock.acquire()
        assert supervise(home) is False


def test_tidying_is_done_again_and_its_failure_stops_nothing(home: Home, store: Store, monkeypatch):
    calls = []

    def sweep(*_arguments: object, **_options: object) -> None:
        calls.append(len(calls))
        if calls == [0]:
            raise FileNotFoundError("a lock that has just been removed")

    monkeypatch.setattr("leyden.jobs.supervisor.sweep", sweep)
    monkeypatch.setattr("leyden.jobs.supervisor.TIDY_EVERY_S", 0)
    monkeypatch.setattr(Supervisor, "_keep_spare", lambda self: None)
    supervisor = Supervisor(home, store)
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    wait_for(lambda: len(calls) > 1, what="a second time")
    supervisor.is_leaving = True
    thread.join()


def test_children_that_imported_older_code_are_let_go(home: Home, store: Store):
    def child(code_at: float) -> Child:
        return Child(subprocess.Popen(["cat"], stdin=subprocess.PIPE), has_torch=True, code_at=code_at)

    changed_at = code_changed_at()
    before, current = child(changed_at - 1), child(changed_at)
    assert Supervisor(home, store, children=[before, current])._idle() == [current]
    assert before.process.wait(timeout=30) == 0, "its input was closed"
    assert current.process.poll() is None
    current.leave()
    assert current.process.wait(timeout=30) == 0


def test_a_link_that_leads_nowhere_is_no_change_of_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("leyden.jobs.supervisor.PROJECT", tmp_path)
    assert code_changed_at() == 0.0, "nothing there"
    card = tmp_path / "leyden" / "added" / "card.py"
    card.parent.mkdir(parents=True)
    card.touch()
    (card.parent / ".#card.py").symlink_to("somebody@somewhere.123")
    assert code_changed_at() == card.stat().st_mtime


def test_a_supervisor_leaves_when_there_is_nothing_to_do(home: Home, store: Store, monkeypatch):
    monkeypatch.setattr(Supervisor, "_keep_spare", lambda self: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert supervise(home, idle_s=0.3) is True
    assert not is_held(home.supervisor_lock)
