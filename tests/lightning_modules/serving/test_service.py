"""The service as a process: started on demand, alone, gone when idle, back after `kill -9`."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from leyden.engine import service
from leyden.errors import DataError, RunError, StoreError
from leyden.home import PROJECT
from leyden.locks import is_held
from tests.processes import processes_of
from tests.waiting import wait_for

pytestmark = pytest.mark.fault

ROW = {"length": 2.0, "width": 0.0, "colour": "red", "kind": "not read"}


def ask(home, model, **changes):
    return service.predict(home, model, json.dumps({"rows": [{**ROW, **changes}]}).encode())


def services(home) -> list[psutil.Process]:
    return [process for process in processes_of(home) if "lightning_modules.serving" in process.cmdline()]


def test_one_process_answers_all_and_comes_back_after_kill_9(home, trained):
    seen = []
    answer = service.predict(
        home, trained.id, json.dumps({"rows": [ROW, {**ROW, "width": 99}]}).encode(), seen.append
    )
    assert seen[0].code == "service_starting"
    first, second = answer["predictions"]
    assert first["prediction"] in first["probabilities"]
    assert sum(second["probabilities"].values()) == pytest.approx(1)
    [warning] = answer["warnings"]
    assert (warning["row"], warning["column"], warning["code"]) == (1, "width", "number_above")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: ask(home, trained.id), range(24)))
    assert all(one["predictions"] == [first] for one in answers)
    [process] = services(home)

    with pytest.raises(DataError, match=r"rows\[0\] lacks"):
        service.predict(home, trained.id, b'{"rows": [{}]}')
    with pytest.raises(DataError, match="length: 'long' is not a number"):
        ask(home, trained.id, length="long")
    with pytest.raises(DataError, match=r"^rows\[1\]\.length: 'long' is not a number"):
        service.predict(home, trained.id, json.dumps({"rows": [ROW, {**ROW, "length": "long"}]}).encode())
    for unknown in ("nothing", "a/../b?c=1"):
        with pytest.raises(StoreError, match="no model"):
            ask(home, unknown)

    os.kill(process.pid, signal.SIGKILL)
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda number: ask(home, trained.id), range(48)))
    assert all(one["predictions"] == [first] for one in answers)
    [again] = services(home)
    assert again.pid != process.pid


def test_it_is_alone_and_leaves_when_nobody_asks(home, trained):
    command = [sys.executable, "-m", "lightning_modules.serving", "--idle", "4"]
    pair = [subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL) for _ in range(2)]
    wait_for(lambda: any(one.poll() == 0 for one in pair), what="the second leaving at once")
    assert sum(one.poll() is None for one in pair) == 1
    answers = ask(home, trained.id)["predictions"]
    wait_for(lambda: not is_held(home.service_lock), what="the service leaving")
    assert [one.wait() for one in pair] == [0, 0]
    assert not home.service_address.exists()
    assert ask(home, trained.id)["predictions"] == answers


def test_a_service_that_cannot_start_is_told(home, trained):
    # A folder where its lock should be: no process can ever hold it.
    home.service_address.mkdir()
    with pytest.raises(RunError, match=r"did not start; its log, .*service\.log"):
        ask(home, trained.id)
