"""What a source holds: one table, however it is packed, or images."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from leyden.datasets.archives import CHUNK, UNREADABLE, Budget, Entry, open_entries
from leyden.datasets.sources import ACCEPTED, TABLE_SUFFIXES, Format, find_format
from leyden.errors import DataError


@dataclass(frozen=True)
class Opened:
    """A source and what is in it: exactly one of table and images."""

    source: Path
    name: str
    table: Path | None = None
    """The table file: the source itself, or what was packed in it."""
    table_format: Format | None = None
    images_format: Format | None = None
    """Zip, tar or folder, when it holds images."""


def open_source(path: Path, name: str, work: Path) -> Opened:
    """Looks into a file or folder.

    Args:
        name: What people call it.
        work: A folder for a table that has to be unpacked; the caller removes it.

    Raises:
        DataError: It is nothing that can be read.
    """
    found = find_format(path)
    if found == "gzip":
        return _open_unpacked(path, name, _gunzip(path, name, work))
    if found in ("zip", "tar", "folder"):
        packed = _only_table(path, found)
        if packed is None:
            return Opened(path, name, images_format=found)
        if found == "folder":
            return Opened(
                path / packed,
                packed.rsplit("/", 1)[-1],
                table=path / packed,
                table_format=find_format(path / packed),
            )
        return _open_unpacked(path, name, _unpack(path, found, packed, work))
    return Opened(path, name, table=path, table_format=found)


def _open_unpacked(path: Path, name: str, table: Path) -> Opened:
    found = find_format(table)
    if found in ("zip", "tar", "gzip"):
        raise DataError("unknown_format", name=name, accepted=ACCEPTED)
    return Opened(path, name, table=table, table_format=found)


def _gunzip(path: Path, name: str, work: Path) -> Path:
    target = work / Path(name).with_suffix("").name
    budget = Budget(path.stat().st_size, work)
    try:
        with gzip.open(path) as source, target.open("wb") as out:
            while chunk := source.read(CHUNK):
                budget.add(len(chunk))
                out.write(chunk)
    except (OSError, EOFError) as error:
        raise DataError("damaged_archive", name=name, detail=str(error)) from error
    return target


def _only_table(path: Path, source_format: Format) -> str | None:
    """The name of the one table that an archive holds and nothing else; None when there is anything else."""
    with open_entries(path, source_format) as entries:
        names = _first_names(entries, 2)
    if len(names) != 1:
        return None
    return names[0] if PurePosixPath(names[0]).suffix.lower() in TABLE_SUFFIXES else None


def _first_names(entries: Iterator[Entry], most: int) -> list[str]:
    names: list[str] = []
    for entry in entries:
        if not entry.is_junk:
            names.append(entry.name)
        if len(names) == most:
            break
    return names


def _unpack(path: Path, source_format: Format, name: str, work: Path) -> Path:
    """The table of an archive, in the work folder."""
    target = work / f"table{PurePosixPath(name).suffix.lower()}"
    budget = Budget(path.stat().st_size, work)
    with open_entries(path, source_format) as entries:
        entry = next(entry for entry in entries if entry.name == name)
        try:
            with target.open("wb") as out:
                while entry.stream is not None and (chunk := entry.stream.read(CHUNK)):
                    budget.add(len(chunk))
                    out.write(chunk)
        except UNREADABLE as error:
            raise DataError("damaged_archive", name=path.name, detail=str(error)) from error
    return target
