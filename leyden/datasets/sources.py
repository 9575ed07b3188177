"""What a file is, by its content first and by its name where content says nothing."""

import gzip
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from leyden.datasets.foreign import (
    DOCUMENTS,
    PICTURES,
    refusal,
    refuse_document,
    refuse_foreign,
    refuse_misnamed,
    refuse_web,
)
from leyden.errors import DataError

Format = Literal["delimited", "excel", "parquet", "json", "zip", "tar", "gzip", "folder"]

TABLE_SUFFIXES = {
    ".csv", ".tsv", ".txt", ".tab", ".dat", ".data", ".parquet", ".pq", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods",
    ".json", ".jsonl", ".ndjson",
}  # fmt: skip
PROSE_SUFFIXES = {".txt", ".dat", ".data", ".json"}
"""Those of them that other files have as well: notes, settings, annotations of single pictures."""


@contextmanager
def watched(source: Path) -> Iterator[None]:
    """Around the reading of a file or folder, which others may change meanwhile.

    Raises:
        DataError: A file of it went away.
    """
    try:
        yield
    except FileNotFoundError as error:
        gone = error.filename
        if not isinstance(gone, str | Path) or not Path(gone).is_relative_to(source):
            raise  # One of Leyden's own.
        raise DataError("source_vanished", path=str(gone)) from error


def find_format(path: Path) -> Format:
    """What a file or folder is.

    Raises:
        DataError: It is missing, empty, or nothing that can be read.
    """
    if path.is_dir():
        return "folder"
    if not path.is_file():
        raise DataError("path_missing", path=str(path))
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    if not head.strip():
        raise DataError("empty_file")
    return _by_magic(path, head) or _by_text(path, head)


def _by_magic(path: Path, head: bytes) -> Format | None:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "excel"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "excel" if _is_workbook(path) else "zip"
    if head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")):
        return "tar" if _is_tar(path) else _compressed(path, head)
    return "tar" if head[257:262] == b"ustar" else None


def holds_text(head: bytes) -> bool:
    """Whether a file that begins so is text: it has no bytes that only other files have."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_every_other_zero(head):
        return True
    return b"\x00" not in head and not head.startswith((*PICTURES, *DOCUMENTS))


def _by_text(path: Path, head: bytes) -> Format:
    """Delimited text or JSON; anything with bytes that text does not have is refused."""
    refuse_foreign(path.name, head)
    if not holds_text(head):
        raise refusal(path.name, head)
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    refuse_web(path.name, start)
    refuse_misnamed(path)
    if path.suffix.lower() in {".json", ".jsonl", ".ndjson"} or start.startswith((b'{"', b"[{")):
        return "json"
    return "delimited"


def _is_every_other_zero(head: bytes) -> bool:
    """Whether it is UTF-16 of mostly Latin text without a byte-order mark."""
    zeros = (head[0::2].count(0), head[1::2].count(0))
    return min(zeros) == 0 and max(zeros) > len(head) // 8


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise DataError("damaged_archive", name=path.name, detail=str(error)) from error
    refuse_document(path.name, names)
    return bool(names & {"xl/workbook.xml", "xl/workbook.bin"}) or {"content.xml", "mimetype"} <= names


def _is_tar(path: Path) -> bool:
    try:
        with tarfile.open(path, "r:*") as archive:
            return archive.next() is not None
    except (tarfile.TarError, EOFError, OSError):
        return False


def _compressed(path: Path, head: bytes) -> Format:
    """A gzipped table; other compressions hold archives only."""
    if not head.startswith(b"\x1f\x8b"):
        raise refusal(path.name, head)
    try:
        with gzip.open(path) as file:
            file.read(1)
    except (OSError, EOFError) as error:
        raise DataError("damaged_archive", name=path.name, detail=str(error)) from error
    return "gzip"
