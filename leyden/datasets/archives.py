"""Zip and tar archives and plain folders, read file by file and never unpacked.

Whatever could write or read elsewhere, or fill the disk, is refused: paths that leave the archive, links and
devices, absurd numbers and sizes. Sizes are counted as they come, because headers lie.
"""

import re
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from leyden.datasets.sources import Format
from leyden.errors import DataError

MAX_FILES = 1_000_000
MAX_RATIO = 200
MIN_SUSPICIOUS_BYTES = 100 << 20
"""Below this an archive may be as dense as it likes."""
KEEP_FREE_BYTES = 256 << 20
CHUNK = 1 << 20

JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini"})
JUNK_FOLDERS = frozenset({"__macosx"})
DRIVE = re.compile(r"^[a-zA-Z]:")
UTF8_FLAG = 0x800
ENCRYPTED_FLAG = 0x1
UNREADABLE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, OSError)
"""What damaged members raise when they are read."""


@dataclass(frozen=True)
class Entry:
    """One regular file of an archive or folder."""

    name: str
    """Path inside it, with forward slashes."""
    share_before: float
    """How much of the whole comes before it, 0 to 1."""
    stream: BinaryIO | IO[bytes] | None
    """Its content, to be read before the next entry is asked for; None where it cannot be read."""

    @property
    def is_junk(self) -> bool:
        """Whether it is a file that operating systems leave behind, of which nobody wants to hear."""
        *folders, name = PurePosixPath(self.name).parts
        is_hidden = any(part.startswith(".") for part in (*folders, name))
        return is_hidden or name.lower() in JUNK_NAMES or any(part.lower() in JUNK_FOLDERS for part in folders)


class Budget:
    """Counts the bytes that come out of a source and refuses when they are absurd."""

    def __init__(self, packed_bytes: int | None, target: Path) -> None:
        """Args:
        packed_bytes: Size of the archive; None for a folder, which holds as much as it holds.
        target: A folder on the disk that is filled.
        """
        self._packed = packed_bytes
        self._free = shutil.disk_usage(target).free - KEEP_FREE_BYTES
        self._bytes = 0
        self._files = 0

    def add_file(self) -> None:
        """Counts a file.

        Raises:
            DataError: There are too many.
        """
        self._files += 1
        if self._files > MAX_FILES:
            raise DataError("archive_too_many", most=MAX_FILES)

    def add(self, num_bytes: int) -> None:
        """Counts unpacked bytes.

        Raises:
            DataError: They are far more than such an archive should hold, or than the disk has room for.
        """
        self._bytes += num_bytes
        if self._packed is not None:
            refuse_bomb(self._bytes, self._packed)
        if self._bytes > self._free:
            raise DataError("archive_disk_full", free_mb=max(0, self._free) >> 20)


def refuse_bomb(unpacked_bytes: int, packed_bytes: int) -> None:
    """Compares what came out of an archive with its size.

    Raises:
        DataError: It is far more than such an archive should hold.
    """
    if unpacked_bytes > MIN_SUSPICIOUS_BYTES and unpacked_bytes > MAX_RATIO * packed_bytes:
        raise DataError("archive_bomb", ratio=MAX_RATIO)


@contextmanager
def open_entries(path: Path, source_format: Format) -> Iterator[Iterator[Entry]]:
    """The files of a zip, a tar or a folder, one after the other; each with a name of its own.

    An archive may hold several files of one name: the second `a.png` comes as `a (2).png`. A zip says beforehand what
    it holds: there, a file that is called so from the start keeps its name.

    Raises:
        DataError: The archive is damaged, encrypted or malicious.
    """
    try:
        if source_format == "zip":
            with zipfile.ZipFile(path) as archive:
                yield _zip_entries(archive)
        elif source_format == "tar":
            with tarfile.open(path, "r:*") as tar:
                yield _tar_entries(tar, max(1, path.stat().st_size))
        else:
            yield _folder_entries(path)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError) as error:
        raise DataError("damaged_archive", name=path.name, detail=str(error)) from error


def check_name(name: str) -> str:
    """A member's path with forward slashes.

    Raises:
        DataError: It is absolute, leaves the archive, or holds control characters.
    """
    clean = name.replace("\\", "/")
    parts = clean.split("/")
    if clean.startswith("/") or DRIVE.match(clean) or ".." in parts or any(ord(letter) < 32 for letter in clean):
        raise DataError("archive_path", name=repr(name)[1:-1][:200])
    return "/".join(part for part in parts if part not in ("", "."))


