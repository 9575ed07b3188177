"""The local engine: jobs run in child processes of a supervisor on this machine."""

import os
import subprocess
import sys
import threading

from leyden.home import PROJECT, Home
from leyden.locks import is_held
from leyden.store.store import Store


def look_after(home: Home, store: Store) -> None:
    """Wakes a supervisor if there is work and none is alive, whatever ended the last one."""
    if not is_held(home.supervisor_lock) and store.jobs.list(limit=1):
        wake_supervisor(home)


def wake_supervisor(home: Home) -> bool:
    """Makes sure that a supervisor looks after the workspace; cheap when one already does.

    It is a process of its own session: it survives the server, a closed terminal and Ctrl-C.

    Returns:
        Whether one had to be started. Two calls at once may start two; the second leaves at once.
    """
    if is_held(home.supervisor_lock):
        return False
    with home.supervisor_log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "leyden.jobs.supervisor"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=PROJECT,
            env={**os.environ, "LEYDEN_HOME": str(home.root)},
            start_new_session=True,
        )
    # Its end is collected whenever it comes, so that no zombie stays behind in a long-lived server.
    threading.Thread(target=process.wait, daemon=True, name="supervisor-end").start()
    return True
