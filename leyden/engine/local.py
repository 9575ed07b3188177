"""The local engine: jobs run in child processes of a supervisor on this machine."""

import time

from leyden.engine.detached import start_detached
from leyden.home import Home
from leyden.locks import is_held
from leyden.store.store import Store

STARTING_S = 3.0
"""What a supervisor that was woken a moment ago may take until it holds its lock."""
POLL_S = 0.1


def is_worked_off(home: Home, store: Store) -> bool:
    """Whether a supervisor looks after what there is to do, or there is nothing; one that just starts is waited for."""
    deadline = time.monotonic() + STARTING_S
    while not is_held(home.supervisor_lock):
        if not store.has_work():
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_S)
    return True


def look_after(home: Home, store: Store) -> None:
    """Wakes a supervisor if there is work and none is alive, whatever ended the last one."""
    if not is_held(home.supervisor_lock) and store.has_work():
        wake_supervisor(home)


def wake_supervisor(home: Home) -> bool:
    """Makes sure that a supervisor looks after the workspace; cheap when one already does.

    Returns:
        Whether one had to be started. Two calls at once may start two; the second leaves at once.
    """
    if is_held(home.supervisor_lock):
        return False
    start_detached(home, "leyden.jobs.supervisor", home.supervisor_log)
    return True
