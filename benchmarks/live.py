"""How late the live curves are: from a point's making, as the store has it, to its being on the screen.

    python -m benchmarks.live

Serves a workspace of its own, trains a made table through the queue, opens the run's page in Chromium, and compares
the `time` of each loss point in the store with the frame in which the chart first shows it. Both are the wall
clock of this machine. What came before the chart was open does not count.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Page

from benchmarks.serving import DEADLINE_S, SEEN, TRACES, WATCH, chromium, served, until
from leyden import actions
from leyden.cli.workspace import Workspace
from leyden.home import Home
from leyden.spec.defaults import default_spec
from leyden.spec.fields import set_dotted
from leyden.store.records import STOP_NOW, Run
from leyden.store.store import open_store
from tests.processes import end_processes

GOAL_S = 2.0
MIN_POINTS = 60
ROWS = 20_000
SETTINGS = {"optimisation.epochs": 10_000, "optimisation.early_stopping.patience": 0}


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).create()
        workspace = Workspace(home, open_store(home))
        try:
            with served(home) as url, chromium() as page:
                delays = measured(workspace, page, url)
        finally:
            end_processes(home)
            workspace.store.close()
    median, p95, most = np.percentile(delays, [50, 95, 100])
    print(f"points   {len(delays):6d}")
    print(f"median   {median:6.2f} s")
    print(f"p95      {p95:6.2f} s   (goal: {GOAL_S:.0f} s)")
    print(f"maximum  {most:6.2f} s")


def measured(workspace: Workspace, page: Page, url: str) -> list[float]:
    """Seconds from the making of each point to its being on the screen."""
    run = start(workspace)
    page.goto(f"{url}/run?run={run.id}")
    page.wait_for_selector(".leyden-plot .plot-container", timeout=DEADLINE_S * 1000)
    opened = time.time()
    page.evaluate(WATCH)

    def look() -> list[float] | None:
        found = delays_of(workspace, run, page, opened)
        return found if len(found) >= MIN_POINTS else None

    try:
        return until(look, f"{MIN_POINTS} points on the screen", every_s=2.0)
    finally:
        actions.stop_job(workspace.home, workspace.store, run.job.id, STOP_NOW)


def start(workspace: Workspace) -> Run:
    """A run that trains for longer than is looked at."""
    path = workspace.home.root / "made.csv"
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(ROWS, 8)), columns=list("abcdefgh"))
    frame.assign(sign=np.where(frame["a"] * frame["b"] > 0, "same", "other")).to_csv(path, index=False)
    dataset = workspace.ingest(path)
    spec = default_spec(dataset.id, workspace.profile(dataset.id), workspace.catalogue, target="sign")
    spec = set_dotted(spec, SETTINGS, workspace.catalogue)
    return actions.submit_run(workspace.home, workspace.store, workspace.catalogue, spec)


def delays_of(workspace: Workspace, run: Run, page: Page, opened: float) -> list[float]:
    """One delay per point that was made since the chart was open and has been seen; points are known by epoch."""
    delays = []
    for name, seen in zip(TRACES, page.evaluate(SEEN), strict=True):
        shown_at = {round(x, 4): moment for x, moment in seen}
        points, _position = workspace.store.metrics.read(run.id, names=[name])
        new = [point for point in points if point.time > opened]
        delays += [shown_at[key] - point.time for point in new if (key := round(point.epoch, 4)) in shown_at]
    return delays


if __name__ == "__main__":
    main()
