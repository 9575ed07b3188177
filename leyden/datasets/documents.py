"""Texts, one file each, in an archive or a folder: found, checked, and decoded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from leyden.datasets.archives import CHUNK, UNREADABLE, Budget, Entry, open_entries
from leyden.datasets.duck import Tick
from leyden.datasets.encoding import SAMPLE_BYTES, decode_beside, detect_encoding, is_utf8
from leyden.datasets.sources import Format, holds_text
from leyden.errors import DataError

LARGEST_FILE = 16 << 20
"""Bytes of one text: a long novel has a few million."""
BATCH_BYTES = 16 << 20
CONTENTS = pa.schema([("file", pa.string()), ("content", pa.binary())])


@dataclass
class Documents:
    """What a source of texts held, in its order; the texts' bytes lie in a file of their own."""

    contents: Path
    files: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    """What equal texts have in common."""
    unreadable: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    binary: list[str] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)
    size_bytes: int = 0
    encoding: str = "utf-8"
    """Of all texts that are not UTF-8 and do not say what they are: alone, a short one could be anything."""

    @property
    def unused(self) -> list[str]:
        """Files that are no texts."""
        return [*self.unreadable, *self.empty, *self.binary, *self.too_large]

    def texts(self) -> Iterator[str]:
        """Each document's text, in the order of `files`."""
        for batch in pq.ParquetFile(self.contents).iter_batches(batch_size=1000, columns=["content"]):
            for content in batch["content"].to_pylist():
                yield decode_beside(content, self.encoding)


def collect_documents(source: Path, source_format: Format, work: Path, tick: Tick) -> Documents:
    """Reads each text of a source once, and keeps its bytes in a file of the work folder.

    Raises:
        DataError: The archive is damaged or malicious, or holds no texts.
    """
    found = Documents(work / "documents.parquet")
    budget = Budget(None if source.is_dir() else source.stat().st_size, work)
    foreign = bytearray()
    with pq.ParquetWriter(found.contents, CONTENTS) as writer, open_entries(source, source_format) as entries:
        batch: list[bytes] = []
        batch_bytes = 0
        for entry in entries:
            budget.add_file()
            tick(entry.share_before)
            content = None if entry.is_junk else _read(entry, budget, found)
            if content is None:
                continue
            if len(foreign) < SAMPLE_BYTES and not is_utf8(content):
                foreign += content + b"\n"
            batch.append(content)
            batch_bytes += len(content)
            if batch_bytes > BATCH_BYTES:
                _write(writer, batch, found)
                batch_bytes = 0
        _write(writer, batch, found)
    if not found.files:
        raise DataError("no_documents", others=len(found.unused), first=next(iter(found.unused), None))
    found.encoding = _encoding(bytes(foreign), work)
    return found


def _read(entry: Entry, budget: Budget, found: Documents) -> bytes | None:
    """A file's bytes, or None after noting why it is no text."""
    content = bytearray()
    try:
        while entry.stream is not None and (chunk := entry.stream.read(CHUNK)):
            budget.add(len(chunk))
            content += chunk
            if len(content) > LARGEST_FILE:
                break
    except UNREADABLE:
        found.unreadable.append(entry.name)
        return None
    for unused, is_so in (
        (found.unreadable, entry.stream is None),
        (found.empty, not content.strip()),
        (found.binary, not holds_text(bytes(content[:CHUNK]))),
        (found.too_large, len(content) > LARGEST_FILE),
    ):
        if is_so:
            unused.append(entry.name)
            return None
    found.files.append(entry.name)
    found.size_bytes += len(content)
    return bytes(content)


def _write(writer: pq.ParquetWriter, batch: list[bytes], found: Documents) -> None:
    names = found.files[len(found.digests) :]
    found.digests += [sha256(content.strip()).hexdigest() for content in batch]
    writer.write_table(pa.table({"file": names, "content": batch}, schema=CONTENTS))
    batch.clear()


def _encoding(foreign: bytes, work: Path) -> str:
    if not foreign:
        return "utf-8"
    sample = work / "foreign.txt"
    sample.write_bytes(foreign)
    return detect_encoding(sample)
