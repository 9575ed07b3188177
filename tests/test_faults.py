"""Real training by the real supervisor, and `kill -9` of everything in turn: nothing is lost."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from leyden import actions
from leyden.cli.workspace import Workspace
from leyden.home import Home
from leyden.locks import is_held
from leyden.spec.defaults import default_spec
from leyden.spec.fields import set_dotted
from leyden.store.records import STOP_GENTLY, Run
from leyden.store.store import Store
from tests.processes import end_processes, processes_of
from tests.waiting import wait_for

pytestmark = pytest.mark.fault

EPOCHS = 60


@pytest.fixture
def workspace(home: Home, store: Store, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with a table that is quick to learn, and nothing left running afterwards."""
    random = np.random.default_rng(0)
    points = random.normal(size=(1200, 4))
    kinds = np.where(points[:, 0] * points[:, 1] > 0, "same sign", "other sign")
    lines = [
        "a,b,c,d,kind",
        *(",".join([*map(str, row.round(4)), kind]) for row, kind in zip(points, kinds, strict=True)),
    ]
    (tmp_path / "signs.csv").write_text("\n".join(lines))
    yield Workspace(home, store)
    end_processes(home)


def submit(workspace: Workspace, tmp_path: Path, **settings: object) -> Run:
    dataset = workspace.ingest(tmp_path / "signs.csv")
    profile = workspace.profile(dataset.id)
    spec = default_spec(dataset.id, profile, workspace.catalogue, target="kind")
    values = {"optimisation.epochs": EPOCHS, "optimisation.early_stopping.patience": 0, **settings}
    spec = set_dotted(spec, {"optimisation.batch_size": 8, **values}, workspace.catalogue)
    return actions.submit_run(workspace.home, workspace.store, workspace.catalogue, spec)


def reached(workspace: Workspace, run: Run, epoch: float, attempt: int = 1) -> Run:
    """The run once it has trained so far, in this attempt."""

    def look() -> Run | None:
        found = workspace.store.runs.get(run.id)
        assert found.state in ("queued", "running"), found.job.reason
        last = workspace.store.metrics.last(run.id).get("val/loss")
        is_there = last is not None and last.epoch >= epoch and found.job.attempt == attempt
        return found if is_there and found.job.pid and found.job.saved_step else None

    return wait_for(look, timeout_s=180, what=f"epoch {epoch} of attempt {attempt}")


def ended(workspace: Workspace, run: Run) -> Run:
    def look() -> Run | None:
        actions.wake_supervisor(workspace.home)
        found = workspace.store.runs.get(run.id)
        return None if found.job.is_active else found

    return wait_for(look, timeout_s=240, what="the end of the run")


def require_whole(workspace: Workspace, run: Run) -> None:
    """Every whole epoch was validated exactly once (a stop validates within one), and the report is there."""
    assert run.state == "finished", run.job.reason
    points, _ = workspace.store.metrics.read(run.id, names=["val/loss"])
    assert [point.epoch for point in points if point.epoch.is_integer()] == list(range(1, EPOCHS + 1))
    assert workspace.store.reports.get(run.id, "val").figures["accuracy"] > 0.8


def test_a_killed_child_goes_on_from_its_last_checkpoint(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path)
    first = reached(workspace, run, 5)
    os.kill(first.job.pid, signal.SIGKILL)
    following = reached(workspace, run, 8, attempt=2)
    assert following.job.start_step > 0
    os.kill(following.job.pid, signal.SIGKILL)
    run = ended(workspace, run)
    assert run.job.attempt == 3
    require_whole(workspace, run)


def test_a_killed_supervisor_is_replaced_while_its_child_goes_on(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path)
    first = reached(workspace, run, 3)
    [supervisor] = [p for p in processes_of(workspace.home) if "leyden.jobs.supervisor" in p.cmdline()]
    supervisor.kill()
    wait_for(lambda: not is_held(workspace.home.supervisor_lock), what="the supervisor being gone")
    run = ended(workspace, run)
    assert (run.job.attempt, run.job.pid) == (1, first.job.pid)
    require_whole(workspace, run)


def test_everything_killed_at_once_goes_on_when_somebody_looks(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path)
    reached(workspace, run, 3)
    end_processes(workspace.home)
    assert workspace.store.runs.get(run.id).state == "running"
    run = ended(workspace, run)
    assert run.job.attempt == 2
    require_whole(workspace, run)


def test_a_stopped_run_reports_and_can_be_resumed(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path)
    first = reached(workspace, run, 5)
    actions.stop_job(workspace.home, workspace.store, first.job.id, STOP_GENTLY)
    stopped = ended(workspace, run)
    assert stopped.state == "stopped"
    assert workspace.store.reports.get(run.id, "val") is not None
    actions.resume_run(workspace.home, workspace.store, run.id)
    require_whole(workspace, ended(workspace, run))
