"""Runs by the real supervisor in a workspace of a test: a table that is quick to learn, and what to wait for."""

from pathlib import Path

import numpy as np

from leyden import actions
from leyden.cli.workspace import Workspace
from leyden.spec.defaults import default_spec
from leyden.spec.fields import set_dotted
from leyden.store.records import Run
from tests.waiting import wait_for

EPOCHS = 60


def signs(path: Path) -> Path:
    """A table whose class is whether two numbers have the same sign."""
    random = np.random.default_rng(0)
    points = random.normal(size=(1200, 4))
    kinds = np.where(points[:, 0] * points[:, 1] > 0, "same sign", "other sign")
    rows = (",".join([*map(str, row.round(4)), kind]) for row, kind in zip(points, kinds, strict=True))
    path.write_text("\n".join(["a,b,c,d,kind", *rows]))
    return path


def submit(workspace: Workspace, path: Path, **settings: object) -> Run:
    """A queued run on a table, and a supervisor to look after it."""
    dataset = workspace.ingest(path)
    profile = workspace.profile(dataset.id)
    spec = default_spec(dataset.id, profile, workspace.catalogue, target="kind")
    values = {"optimisation.epochs": EPOCHS, "optimisation.early_stopping.patience": 0, **settings}
    spec = set_dotted(spec, {"optimisation.batch_size": 8, **values}, workspace.catalogue)
    return actions.submit_run(workspace.home, workspace.store, workspace.catalogue, spec)


def reached(workspace: Workspace, run: Run, epoch: float, attempt: int = 1) -> Run:
    """The run once it has trained so far and saved, in this attempt."""

    def look() -> Run | None:
        found = workspace.store.runs.get(run.id)
        assert found.state in ("queued", "running"), found.job.reason
        last = workspace.store.metrics.last(run.id).get("val/loss")
        is_there = last is not None and last.epoch >= epoch and found.job.attempt == attempt
        return found if is_there and found.job.pid and found.job.saved_step else None

    return wait_for(look, timeout_s=180, what=f"epoch {epoch} of attempt {attempt}")


def ended(workspace: Workspace, run: Run) -> Run:
    """The run once it has ended, over all its attempts; a supervisor that died is replaced."""

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
