"""From class folders of pictures to a table with an image and a label column, and media stored once."""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from leyden.datasets.archives import CHUNK, UNREADABLE, Budget, Entry, open_entries
from leyden.datasets.class_folders import Place, find_places
from leyden.datasets.duck import Tick
from leyden.datasets.folder_profile import list_problems, repeated
from leyden.datasets.image import Picture, inspect, looks_like_image
from leyden.datasets.profile import PART, ROW_ID, Problem
from leyden.datasets.sources import Format
from leyden.errors import DataError

MAX_PENDING = 64
SMALL_FILE = 64 << 10
LARGEST_FILE = 256 << 20


@dataclass(frozen=True)
class Stored:
    """A picture that was read completely and lies in media."""

    name: str
    sha256: str
    picture: Picture


@dataclass
class Found:
    """Everything that a source of pictures held."""

    pictures: list[Stored] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)
    size_bytes: int = 0


def collect_pictures(
    path: Path, source_format: Format, media: Path, tick: Tick, wanted: Collection[str] | None = None
) -> Found:
    """Reads each picture of a source once, checks it by decoding it, and stores it under its SHA-256.

    Args:
        media: The folder for the pictures' bytes.
        wanted: Paths of the files to read; None: all of them.

    Raises:
        DataError: The archive is damaged or malicious.
    """
    media.mkdir(exist_ok=True)
    found = Found()
    packed = None if path.is_dir() else path.stat().st_size
    budget = Budget(packed, media)
    pending: deque[Callable[[], None]] = deque()
    # Pillow lets go of the interpreter lock while it decodes; for a small picture, handing it to a thread and
    # waiting for the lock again takes ten times as long as decoding it.
    with ThreadPoolExecutor(os.cpu_count()) as threads, open_entries(path, source_format) as entries:
        for entry in entries:
            budget.add_file()
            tick(0.9 * entry.share_before)
            if entry.is_junk or (wanted is not None and entry.name not in wanted):
                continue
            copied = _copy(entry, media, budget, found)
            if copied is None:
                continue
            sha256, size = copied
            if size <= SMALL_FILE:
                _settle(entry.name, sha256, size, partial(inspect, media / sha256), media, found)
            else:
                future = threads.submit(inspect, media / sha256)
                pending.append(partial(_settle, entry.name, sha256, size, future.result, media, found))
            while len(pending) > MAX_PENDING:
                pending.popleft()()
        for settle in pending:
            settle()
    found.pictures.sort(key=lambda stored: stored.name)
    return found


def write_table(found: Found, places: list[Place], target: Path) -> None:
    """Writes the table: image, label, file, the row's id, and its part where the data came with a split."""
    columns: dict[str, pa.Array] = {
        ROW_ID: pa.array(range(len(places)), pa.int64()),
        "image": pa.array([stored.sha256 for stored in found.pictures], pa.string()),
        "label": pa.array([place.label for place in places], pa.string()),
        "file": pa.array([place.file for place in places], pa.string()),
    }
    if any(place.part for place in places):
        columns[PART] = pa.array([place.part for place in places], pa.string())
    pq.write_table(pa.table(columns), target, compression="zstd")


def find_places_of(found: Found) -> list[Place]:
    """Class and part of each picture.

    Raises:
        DataError: There are no pictures, or no class folders.
    """
    if not found.pictures:
        if found.unreadable and not found.other:
            raise DataError("no_readable_pictures", pictures=len(found.unreadable), first=found.unreadable[0])
        others = [*found.unreadable, *found.other, *found.empty, *found.too_large]
        raise DataError("no_pictures", others=len(others), first=others[0] if others else None)
    places = find_places([stored.name for stored in found.pictures])
    if all(place.label is None for place in places):
        raise DataError("no_class_folders", pictures=len(places), first=places[0].file)
    return places


def picture_problems(found: Found, places: list[Place]) -> list[Problem]:
    """Files that could not be used, and pictures that occur more than once."""
    outside = [place.file for place in places if place.label is None]
    return [
        *list_problems("unreadable_pictures", "warning", found.unreadable),
        *list_problems("empty_files", "warning", found.empty),
        *list_problems("too_large_pictures", "warning", found.too_large),
        *list_problems("other_files", "info", found.other),
        *list_problems("outside_classes", "warning", outside),
        *repeated([stored.sha256 for stored in found.pictures], places, "pictures"),
    ]


def _copy(entry: Entry, media: Path, budget: Budget, found: Found) -> tuple[str, int] | None:
    """Copies a file into media; its SHA-256 and size, or None after noting why not."""
    if entry.stream is None:
        found.unreadable.append(entry.name)
        return None
    part = media / ".part"
    digest, size = hashlib.sha256(), 0
    try:
        with part.open("wb") as out:
            while chunk := entry.stream.read(CHUNK):
                if size == 0 and not looks_like_image(entry.name, chunk):
                    found.other.append(entry.name)
                    return None
                budget.add(len(chunk))
                size += len(chunk)
                if size > LARGEST_FILE:
                    found.too_large.append(entry.name)
                    return None
                digest.update(chunk)
                out.write(chunk)
    except UNREADABLE:
        found.unreadable.append(entry.name)
        return None
    if size == 0:
        found.empty.append(entry.name)
        return None
    part.replace(media / digest.hexdigest())
    return digest.hexdigest(), size


def _settle(name: str, sha256: str, size: int, decoded: Callable[[], Picture], media: Path, found: Found) -> None:
    """Takes a decoded picture into the findings, or notes that it could not be decoded."""
    found.size_bytes += size
    try:
        found.pictures.append(Stored(name, sha256, decoded()))
    except DataError as error:
        is_large = error.message.code == "picture_too_large"
        (found.too_large if is_large else found.unreadable).append(name)
        (media / sha256).unlink(missing_ok=True)
