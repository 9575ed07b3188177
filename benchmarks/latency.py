"""How long people wait: from the click on Train to the first point on the screen, and for a server's first page.

    python -m benchmarks.latency

Serves a workspace of its own with a made table, opens the New run page in Chromium, and clicks on Train. The phases
lie between the click, the times in the store at which the run was made, its job claimed and its first point written,
and the frame in which the chart shows that point; all by the wall clock of this machine. The first run after the
start of everything is told beside the median of those after it. For these a process with torch imported waits already,
as it does for whoever has looked at something for some seconds: it is made a moment after each start of a run.

A server's start lasts until its page shows its first words; beside it the same for a Streamlit app of one line, by
turns.
"""

import argparse
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
from playwright.sync_api import Error, Page

from benchmarks.serving import SEEN, WATCH, chromium, free_port, served, start_server, until
from leyden import actions
from leyden.cli.workspace import Workspace
from leyden.home import Home
from leyden.store.records import STOP_NOW, Run
from leyden.store.store import open_store
from tests.processes import end_processes, processes_of

RUNS, STARTS = 6, 3
ROWS = 2_000
LOOK_EVERY_S = 0.01
REST_S = 0.5
PHASES = ("click to store", "claimed", "first point", "on the screen")
CLICK = """() => addEventListener("click", () => (window.leydenClick ??= Date.now() / 1000), {capture: true})"""
HELLO = "import streamlit as st\n\nst.title('Hello')\n"
LEYDEN_WORDS, HELLO_WORDS = "text=New run", "text=Hello"


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium() as page:
        home = Home(Path(folder)).create()
        workspace = Workspace(home, open_store(home))
        try:
            dataset = workspace.ingest(make_table(home.root)).id
            end_processes(home)
            with served(home) as url:
                waits = [first_point(workspace, page, f"{url}/new?data={dataset}")]
                for _ in range(RUNS - 1):
                    until(lambda: _has_spare(home), "a process with torch imported", every_s=LOOK_EVERY_S)
                    waits.append(first_point(workspace, page, f"{url}/new?data={dataset}"))
            starts = [(leyden_start(home, page), hello_start(home, page)) for _ in range(STARTS)]
        finally:
            end_processes(home)
            workspace.store.close()
    print_waits(waits)
    ours, hello = (statistics.median(times) for times in zip(*starts, strict=True))
    print(f"\nserver start to first page   {ours:6.2f} s   (hello-world Streamlit app: {hello:.2f} s)")


def print_waits(waits: list[list[float]]) -> None:
    """One line a phase: the first run, and the median of the others."""
    print(f"{'click on Train':<18}{'first run':>11}{'later runs':>12}")
    later = [statistics.median(times) for times in zip(*waits[1:], strict=True)]
    for name, first, usual in zip(PHASES, waits[0], later, strict=True):
        print(f"{name:<18}{first:>9.2f} s{usual:>10.2f} s")
    total = statistics.median(map(sum, waits[1:]))
    print(f"{'altogether':<18}{sum(waits[0]):>9.2f} s{total:>10.2f} s")


def first_point(workspace: Workspace, page: Page, url: str) -> list[float]:
    """The seconds of each phase of one run."""
    known = {run.id for run in workspace.store.runs.list()}
    page.goto(url)
    button = page.get_by_role("button", name="Train", exact=True)
    button.wait_for()
    page.locator(".ly-parameters").wait_for()
    page.evaluate(WATCH)
    page.evaluate(CLICK)
    button.click()
    run = until(lambda: _new_run(workspace, known), "the run in the store", every_s=LOOK_EVERY_S)
    try:
        shown = until(lambda: min((at for _, at in page.evaluate(SEEN)[0]), default=None), "a point on the screen")
        job = workspace.store.jobs.get(run.job.id)
        points, _ = workspace.store.metrics.read(run.id, names=["train/loss"])
        clicked = page.evaluate("() => window.leydenClick")
        assert job.started_at is not None
        moments = (clicked, run.created_at, job.started_at, points[0].time, shown)
        return [after - before for before, after in pairwise(moments)]
    finally:
        actions.stop_job(workspace.home, workspace.store, run.job.id, STOP_NOW)
        until(lambda: not workspace.store.jobs.get(run.job.id).is_active, "the end of the run")


def _has_spare(home: Home) -> bool:
    """Whether a process for runs is there, and has come to rest: no run is at work."""
    try:
        children = [process for process in processes_of(home) if "lightning_modules" in process.cmdline()]
        before = [_busy_s(process) for process in children]
        time.sleep(REST_S)
        return bool(children) and [_busy_s(process) for process in children] == before
    except psutil.Error:  # One has just ended.
        return False


def _busy_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _new_run(workspace: Workspace, known: set[str]) -> Run | None:
    new = next((row.id for row in workspace.store.runs.list() if row.id not in known), None)
    return workspace.store.runs.get(new) if new else None


def leyden_start(home: Home, page: Page) -> float:
    """Seconds from starting Leyden's server to the words of its first page."""
    port = free_port()
    return _start(home, page, [sys.executable, "-m", "leyden", "serve", "--port", str(port)], port, LEYDEN_WORDS)


def hello_start(home: Home, page: Page) -> float:
    """The same for the smallest app that Streamlit can serve."""
    app, port = home.root / "hello.py", free_port()
    app.write_text(HELLO)
    options = ["--server.headless", "true", "--server.port", str(port), "--server.fileWatcherType", "none"]
    command = [sys.executable, "-m", "streamlit", "run", str(app), *options]
    return _start(home, page, command, port, HELLO_WORDS)


def _start(home: Home, page: Page, command: list[str], port: int, words: str) -> float:
    started = time.perf_counter()
    process = start_server(home, command)
    try:
        until(lambda: _opens(page, f"http://127.0.0.1:{port}"), "the server", every_s=LOOK_EVERY_S)
        page.wait_for_selector(words)
        return time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()


def _opens(page: Page, url: str) -> bool:
    try:
        return page.goto(url) is not None
    except Error:
        return False


def make_table(folder: Path) -> Path:
    """Two thousand rows of eight numbers, and a class."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(ROWS, 8)), columns=list("abcdefgh"))
    path = folder / "made.csv"
    frame.assign(label=np.where(frame["a"] * frame["b"] > 0, "same", "other")).to_csv(path, index=False)
    return path


if __name__ == "__main__":
    main()
