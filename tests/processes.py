"""The processes that a workspace's supervisor started, which by design outlive whoever asked for them."""

import contextlib

import psutil

from leyden.home import Home
from tests.waiting import wait_for

MODULES = {"leyden.jobs.supervisor", "lightning_modules", "leyden.jobs.child", "lightning_modules.serving"}


def processes_of(home: Home) -> list[psutil.Process]:
    """Supervisor first, then its children; told by their environment."""
    supervisors, children = [], []
    for process in psutil.process_iter():
        try:
            command = process.cmdline()
            is_ours = MODULES & set(command) and process.status() != psutil.STATUS_ZOMBIE
            if is_ours and process.environ().get("LEYDEN_HOME") == str(home.root):
                (supervisors if "leyden.jobs.supervisor" in command else children).append(process)
        except psutil.Error:
            continue
    return supervisors + children


def end_processes(home: Home) -> None:
    """Kills them all, as a machine that loses its power would."""

    def kill_all() -> bool:
        for process in processes_of(home):
            with contextlib.suppress(psutil.Error):
                process.kill()
        return not processes_of(home)

    wait_for(kill_all, what="no process of the workspace being left")
