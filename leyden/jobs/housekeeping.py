"""Frees the disk of what nobody refers to any more: logs and locks of ended jobs, splits without a run."""

import re
from pathlib import Path

from leyden.home import Home
from leyden.locks import is_held
from leyden.store.store import Store

JOB = re.compile(r"job-(\d+)\.")


def sweep(home: Home, store: Store, *, before: float) -> list[Path]:
    """Removes what has been of no use since before a time (Unix seconds).

    The log of a failed job stays for as long as the job; a split stays for as long as a run was trained on it. What
    is younger may belong to something that is just being written.

    Returns:
        What was removed.
    """
    used = store.runs.split_hashes()
    removed = [file for file in home.splits.glob("*.parquet") if file.stem not in used]
    for file in [*(home.root / "logs").iterdir(), *(home.root / "locks").iterdir()]:
        found = JOB.match(file.name)
        job = store.jobs.find(int(found[1])) if found else None
        is_lock = file.parent.name == "locks"
        is_over = job is None or not (job.is_active or (job.state == "failed" and not is_lock))
        if found and is_over and not (file.suffix == ".lock" and is_held(file)):
            removed.append(file)
    removed = [file for file in removed if _is_older(file, before)]
    for file in removed:
        file.unlink(missing_ok=True)
    return removed


def _is_older(file: Path, time_s: float) -> bool:
    """False for a file that is gone: jobs remove their locks themselves."""
    try:
        return file.stat().st_mtime < time_s
    except FileNotFoundError:
        return False
