"""A real server, a real Chromium, and a workspace of their own for each module of journeys."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from leyden.home import PROJECT, Home
from leyden.store.store import Store, open_store
from tests.processes import end_processes
from tests.waiting import wait_for

expect.set_options(timeout=60_000)
RESULTS = PROJECT / "test-results"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(str(item.fspath)).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@dataclass
class Server:
    """A Leyden at work; `restart` ends it hard and serves the same workspace on the same port."""

    home: Home
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def restart(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process = _start(self.home, self.port)


def _start(home: Home, port: int) -> "subprocess.Popen[bytes]":
    with (home.root / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [*(sys.executable, "-m", "streamlit", "run", "app.py"), "--server.port", str(port)],
            cwd=PROJECT,
            env={**os.environ, "LEYDEN_HOME": str(home.root)},
            stdout=log,
            stderr=log,
        )

    def is_up() -> bool:
        assert process.poll() is None, (home.root / "server.log").read_text()
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5).status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    wait_for(is_up, what="the server")
    return process


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = Home(tmp_path_factory.mktemp("workspace")).create()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = Server(home, port, _start(home, port))
    yield served
    served.process.terminate()
    served.process.wait()
    end_processes(home)


@pytest.fixture(scope="module")
def workspace(server: Server) -> Iterator[Store]:
    store = open_store(server.home)
    yield store
    store.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    assert path, "no Chromium is installed; `make test` says how to get one"
    quiet = ("background-networking", "component-update", "sync", "gpu")
    arguments = ["--no-sandbox", *(f"--disable-{what}" for what in quiet)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def is_local(url: str, server: Server) -> bool:
    return url.startswith((server.url, f"ws://127.0.0.1:{server.port}", "data:", "blob:"))


@pytest.fixture
def context(chromium: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    opened = chromium.new_context(base_url=server.url, viewport={"width": 1440, "height": 1000})
    opened.set_default_timeout(60_000)
    elsewhere: list[str] = []
    opened.on("request", lambda sent: None if is_local(sent.url, server) else elsewhere.append(sent.url))
    yield opened
    assert elsewhere == [], "Leyden sends nothing to anybody"
    RESULTS.mkdir(exist_ok=True)
    for number, page in enumerate(opened.pages):
        page.screenshot(path=RESULTS / f"{request.node.name}-{number}.png", full_page=True)
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
