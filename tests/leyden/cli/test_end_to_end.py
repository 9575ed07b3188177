"""The commands as scripts use them: real processes, the real queue, a real training."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import psutil
import pytest

from leyden.home import PROJECT, Home
from tests.leyden.cli.conftest import Answer
from tests.leyden.cli.tables import penguins
from tests.processes import end_processes
from tests.waiting import wait_for

TIMEOUT_S = 240


@dataclass(frozen=True)
class Shell:
    """Runs commands on one workspace, each in a process of its own."""

    home: Home

    def __call__(self, *arguments: str | Path, code: int = 0) -> Answer:
        ended = subprocess.run(**self._call(arguments), capture_output=True, text=True, timeout=TIMEOUT_S)
        assert "Traceback" not in ended.stderr
        assert ended.returncode == code, ended.stderr
        return Answer(ended.returncode, ended.stdout, ended.stderr)

    def start(self, *arguments: str | Path) -> "subprocess.Popen[str]":
        """As from a terminal: tests in the background may ignore Ctrl-C, and their children would ignore it too."""
        return subprocess.Popen(
            **self._call(arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_hear_signals,
        )

    def _call(self, arguments: tuple[str | Path, ...]) -> dict:
        command = [sys.executable, "-m", "leyden", *map(str, arguments)]
        return {"args": command, "cwd": PROJECT, "env": {**os.environ, "LEYDEN_HOME": str(self.home.root)}}


def _hear_signals() -> None:
    for ending in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, signal.SIG_DFL)


@pytest.fixture(scope="module")
def leyden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    shell = Shell(Home(tmp_path_factory.mktemp("workspace")).create())
    yield shell
    end_processes(shell.home)


@pytest.fixture(scope="module")
def dataset(leyden: Shell, tmp_path_factory: pytest.TempPathFactory) -> str:
    imported = leyden("import", penguins(tmp_path_factory.mktemp("files") / "birds.csv"), "--json").json
    assert (imported["rows"], imported["columns"], imported["name"]) == (240, 4, "birds")
    assert isinstance(imported["problems"], list)
    return imported["dataset"]


@pytest.fixture(scope="module")
def run(leyden: Shell, dataset: str) -> str:
    settings = ("--set", "optimisation.epochs=3", "--set", "optimisation.lr=0.02")
    trained = leyden("train", "--data", dataset, "--target", "species", *settings, "--json").json
    assert trained["status"] == "finished"
    assert trained["report"]["val"]["f1_macro"] > 0.8
    return trained["run"]


def test_a_trained_run_is_listed_shown_and_reported(leyden: Shell, run: str):
    [listed] = leyden("runs", "--search", run, "--json").json["runs"]
    shown = leyden("show", run, "--json").json
    report = leyden("report", run, "--split", "val", "--json").json["report"]["val"]
    assert listed["state"] == shown["status"] == "finished"
    assert shown["report"]["val"] == report
    assert {"accuracy", "balanced_accuracy", "precision_macro", "recall_macro", "f1_macro", "log_loss"} <= set(
        report
    )
    assert shown["parameters"] > 0 and "val/loss" in shown["last"]


def test_predictions_need_a_folder_to_be_written_to(leyden: Shell, run: str, tmp_path: Path):
    table = penguins(tmp_path / "new.csv")
    assert "must be writable" in leyden("predict", run, table, "--out", table / "out.csv", code=2).err


def test_predictions_are_one_row_per_row_in_order(leyden: Shell, run: str, tmp_path: Path):
    bare = penguins(tmp_path / "new.csv", with_species=False)
    told = leyden("predict", run, bare, "--out", tmp_path / "out" / "predicted.csv", "--json").json
    predicted = pd.read_csv(tmp_path / "out" / "predicted.csv")
    true = pd.read_csv(penguins(tmp_path / "true.csv"))["species"]
    assert told["run"] == run
    own = pd.read_csv(bare)
    assert list(predicted.columns) == ["prediction", "p_Adelie", "p_Gentoo", *own.columns]
    pd.testing.assert_frame_equal(predicted[own.columns], own)
    assert len(predicted) == len(true) == 240
    # Only rows in their own order can agree with their own truth this often.
    assert (predicted["prediction"] == true).mean() > 0.8
    assert predicted[["p_Adelie", "p_Gentoo"]].sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("content", ["bill_mm,island\n40,Dream\n", "a,b\n1,2\n", ""])
def test_a_file_that_does_not_fit_is_bad_data(leyden: Shell, run: str, tmp_path: Path, content: str):
    (tmp_path / "new.csv").write_text(content)
    answer = leyden("predict", run, tmp_path / "new.csv", "--out", tmp_path / "out.csv", code=2)
    assert answer.out == "" and answer.err.splitlines()[-1].startswith("leyden: ")
    assert not (tmp_path / "out.csv").exists()


def test_opening_the_test_rows_is_counted_once(leyden: Shell, run: str):
    for _ in range(2):
        opened = leyden("report", run, "--split", "test", "--json").json
        assert opened["openings"] == 1
        assert 0 <= opened["report"]["test"]["accuracy"] <= 1


def test_a_run_is_trained_longer(leyden: Shell, dataset: str):
    settings = ("--set", "optimisation.epochs=2", "--set", "optimisation.early_stopping.patience=0", "--seed", "5")
    first = leyden("train", "--data", dataset, "--target", "species", *settings, "--json").json["run"]
    assert leyden("resume", first, "--epochs", "4", "--json").json["status"] == "finished"
    shown = leyden("show", first, "--json").json
    assert (shown["attempt"], shown["status"]) == (2, "finished")
    leyden("resume", first, "--epochs", "4", code=2)
    assert leyden("delete", first, "--json").json["freed_bytes"] > 0
    leyden("show", first, code=2)


def test_a_run_that_diverges_has_failed(leyden: Shell, dataset: str):
    """Gradient descent on squares with steps far too long: the loss overflows within a few steps."""
    settings = {
        "optimisation.optimiser": "sgd",
        "optimisation.lr": 100,
        "optimisation.clip_norm": 0,
        "optimisation.epochs": 50,
        "optimisation.early_stopping.patience": 0,
        "loss": "mse",
    }
    pairs = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    target = ("--target", "mass_g", "--architecture", "linear")
    answer = leyden("train", "--data", dataset, *target, *pairs, "--json", code=1)
    assert answer.json["status"] == "failed"
    assert "diverged" in answer.json["reason"]


def test_ctrl_c_leaves_the_run_at_work_and_stop_ends_it(leyden: Shell, dataset: str):
    settings = ("--set", "optimisation.epochs=100000", "--set", "optimisation.early_stopping.patience=0")
    waiting = leyden.start("train", "--data", dataset, "--target", "species", *settings, "--json")

    def is_training() -> str | None:
        runs = leyden("runs", "--limit", "1", "--json").json["runs"]
        return next((run["id"] for run in runs if run["state"] == "running" and run["progress"] is not None), None)

    run = wait_for(is_training, timeout_s=TIMEOUT_S, what="the run being trained")
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=TIMEOUT_S)
    assert waiting.returncode == 0 and "Traceback" not in err
    assert json.loads(out)["status"] == "running"
    assert f"python -m leyden stop {run}" in err
    assert leyden("stop", run, "--json").json["status"] == "stopped"
    assert leyden("report", run, "--json").json["report"]["val"]


def test_the_command_line_starts_without_heavy_libraries():
    heavy = ("torch", "pandas", "streamlit", "sklearn")
    code = f"import sys, leyden.cli.app; print([name for name in {heavy} if name in sys.modules])"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=TIMEOUT_S, check=True, cwd=PROJECT
    )
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP])
def test_the_server_ends_with_who_started_it(leyden: Shell, how: signal.Signals):
    serving, server, _port = serve(leyden)
    serving.send_signal(how)
    _out, err = serving.communicate(timeout=TIMEOUT_S)
    assert serving.returncode == 0 and not server.is_running()
    assert "The server has ended" in err and "Traceback" not in err and "Aborted" not in err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's end")
def test_the_server_ends_and_frees_its_port_when_who_started_it_is_killed(leyden: Shell):
    serving, server, port = serve(leyden)
    try:
        serving.kill()
        _out, err = serving.communicate(timeout=TIMEOUT_S)  # Until the server has closed them, too.
        wait_for(lambda: not server.is_running(), what="the end of the server")
    finally:
        with contextlib.suppress(psutil.Error):
            server.kill()
    assert "Traceback" not in err
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def serve(leyden: Shell) -> "tuple[subprocess.Popen[str], psutil.Process, int]":
    """Who starts a server, the server itself, which answers, and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = leyden.start("serve", "--port", str(port))

    def answers() -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as page,
        ):
            return page.status == 200
        return False

    wait_for(answers, timeout_s=TIMEOUT_S, what="the server's first answer")
    [server] = psutil.Process(serving.pid).children()
    return serving, server, port
