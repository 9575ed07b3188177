"""Commands about the server: serve, supervise, token."""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from leyden.cli.output import Json, result, say
from leyden.cli.workspace import open_workspace
from leyden.home import PROJECT
from leyden.jobs.supervisor import IDLE_S
from leyden.jobs.supervisor import supervise as supervise_home
from leyden.secrets import secret_in

_SET_DEATH_SIGNAL = 1
"""Linux's `PR_SET_PDEATHSIG`."""


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on; others can reach any but the default.")] = (
        "127.0.0.1"
    ),
) -> None:
    """Serve Leyden in the browser until Ctrl-C; jobs go on after it."""
    workspace = open_workspace()
    _require_free(address, port)
    say(f"Leyden serves http://{address}:{port}  (workspace: {workspace.home.root}; Ctrl-C ends the server)")
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py")),
        *("--server.port", str(port), "--server.address", address, "--server.headless", "true"),
        *("--logger.hideWelcomeMessage", "true"),  # The address is said already.
    ]
    # In a process group of its own a Ctrl-C does not reach it: it is asked to end, and has no exception to tell of.
    environment = {**os.environ, "LEYDEN_HOME": str(workspace.home.root)}
    server = subprocess.Popen(
        command, cwd=PROJECT, env=environment, process_group=0, preexec_fn=_ending_with(os.getpid())
    )
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: server.terminate())
    code = server.wait()
    active = workspace.store.jobs.list()
    if active:
        goes_on = "1 job goes" if len(active) == 1 else f"{len(active)} jobs go"
        say(f"The server has ended; {goes_on} on without it. What runs is shown again at the next start;")
        say("stop a run with: python -m leyden stop RUN (python -m leyden runs lists them)")
    else:
        say("The server has ended; no jobs are running.")
    raise typer.Exit(0 if code in (0, -signal.SIGTERM) else 1)


def supervise(
    idle: Annotated[float, typer.Option(min=0, help="Leave after this many idle seconds.")] = IDLE_S,
) -> None:
    """Look after the queue of this workspace (the server starts this by itself)."""
    if not supervise_home(open_workspace().home, idle_s=idle):
        say("Another supervisor already looks after this workspace.")


def token(
    renew: Annotated[
        bool, typer.Option("--renew", help="Make another one; programs with the old one are refused.")
    ] = (False),
    as_json: Json = False,
) -> None:
    """Print the token with which programs ask this workspace's models over HTTP."""
    home = open_workspace().home
    if renew:
        home.api_token.unlink(missing_ok=True)
    secret = secret_in(home.api_token)
    result({"token": secret}, [secret], as_json=as_json)


def _ending_with(parent: int) -> Callable[[], None] | None:
    """What a new process does first in order to be ended by the kernel when its parent is killed (on Linux alone).

    Otherwise the server would go on without anybody who could end it, and keep the port from the next start.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(_SET_DEATH_SIGNAL, ctypes.c_ulong(signal.SIGTERM))
        if os.getppid() != parent:  # It was killed before this was asked.
            os.kill(os.getpid(), signal.SIGTERM)

    return ask


def _require_free(address: str, port: int) -> None:
    """Refuses a port that somebody listens on, before anything is started or said."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        # As servers do: what a server that has just ended left behind is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.strip("[]"), port))
        except OSError as error:
            reason = (
                "is taken" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror or error})"
            )
            raise typer.BadParameter(f"port {port} of {address} {reason}; give another one with --port") from error
