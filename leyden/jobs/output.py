"""Where a job's output goes: all that its process prints, tracebacks included, into a log file."""

import contextlib
import os
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leyden.store.records import Job


@contextmanager
def output_to(log: Path, job: Job | None = None) -> Iterator[None]:
    """Sends everything this process prints, libraries in C included, to the end of a log file.

    Args:
        log: The file.
        job: Begins there; None: another process has said so.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    _flush()
    saved = os.dup(1), os.dup(2)
    target = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)
    try:
        if job:
            started = time.strftime("%Y-%m-%d %H:%M:%S")
            with contextlib.suppress(OSError):
                print(f"--- {job.kind}, attempt {job.attempt}, {started}, on {job.device}", flush=True)
        yield
    finally:
        _flush()
        for number, before in enumerate(saved, start=1):
            os.dup2(before, number)
            os.close(before)


def log_traceback() -> None:
    """Prints the exception that is being handled. A disk that is full must not become another failure."""
    with contextlib.suppress(OSError):
        traceback.print_exc()


def _flush() -> None:
    """Writes out what was printed. Where the disk is full that is lost; the job's end is not."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
