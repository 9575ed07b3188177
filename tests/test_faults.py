"""Real training by the real supervisor, and `kill -9` of everything in turn: nothing is lost."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from leyden import actions
from leyden.cli.workspace import Workspace
from leyden.home import Home
from leyden.locks import is_held
from leyden.store.records import STOP_GENTLY
from leyden.store.store import Store
from tests.processes import end_processes, processes_of
from tests.runs import ended, reached, require_whole, signs, submit
from tests.waiting import wait_for

pytestmark = pytest.mark.fault


@pytest.fixture
def workspace(home: Home, store: Store, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with a table that is quick to learn, and nothing left running afterwards."""
    signs(tmp_path / "signs.csv")
    yield Workspace(home, store)
    end_processes(home)


def test_a_killed_child_goes_on_from_its_last_checkpoint(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path / "signs.csv")
    first = reached(workspace, run, 5)
    os.kill(first.job.pid, signal.SIGKILL)
    following = reached(workspace, run, 8, attempt=2)
    assert following.job.start_step > 0
    os.kill(following.job.pid, signal.SIGKILL)
    run = ended(workspace, run)
    assert run.job.attempt == 3
    require_whole(workspace, run)


def test_a_killed_supervisor_is_replaced_while_its_child_goes_on(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path / "signs.csv")
    first = reached(workspace, run, 3)
    [supervisor] = [p for p in processes_of(workspace.home) if "leyden.jobs.supervisor" in p.cmdline()]
    supervisor.kill()
    wait_for(lambda: not is_held(workspace.home.supervisor_lock), what="the supervisor being gone")
    run = ended(workspace, run)
    assert (run.job.attempt, run.job.pid) == (1, first.job.pid)
    require_whole(workspace, run)


def test_everything_killed_at_once_goes_on_when_somebody_looks(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path / "signs.csv")
    reached(workspace, run, 3)
    end_processes(workspace.home)
    assert workspace.store.runs.get(run.id).state == "running"
    run = ended(workspace, run)
    assert run.job.attempt == 2
    require_whole(workspace, run)


def test_a_stopped_run_reports_and_can_be_resumed(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path / "signs.csv")
    first = reached(workspace, run, 5)
    actions.stop_job(workspace.home, workspace.store, first.job.id, STOP_GENTLY)
    stopped = ended(workspace, run)
    assert stopped.state == "stopped"
    assert workspace.store.reports.get(run.id, "val") is not None
    actions.resume_run(workspace.home, workspace.store, run.id)
    require_whole(workspace, ended(workspace, run))
