"""Datasets come into being whole or not at all: work happens in a temporary folder that is renamed at the end.

A temporary folder is locked by the process that works in it; one that nobody locks was left behind by a process
that died, and the next ingest removes it. One more lock, for moments only, keeps making, publishing and removing
datasets apart, so that media are never freed while a new dataset begins to refer to them.
"""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leyden.errors import DataError
from leyden.home import Home
from leyden.locks import FileLock

PREFIX = ".new-"
LOCK_TIMEOUT_S = 120.0


@contextmanager
def files_lock(home: Home) -> Iterator[None]:
    """Held while datasets and media appear or disappear."""
    lock = FileLock(_datasets(home) / ".lock")
    if not lock.acquire(LOCK_TIMEOUT_S):
        raise DataError("datasets_locked", folder=str(_datasets(home)))
    with lock:
        yield


@contextmanager
def staging_folder(home: Home) -> Iterator[Path]:
    """A temporary folder beside the datasets, removed at the end unless it was published."""
    folder = _datasets(home) / f"{PREFIX}{uuid.uuid4().hex}"
    lock = FileLock(folder.with_suffix(".lock"))
    with files_lock(home):
        _remove_leftovers(home)
        lock.acquire()
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release(remove=True)


def publish(home: Home, staged: Path, dataset_id: str) -> None:
    """Makes a finished folder the dataset, its `media/` the workspace's; keeps what another process made first."""
    target = home.dataset(dataset_id)
    with files_lock(home):
        if target.exists():
            return
        media = staged / "media"
        for file in media.glob("*") if media.is_dir() else ():
            kept = home.media_file(file.name)
            kept.parent.mkdir(parents=True, exist_ok=True)
            file.replace(kept)
        shutil.rmtree(media, ignore_errors=True)
        shutil.rmtree(staged / "work", ignore_errors=True)
        staged.rename(target)


def _remove_leftovers(home: Home) -> None:
    """Removes temporary folders whose process is gone."""
    for folder in _datasets(home).glob(f"{PREFIX}*"):
        if folder.suffix == ".lock" or not folder.is_dir():
            continue
        lock = FileLock(folder.with_suffix(".lock"))
        if lock.acquire():
            shutil.rmtree(folder, ignore_errors=True)
            lock.release(remove=True)


def _datasets(home: Home) -> Path:
    return home.dataset("any").parent
