"""Job functions for tests: small, but run by the real supervisor in real child processes."""

import atexit
import os
import time
from pathlib import Path

from leyden.errors import DataError
from leyden.jobs.context import JobContext, JobStopped


def write(context: JobContext) -> dict[str, object]:
    """Leaves a mark that names its process."""
    print("writing to the log")
    Path(context.job.payload["path"]).write_text(str(os.getpid()))
    return {"pid": os.getpid()}


def refuse(context: JobContext) -> dict[str, object]:
    raise DataError("path_missing", path=context.job.payload["path"])


def crash(context: JobContext) -> dict[str, object]:
    raise ZeroDivisionError("division by zero")


def wait(context: JobContext) -> dict[str, object]:
    """Goes on until stopped, or until a file appears; notes each start."""
    folder = Path(context.job.payload["path"])
    (folder / f"started-{context.job.attempt}-{os.getpid()}").touch()
    if context.job.payload.get("saves"):
        context.store.jobs.set_saved_step(context.job.id, context.owner, context.job.start_step + 10)
    while not (folder / "finish").exists():
        if context.is_stop_requested():
            raise JobStopped({"was": "asked"})
        time.sleep(0.02)
    return {"attempt": context.job.attempt, "start_step": context.job.start_step}


def together(context: JobContext) -> dict[str, object]:
    """Each process of a crew notes its rank; they go on until stopped, or until a file appears."""
    folder = Path(context.job.payload["path"])
    (folder / f"rank-{context.rank}-{context.job.attempt}-{os.getpid()}").touch()
    if context.rank == context.job.payload.get("refuses_at_once"):
        raise DataError("path_missing", path=f"of rank {context.rank}")
    # As in a training, where nobody gets anywhere without the others.
    while len(list(folder.glob(f"rank-*-{context.job.attempt}-*"))) < context.job.num_devices:
        time.sleep(0.02)
    if context.rank == context.job.payload.get("refuses"):
        raise DataError("path_missing", path=f"of rank {context.rank}")
    if context.rank == context.job.payload.get("stumbles"):
        atexit.register(os._exit, 1)
        return {}
    while not (folder / "finish").exists():
        if context.is_stop_requested() and context.rank == 0:
            (folder / "finish").touch()  # It tells the others, and is done before them.
            raise JobStopped({"was": "asked"})
        time.sleep(0.02)
    return {"rank": context.rank, "world": os.environ.get("WORLD_SIZE")}
