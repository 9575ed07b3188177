"""The examples of docs/api.md, run as they stand there against a real server and a real service."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette

from leyden.home import PROJECT, Home
from leyden.secrets import secret_in
from leyden.store.records import Run
from leyden.store.store import Store
from lightning_modules import work
from tests.lightning_modules import workspace
from tests.processes import end_processes
from tests.waiting import wait_for
from ui.routes.table import MIDDLEWARE, ROUTES

TEXT = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
SHELL = re.findall(r"```sh\n(curl.+?)```", TEXT, re.DOTALL)
PYTHON = re.findall(r"```python\n(.+?)```", TEXT, re.DOTALL)

pytestmark = pytest.mark.fault


@pytest.fixture
def run(home: Home, store: Store) -> Iterator[Run]:
    workspace.add_table(home, store, workspace.flowers())
    run = workspace.submit(home, store, "kind", {"optimisation.epochs": 8, "optimisation.batch_size": 8})
    work.train(workspace.claim(home, store))
    yield run
    end_processes(home)


@pytest.fixture
def environment(home: Home, run: Run) -> Iterator[dict[str, str]]:
    """What the examples find in their environment, while a server answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    wait_for(lambda: server.started, what="the server")
    port = listener.getsockname()[1]
    token = secret_in(home.api_token)
    yield {**os.environ, "LEYDEN": f"http://127.0.0.1:{port}", "MODEL": run.id, "TOKEN": token}
    server.should_exit = True
    thread.join()


def test_the_examples_answer_what_the_description_says(environment: dict[str, str]):
    ask, predict = (
        json.loads(subprocess.run(["bash", "-c", script], env=environment, capture_output=True, check=True).stdout)
        for script in SHELL
    )
    example = json.loads(re.findall(r"```json\n(.+?)```", TEXT, re.DOTALL)[0])
    assert ask.keys() == example.keys() and ask["classes"] == example["classes"]
    assert [column["name"] for column in ask["columns"]] == ["length", "width", "colour"]

    example = json.loads(re.findall(r"```json\n(.+?)```", TEXT, re.DOTALL)[1])
    assert predict.keys() == example.keys() and len(predict["predictions"]) == 2
    assert predict["predictions"][0].keys() == example["predictions"][0].keys()
    assert example["warnings"][0].keys() == predict["warnings"][0].keys()
    assert {warning["code"] for warning in predict["warnings"]} == {"number_above", "number_missing"}

    [script] = PYTHON
    printed = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.startswith(predict["predictions"][0]["prediction"])


def test_the_token_of_the_command_line_is_the_one_that_opens(environment: dict[str, str]):
    command = [sys.executable, "-m", "leyden", "token"]
    printed = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == environment["TOKEN"]


def test_limits_of_the_description_are_those_of_the_code():
    from leyden.engine.service import MOST_ROWS
    from lightning_modules.serving.models import MOST_MODELS
    from ui.routes.models import MOST_BYTES

    assert f"{MOST_ROWS:,} rows and {MOST_BYTES // 10**6} MB" in TEXT
    assert f"up to {MOST_MODELS} models" in TEXT.replace("\n", " ")
