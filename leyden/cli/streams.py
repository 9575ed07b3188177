"""Where a file is called "-": standard input and standard output, by way of a folder that other processes see."""

import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leyden.home import Home
from leyden.prediction.files import OUT

DASH = Path("-")


@contextmanager
def as_files(home: Home, path: Path, out: Path) -> Iterator[tuple[Path, Path]]:
    """The file to read and the file to write, whichever of them is a stream; at the end, stdout gets what was written.

    After Ctrl-C what is queued goes on, so its files stay; they are removed a day later, like all answers.
    """
    if DASH not in (path, out):
        yield path, out
        return
    folder = home.predictions / secrets.token_hex(8)
    folder.mkdir(parents=True)
    try:
        yield _taken(folder / "stdin.csv") if path == DASH else path, folder / OUT if out == DASH else out
        if out == DASH:
            _print(folder / OUT)
    except KeyboardInterrupt:
        raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)


def read_stdin() -> bytes:
    """All of standard input."""
    return sys.stdin.buffer.read()


def _taken(path: Path) -> Path:
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path


def _print(path: Path) -> None:
    with path.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.flush()
