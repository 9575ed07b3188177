"""Locks that the kernel releases when their holder dies, however it dies: the proof that a process lives."""

import fcntl
import time
from pathlib import Path
from types import TracebackType
from typing import IO

POLL_S = 0.1


class FileLock:
    """An exclusive `flock` on a file. Works between processes of one machine."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def acquire(self, timeout_s: float = 0.0) -> bool:
        """Takes the lock, waiting up to `timeout_s` seconds for it; False when someone else keeps it."""
        deadline = time.monotonic() + timeout_s
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a")
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    file.close()
                    return False
                time.sleep(POLL_S)
            else:
                self._file = file
                return True

    def release(self, *, remove: bool = False) -> None:
        """Gives the lock back; `remove` also removes its file (only for locks whose name never comes again)."""
        if self._file is None:
            return
        if remove:
            self.path.unlink(missing_ok=True)
        self._file.close()
        self._file = None

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_held(path: Path) -> bool:
    """Whether some living process holds the lock. Those who look do not see each other, and leave no file behind."""
    try:
        file = path.open()
    except FileNotFoundError:
        return False
    with file:
        try:
            # Shared: any number may look at once, and only the holder, whose lock is exclusive, is in their way.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
