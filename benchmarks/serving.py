"""What benchmarks of the interface share: a served workspace, a browser that looks at it, and waiting for both."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from playwright.sync_api import Page, sync_playwright

from leyden.home import PROJECT, Home

DEADLINE_S = 300

TRACES = ("train/loss", "val/loss")
"""The lines of a run's first chart, in their order."""

WATCH = """() => {
    const seen = (window.leydenSeen = [new Map(), new Map()])
    const look = () => {
        const drawn = document.querySelector(".leyden-plot")?.data ?? []
        drawn.forEach((line, place) =>
            line.x.forEach((x) => seen[place].has(x) || seen[place].set(x, Date.now() / 1000)))
        requestAnimationFrame(look)
    }
    look()
}"""
"""Makes a page remember in which frame it first showed each point of that chart, by epoch."""

SEEN = "() => window.leydenSeen.map((line) => [...line.entries()])"

T = TypeVar("T")


@contextmanager
def served(home: Home) -> Iterator[str]:
    """A server on a free port of this machine; its address."""
    port = free_port()
    process = start_server(home, [sys.executable, "-m", "leyden", "serve", "--port", str(port)])

    def is_up() -> bool:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5).status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    try:
        until(is_up, "the server")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def start_server(home: Home, command: list[str]) -> "subprocess.Popen[bytes]":
    """A server's process; what it says goes to a file of the workspace."""
    environment = {**os.environ, "LEYDEN_HOME": str(home.root)}
    with (home.root / "server.log").open("wb") as log:
        return subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)


@contextmanager
def chromium() -> Iterator[Page]:
    """A page in a headless Chromium of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("Chromium is not installed; install the package 'chromium' (or Google Chrome).")
    quiet = [f"--disable-{what}" for what in ("background-networking", "component-update", "sync", "gpu")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *quiet])
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(DEADLINE_S * 1000)
        yield page
        browser.close()


def until(look: Callable[[], T | None], what: str, every_s: float = 0.2) -> T:
    """The first truthy result of `look`; gives up after `DEADLINE_S`."""
    deadline = time.monotonic() + DEADLINE_S
    while not (found := look()):
        if time.monotonic() > deadline:
            raise SystemExit(f"{what}: not within {DEADLINE_S} s")
        time.sleep(every_s)
    return found
