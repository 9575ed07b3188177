"""What a source holds: one table, however it is packed, or images or texts, or a table that names images beside it."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from leyden.datasets.archives import CHUNK, UNREADABLE, Budget, open_entries
from leyden.datasets.class_folders import has_classes
from leyden.datasets.file_names import is_picture_name
from leyden.datasets.foreign import ACCEPTED
from leyden.datasets.sources import PROSE_SUFFIXES, TABLE_SUFFIXES, Format, find_format, holds_text
from leyden.errors import DataError

LOOKS = 20
"""Files that are looked into to tell what all are."""


@dataclass(frozen=True)
class Opened:
    """A source and what is in it: a table, images, or both; or texts."""

    source: Path
    name: str
    table: Path | None = None
    """The table file: the source itself, or what was packed in it."""
    table_format: Format | None = None
    images_format: Format | None = None
    """Zip, tar or folder, when it holds images."""
    texts_format: Format | None = None
    """Zip, tar or folder, when it holds texts in class folders and nothing else."""
    files: tuple[str, ...] = ()
    """Of an archive or folder: paths of what it holds, without what operating systems leave behind."""
    table_name: str = ""
    """Path of a table among those files."""


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
        return _open_files(path, name, found, work)
    return Opened(path, name, table=path, table_format=found)


def _open_files(path: Path, name: str, source_format: Format, work: Path) -> Opened:
    """An archive or folder: its table, if it has one, and its pictures, if it has any."""
    files = _list_files(path, source_format)
    table = _choose_table(files)
    if table is None and _are_documents(path, source_format, files):
        return Opened(path, name, texts_format=source_format, files=files)
    if table is None:
        return Opened(path, name, images_format=source_format, files=files)
    packed = path / table if source_format == "folder" else _unpack(path, source_format, table, work)
    if any(map(is_picture_name, files)):
        table_format = _table_format(packed, name)
        return Opened(path, name, packed, table_format, images_format=source_format, files=files, table_name=table)
    if source_format == "folder":
        return Opened(packed, packed.name, table=packed, table_format=find_format(packed))
    return _open_unpacked(path, name, packed)


def _choose_table(files: Sequence[str]) -> str | None:
    """The one file that is the table; None when pictures, in their folders, are all there is.

    Raises:
        DataError: Several files could be it, and there are no folders to learn classes from.
    """
    tables = [file for file in files if _suffix(file) in TABLE_SUFFIXES]
    if len(files) == 1:
        return tables[0] if tables else None
    certain = [file for file in tables if _suffix(file) not in PROSE_SUFFIXES]
    pictures = [file for file in files if is_picture_name(file)]
    if len(certain) == 1:
        return certain[0]
    if has_classes(pictures):
        return None
    if len(certain) > 1:
        raise DataError("several_tables", found=len(certain), tables=", ".join(sorted(certain)[:5]))
    return tables[0] if pictures and len(tables) == 1 else None


def _are_documents(path: Path, source_format: Format, files: Sequence[str]) -> bool:
    """Whether files in class folders are texts, by the beginnings of the first few."""
    if any(map(is_picture_name, files)) or not has_classes(files):
        return False
    with open_entries(path, source_format) as entries:
        seen = islice((entry for entry in entries if not entry.is_junk), LOOKS)
        heads = [entry.stream.read(4096) if entry.stream is not None else b"\x00" for entry in seen]
    return sum(map(holds_text, heads)) > 0.5 * len(heads)


def _suffix(file: str) -> str:
    return PurePosixPath(file).suffix.lower()


def _open_unpacked(path: Path, name: str, table: Path) -> Opened:
    return Opened(path, name, table=table, table_format=_table_format(table, name))


def _table_format(table: Path, name: str) -> Format:
    found = find_format(table)
    if found in ("zip", "tar", "gzip"):
        raise DataError("unknown_format", name=name, accepted=ACCEPTED)
    return found


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


def _list_files(path: Path, source_format: Format) -> tuple[str, ...]:
    with open_entries(path, source_format) as entries:
        return tuple(entry.name for entry in entries if not entry.is_junk)


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
