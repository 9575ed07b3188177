"""Two processes on the processor train one run together: real children of the real supervisor, told apart by rank."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from leyden import actions
from leyden.cli.workspace import Workspace
from leyden.home import Home
from leyden.run_folder import LAST
from leyden.store.records import STOP_NOW, Run
from leyden.store.store import Store
from lightning_modules.checkpoint import load_checkpoint
from tests.processes import end_processes, processes_of
from tests.runs import ended, reached, signs, submit
from tests.waiting import wait_for

SETTINGS = {"optimisation.epochs": 6, "optimisation.batch_size": 37, "architecture.tabular.options.dropout": 0}


@pytest.fixture
def workspace(home: Home, store: Store, tmp_path: Path) -> Iterator[Workspace]:
    signs(tmp_path / "signs.csv")
    yield Workspace(home, store)
    end_processes(home)


def curve(workspace: Workspace, run: Run, name: str) -> list[tuple[int, float]]:
    points, _ = workspace.store.metrics.read(run.id, names=[name])
    return [(point.step, point.value) for point in points]


def trained(workspace: Workspace, tmp_path: Path, **settings: object) -> Run:
    run = ended(workspace, submit(workspace, tmp_path / "signs.csv", **SETTINGS, **settings))
    log = (workspace.home.run(run.id) / "log.txt").read_text()
    assert run.state == "finished", (run.job.reason, log)
    assert log.startswith("--- train, attempt 1") and log.count("\n") == 1, (
        "nothing went wrong, so nothing is said"
    )
    return run


def test_two_processes_come_to_what_one_does(workspace: Workspace, tmp_path: Path):
    accumulated = {"optimisation.accumulate": 2}
    alone = trained(workspace, tmp_path, **accumulated)
    together = trained(workspace, tmp_path, **accumulated, **{"hardware.num_devices": 2})
    assert together.fingerprint == alone.fingerprint
    for name in ("val/loss", "val/accuracy", "train/accuracy"):
        one, two = curve(workspace, alone, name), curve(workspace, together, name)
        assert [step for step, _ in one] == [step for step, _ in two]
        assert [value for _, value in two] == pytest.approx([value for _, value in one], abs=2e-4), name
    weights = [load_checkpoint(workspace.home.run(run.id) / LAST).weights for run in (alone, together)]
    for name, tensor in weights[0].items():
        assert torch.allclose(tensor, weights[1][name], atol=1e-3), name
    figures = [workspace.store.reports.get(run.id, "val").figures for run in (alone, together)]
    assert figures[1] == pytest.approx(figures[0], abs=5e-3)
    assert not list((workspace.home.root / "locks").glob("*rank*"))


LONG = {"optimisation.epochs": 60, "hardware.num_devices": 2}


def ranks_of(workspace: Workspace, run: Run) -> list[int]:
    """Process ids of a run's ranks, the first one first."""
    leader = workspace.store.runs.get(run.id).job.pid
    group = [p.pid for p in processes_of(workspace.home) if os.getpgid(p.pid) == leader]
    return sorted(group, key=lambda pid: pid != leader)


@pytest.mark.fault
def test_a_killed_rank_ends_all_and_the_run_goes_on(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path / "signs.csv", **LONG)
    reached(workspace, run, 3)
    first = ranks_of(workspace, run)
    assert len(first) == 2
    os.kill(first[1], signal.SIGKILL)
    following = reached(workspace, run, 5, attempt=2)
    assert following.job.start_step > 0
    second = ranks_of(workspace, run)
    assert not set(first) & {process.pid for process in processes_of(workspace.home)}
    os.kill(second[0], signal.SIGKILL)
    actions.stop_job(workspace.home, workspace.store, reached(workspace, run, 7, attempt=3).job.id)
    stopped = ended(workspace, run)
    assert (stopped.state, stopped.job.attempt) == ("stopped", 3)
    wait_for(lambda: not set(second) & {p.pid for p in processes_of(workspace.home)}, what="all ranks being gone")
    assert workspace.store.reports.get(run.id, "val") is not None
    epochs = [epoch for epoch in epochs_of(workspace, run) if epoch.is_integer()]
    assert epochs == list(range(1, len(epochs) + 1)), "every epoch once"


@pytest.mark.fault
def test_going_on_is_exact_with_the_dropout_of_each_rank(workspace: Workspace, tmp_path: Path):
    settings = {**SETTINGS, "optimisation.epochs": 12, "hardware.num_devices": 2}
    settings["architecture.tabular.options.dropout"] = 0.3
    whole = ended(workspace, submit(workspace, tmp_path / "signs.csv", **settings))
    broken = submit(workspace, tmp_path / "signs.csv", **settings)
    reached(workspace, broken, 3)
    os.kill(ranks_of(workspace, broken)[1], signal.SIGKILL)
    resumed = ended(workspace, broken)
    assert (whole.state, resumed.state, resumed.job.attempt) == ("finished", "finished", 2)
    assert resumed.job.start_step > 0
    weights = [load_checkpoint(workspace.home.run(run.id) / LAST).weights for run in (whole, broken)]
    for name, tensor in weights[0].items():
        assert torch.equal(tensor, weights[1][name]), name


@pytest.mark.fault
def test_ranks_end_together_without_a_supervisor(workspace: Workspace, tmp_path: Path):
    run = submit(workspace, tmp_path / "signs.csv", **LONG)
    reached(workspace, run, 2)
    ranks = ranks_of(workspace, run)
    for process in processes_of(workspace.home):
        if process.pid not in ranks:
            process.kill()
    os.kill(ranks[1], signal.SIGKILL)
    wait_for(lambda: not processes_of(workspace.home), what="the first rank following the second")
    assert workspace.store.runs.get(run.id).state == "running"
    run = reached_again(workspace, run)
    actions.stop_job(workspace.home, workspace.store, run.job.id, STOP_NOW)
    assert ended(workspace, run).state == "stopped"
    wait_for(lambda: len(ranks_of(workspace, run)) == 0, what="all ranks being killed")


def epochs_of(workspace: Workspace, run: Run) -> list[float]:
    points, _ = workspace.store.metrics.read(run.id, names=["val/loss"])
    return [point.epoch for point in points]


def reached_again(workspace: Workspace, run: Run) -> Run:
    actions.wake_supervisor(workspace.home)
    return reached(workspace, run, 4, attempt=2)
