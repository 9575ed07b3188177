"""Which dataset it is: a hash of the source's bytes and of how a person asked for them to be read."""

import hashlib
from pathlib import Path

from leyden.datasets.duck import Tick, no_tick
from leyden.datasets.profile import ReadOptions

FORMAT_VERSION = 1
"""Raised when the same source would become a table with other content."""
CHUNK = 1 << 20


def dataset_identity(source: Path, options: ReadOptions, tick: Tick = no_tick) -> str:
    """`d` and 12 hex digits; equal for the same source, read with the same options, by the same rules.

    Args:
        source: A file, or a folder, of which names and contents of all files count.
    """
    digest = hashlib.sha256()
    digest.update(f"{FORMAT_VERSION}\n{options.model_dump_json(exclude_none=True)}\n".encode())
    if source.is_dir():
        digest.update(_folder_digest(source, tick))
    else:
        digest.update(file_digest(source, tick).encode())
    return f"d{digest.hexdigest()[:12]}"


def file_digest(path: Path, tick: Tick = no_tick) -> str:
    """SHA-256 of a file's bytes, in hex."""
    digest, size, done = hashlib.sha256(), max(1, path.stat().st_size), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            tick(done / size)
    return digest.hexdigest()


def _folder_digest(folder: Path, tick: Tick) -> bytes:
    digest = hashlib.sha256()
    files = sorted((file.relative_to(folder).as_posix(), file) for file in folder.rglob("*") if file.is_file())
    for index, (name, file) in enumerate(files):
        digest.update(f"{name}\0{file_digest(file)}\n".encode("utf-8", "surrogateescape"))
        tick(index / len(files))
    return digest.digest()