def decode_names(raw: list[bytes]) -> str:
    """The encoding of names that their archive does not declare: all of them share one."""
    joined = b"\n".join(raw)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = joined.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_sensible_chinese(joined, text):
            return encoding
    return "cp437"


def _is_sensible_chinese(joined: bytes, text: str) -> bool:
    """Whether bytes come in pairs of the GB2312 range; accents of cp437 stand alone between letters."""
    high = sum(len(run) for run in re.findall(rb"[\x80-\xff]+", joined))
    paired = sum(len(run) for run in re.findall(rb"(?:[\xa1-\xf7][\xa1-\xfe])+", joined))
    return paired >= 0.9 * high and any("一" <= letter <= "鿿" for letter in text)


class Names:
    """Tells files of one name apart, with numbers behind those that came before."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        """Args:
        reserved: Names that only those keep that are called so, where all of them are known beforehand.
        """
        self._taken = set(reserved)
        self._given: set[str] = set()
        self._last: dict[str, int] = {}

    def give(self, name: str) -> str:
        """The name itself the first time, then `a (2).png`, `a (3).png` ..."""
        if name not in self._given:
            self._taken.add(name)
            self._given.add(name)
            return name
        suffix = PurePosixPath(name).suffix
        number = self._last.get(name, 1) + 1
        while (other := f"{name.removesuffix(suffix)} ({number}){suffix}") in self._taken:
            number += 1
        self._last[name] = number
        self._taken.add(other)
        self._given.add(other)
        return other


def _zip_entries(archive: zipfile.ZipFile) -> Iterator[Entry]:
    members = archive.infolist()
    if len(members) > MAX_FILES:
        raise DataError("archive_too_many", most=MAX_FILES)
    names = _zip_names(members)
    for member, name in zip(members, names, strict=True):
        mode = member.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise DataError("archive_link", name=name)
        if member.flag_bits & ENCRYPTED_FLAG:
            raise DataError("archive_encrypted")
    total, before = max(1, sum(member.file_size for member in members)), 0
    given = Names(reserved=names)
    for member, name in zip(members, names, strict=True):
        if not member.is_dir() and not member.filename.endswith("\\"):
            own = given.give(name)
            try:
                with archive.open(member) as stream:
                    yield Entry(own, before / total, stream)
            except (zipfile.BadZipFile, NotImplementedError):
                yield Entry(own, before / total, None)
            before += member.file_size


def _zip_names(members: list[zipfile.ZipInfo]) -> list[str]:
    """Checked names; those without the UTF-8 flag were taken for cp437 by the library."""
    undeclared = [member for member in members if not member.flag_bits & UTF8_FLAG]
    raw = [member.orig_filename.encode("cp437") for member in undeclared]
    encoding = decode_names(raw)
    decoded = {id(member): name.decode(encoding, "replace") for member, name in zip(undeclared, raw, strict=True)}
    return [check_name(decoded.get(id(member), member.orig_filename)) for member in members]


def _tar_entries(tar: tarfile.TarFile, packed_bytes: int) -> Iterator[Entry]:
    given = Names()
    for count, member in enumerate(tar, start=1):
        if count > MAX_FILES:
            raise DataError("archive_too_many", most=MAX_FILES)
        # Where this member ends: a compressed tar has to be unpacked up to there even when nobody reads the member.
        refuse_bomb(tar.offset, packed_bytes)
        name = check_name(member.name)
        if member.isdir():
            continue
        if not member.isreg():
            raise DataError("archive_link", name=name)
        position = tar.fileobj.tell() if tar.fileobj is not None else 0
        # Of a compressed archive only unpacked positions are known: take it to be twice its size.
        yield Entry(given.give(name), min(0.95, position / (2 * packed_bytes)), tar.extractfile(member))


def _folder_entries(folder: Path) -> Iterator[Entry]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    if len(files) > MAX_FILES:
        raise DataError("archive_too_many", most=MAX_FILES)
    for index, file in enumerate(files):
        name = file.relative_to(folder).as_posix()
        try:
            with file.open("rb") as stream:
                yield Entry(name, index / len(files), stream)
        except PermissionError:
            yield Entry(name, index / len(files), None)
