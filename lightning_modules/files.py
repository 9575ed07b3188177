"""Writing files so that a reader, or the next process, never sees half of one."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

BLOCK = 2**20


def write_atomically(path: Path, write: Callable[[IO[bytes]], object], *, keep: Path | None = None) -> None:
    """Writes a file under another name, waits for the disk, and renames it.

    Args:
        path: The file; whole or unchanged at every moment.
        write: Writes the content into an open binary file.
        keep: Where a file that was at `path` before is kept.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        if keep is not None and path.exists():
            path.replace(keep)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """Writes a text file in UTF-8, atomically."""
    write_atomically(path, lambda file: file.write(text.encode()))


def describe_file(path: Path, root: Path) -> dict[str, Any]:
    """Path relative to `root`, SHA-256 and size: how the store names a model's files."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return {"path": str(path.relative_to(root)), "sha256": digest.hexdigest(), "bytes": path.stat().st_size}


def _sync_folder(folder: Path) -> None:
    """Makes a rename durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
