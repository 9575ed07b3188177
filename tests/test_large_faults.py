"""What takes a while or a place of its own: random kills, a locked store, a full disk, a machine that went away.

Each ends with nothing lost and a clear state. They run with `make test-large`.
"""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leyden import actions
from leyden.cli.workspace import Workspace
from leyden.home import PROJECT, Home
from leyden.run_folder import BEST, LAST, LAST_BEFORE
from leyden.store.records import Run
from leyden.store.store import Store
from lightning_modules.checkpoint import load_checkpoint
from tests.processes import end_processes, processes_of
from tests.runs import ended, reached, require_whole, signs, submit
from tests.waiting import wait_for

pytestmark = [pytest.mark.fault, pytest.mark.large]

LOCKED_S = 31
"""Longer than a connection waits for its turn."""


@pytest.fixture
def workspace(home: Home, store: Store, tmp_path: Path) -> Iterator[Workspace]:
    signs(tmp_path / "signs.csv")
    yield Workspace(home, store)
    end_processes(home)


@pytest.mark.parametrize("seed", [1, 2])
def test_any_process_may_be_killed_at_any_moment(workspace: Workspace, tmp_path: Path, seed: int):
    generator = random.Random(seed)
    run = submit(workspace, tmp_path / "signs.csv")
    for _kill in range(4):
        moves_on(workspace, run, by=generator.randint(1, 9))
        generator.choice(processes_of(workspace.home)).kill()
        actions.wake_supervisor(workspace.home)
    require_whole(workspace, ended(workspace, run))


def moves_on(workspace: Workspace, run: Run, *, by: int) -> None:
    """Waits for some more epochs and a checkpoint of this attempt, so that it is not given up."""

    def num_points() -> int:
        return len(workspace.store.metrics.read(run.id, names=["val/loss"])[0])

    before = num_points()

    def has_moved() -> bool:
        actions.wake_supervisor(workspace.home)
        job = workspace.store.runs.get(run.id).job
        return not job.is_active or (job.saved_step > job.start_step and abs(num_points() - before) >= by)

    wait_for(has_moved, timeout_s=180, what="some more epochs")


def test_of_two_supervisors_that_start_at_once_one_leaves(workspace: Workspace, tmp_path: Path):
    environment = {**os.environ, "LEYDEN_HOME": str(workspace.home.root)}
    command = [sys.executable, "-m", "leyden.jobs.supervisor"]
    both = [subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True) for _ in range(2)]
    wait_for(lambda: [one for one in both if one.poll() is not None], what="one of them leaving")
    left, stayed = sorted(both, key=lambda one: one.poll() is None)
    assert (left.wait(), stayed.poll()) == (0, None)
    run = ended(workspace, submit(workspace, tmp_path / "signs.csv"))
    require_whole(workspace, run)
    assert run.job.attempt == 1
    stayed.kill()
    stayed.wait()


def test_a_store_that_is_locked_for_long_costs_no_point(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path / "signs.csv")
    reached(workspace, run, 3)
    with sqlite3.connect(workspace.home.database, isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        until = time.monotonic() + LOCKED_S
        wait_for(lambda: time.monotonic() > until, what="half a minute")
        connection.execute("ROLLBACK")
    connection.close()
    run = ended(workspace, run)
    require_whole(workspace, run)
    assert run.job.attempt == 1
    steps = [point.step for point in workspace.store.metrics.read(run.id, names=["train/loss"])[0]]
    assert steps == sorted(set(steps))


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    folder.mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("a disk of its own takes the right to mount one")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(ballast: Path) -> None:
    """Takes what is left of a disk, to the last byte."""
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)


def test_a_full_disk_fails_the_run_and_keeps_its_checkpoints(workspace: Workspace, tmp_path: Path):
    workspace.store.settings.change_queue(is_paused=True)
    run = submit(workspace, tmp_path / "signs.csv")
    folder = workspace.home.run(run.id)
    with small_disk(folder, "16m"):
        workspace.store.settings.change_queue(is_paused=False)
        reached(workspace, run, 3)
        fill(folder / "ballast")
        failed = ended(workspace, run)
        assert (failed.state, failed.job.reason.code) == ("failed", "disk_full")
        saved = load_checkpoint(folder / LAST)
        assert saved.step == failed.job.saved_step and load_checkpoint(folder / BEST)
        assert not list(folder.glob(".*")), "nothing half-written is left"
        (folder / "ballast").unlink()
        actions.resume_run(workspace.home, workspace.store, run.id)
        require_whole(workspace, ended(workspace, run))
        end_processes(workspace.home)


def test_after_a_restart_of_the_machine_a_corrupt_checkpoint_is_passed_over(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path / "signs.csv")
    folder = workspace.home.run(run.id)
    reached(workspace, run, 3)
    wait_for((folder / LAST_BEFORE).exists, timeout_s=120, what="a second checkpoint")
    end_processes(workspace.home)
    before = load_checkpoint(folder / LAST_BEFORE).step
    (folder / LAST).write_bytes((folder / LAST).read_bytes()[:2000])
    run = ended(workspace, run)
    assert run.job.attempt == 2
    require_whole(workspace, run)
    assert "last-1.ckpt" in (folder / "log.txt").read_text()
    assert before > 0


def test_a_run_whose_folder_is_deleted_while_it_trains_still_ends_well(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path / "signs.csv")
    reached(workspace, run, 3)
    actions.remove_folder(workspace.home.run(run.id))
    require_whole(workspace, ended(workspace, run))
    assert load_checkpoint(workspace.home.run(run.id) / BEST)


def test_a_run_whose_folder_was_deleted_begins_again(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path / "signs.csv")
    actions.stop_job(workspace.home, workspace.store, reached(workspace, run, 3).job.id)
    assert ended(workspace, run).state == "stopped"
    actions.remove_folder(workspace.home.run(run.id))
    actions.resume_run(workspace.home, workspace.store, run.id)
    require_whole(workspace, ended(workspace, run))


def test_a_killed_rank_at_any_moment(workspace: Workspace, tmp_path: Path):
    generator = random.Random(3)
    run = submit(workspace, tmp_path / "signs.csv", **{"hardware.num_devices": 2})
    for _kill in range(2):
        moves_on(workspace, run, by=generator.randint(1, 5))
        leader = workspace.store.runs.get(run.id).job.pid
        ranks = [p.pid for p in processes_of(workspace.home) if os.getpgid(p.pid) == leader]
        os.kill(generator.choice(ranks), signal.SIGKILL)
    require_whole(workspace, ended(workspace, run))
