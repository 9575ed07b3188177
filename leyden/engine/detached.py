"""Starts a process of Leyden's that outlives whoever started it."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from leyden.home import PROJECT, Home


def start_detached(home: Home, module: str, log: Path) -> "subprocess.Popen[bytes]":
    """Starts `python -m module` on a workspace, with everything it prints at the end of a log file.

    It is a process of its own session: it survives the server, a closed terminal and Ctrl-C.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=PROJECT,
            env={**os.environ, "LEYDEN_HOME": str(home.root)},
            start_new_session=True,
        )
    # Its end is collected whenever it comes, so that no zombie stays behind in a long-lived server.
    threading.Thread(target=process.wait, daemon=True, name=f"{module}-end").start()
    return process
