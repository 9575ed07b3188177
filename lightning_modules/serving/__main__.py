"""The prediction service of a workspace: `python -m lightning_modules.serving`. Leaves when nobody asks."""

import argparse
import json
import os
import shutil
import socket
import tempfile
from pathlib import Path

import anyio
import uvicorn

from leyden.home import Home, find_home
from leyden.locks import FileLock
from leyden.store.store import open_store
from lightning_modules.serving.app import Service
from lightning_modules.serving.models import Models

IDLE_S = 600.0
LOOK_EVERY_S = 0.2
LOCK_TIMEOUT_S = 1
NICENESS = 5
"""Behind the server's pages, before trainings (10)."""


def serve(home: Home, idle_s: float = IDLE_S) -> bool:
    """Serves predictions until nobody has asked for `idle_s` seconds, or it is told to end.

    Returns:
        False at once when another process already does.
    """
    lock = FileLock(home.service_lock)
    # A moment's patience: others look whether the lock is held by trying to take it.
    if not lock.acquire(LOCK_TIMEOUT_S):
        return False
    _forget_last(home)
    # Not in the workspace: the path of a socket may have 100 characters at most.
    folder = Path(tempfile.mkdtemp(prefix="leyden-"))
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(folder / "socket"))
            listener.listen()
            _publish(home, folder / "socket")
            anyio.run(_serve, listener, home, idle_s)
    finally:
        home.service_address.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
    return True


async def _serve(listener: socket.socket, home: Home, idle_s: float) -> None:
    store = open_store(home)
    models = Models(home, store)
    service = Service(models)
    server = uvicorn.Server(uvicorn.Config(service.app, log_level="warning", lifespan="off"))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_end_when_idle, server, service, home, idle_s)
        await server.serve(sockets=[listener])
        tasks.cancel_scope.cancel()
    models.close()
    store.close()


async def _end_when_idle(server: uvicorn.Server, service: Service, home: Home, idle_s: float) -> None:
    while service.idle_s < idle_s:
        await anyio.sleep(min(LOOK_EVERY_S, idle_s / 2))
    # First, so that nobody who comes now takes it for one that listens.
    home.service_address.unlink(missing_ok=True)
    server.should_exit = True


def _publish(home: Home, path: Path) -> None:
    """Writes where the service listens, whole or not at all."""
    unfinished = home.service_address.with_suffix(".new")
    unfinished.write_text(json.dumps({"socket": str(path), "pid": os.getpid()}))
    unfinished.replace(home.service_address)


def _forget_last(home: Home) -> None:
    """Removes what a service that was killed left behind."""
    try:
        left = Path(json.loads(home.service_address.read_text())["socket"]).parent
    except (OSError, ValueError, KeyError):
        return
    home.service_address.unlink(missing_ok=True)
    if left.name.startswith("leyden-"):
        shutil.rmtree(left, ignore_errors=True)


def main() -> None:
    """Parses the arguments and serves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--idle", type=float, default=IDLE_S, help="leave after this many seconds without a request"
    )
    arguments = parser.parse_args()
    os.nice(NICENESS)
    # Read when torch is loaded: threads that have nothing to do sleep, instead of slowing down trainings.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("KMP_BLOCKTIME", "0")
    serve(find_home(), arguments.idle)


if __name__ == "__main__":
    main()
