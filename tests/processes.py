"""The processes that a workspace's supervisor started, which by design outlive whoever asked for them."""

import psutil

from leyden.home import Home
from tests.waiting import wait_for

MODULES = {"leyden.jobs.supervisor", "lightning_modules", "leyden.jobs.child"}


def processes_of(home: Home) -> list[psutil.Process]:
    """Supervisor first, then its children; told by their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            is_ours = MODULES & set(process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE
            if is_ours and process.environ().get("LEYDEN_HOME") == str(home.root):
                found.append(process)
        except psutil.Error:
            continue
    return sorted(found, key=lambda process: "leyden.jobs.supervisor" not in process.cmdline())


def end_processes(home: Home) -> None:
    """Kills them all, as a machine that loses its power would."""

    def kill_all() -> bool:
        for process in processes_of(home):
            process.kill()
        return not processes_of(home)

    wait_for(kill_all, what="no process of the workspace being left")
