"""Which encoding a text file has, and the same text as UTF-8.

Valid UTF-8 is never anything else, so the whole file is checked for it first. What is left is told apart on the
lines that hold non-ASCII bytes: Chinese by the shape of its byte pairs (charset-normalizer takes short GB18030
for Korean or Cyrillic), the rest by charset-normalizer among encodings that tables really come in.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from leyden.datasets.duck import Tick, no_tick
from leyden.errors import DataError

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

CHUNK = 1 << 20
SAMPLE_BYTES = 256 * 1024

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

LEGACY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r",
    "big5", "shift_jis", "cp932", "euc_jp", "cp949", "gb18030",
]  # fmt: skip

WESTERN = set("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœ€£°²³µ½¼«»“”‘’–—…§®©™±·¿¡ºª×\xa0")
TURKISH = set("þðýÞÐÝ")
"""What s, g and i of Turkish (cp1254) look like when read as Western European."""
SYMBOL_IN_WORD = re.compile("[a-zA-Z][£°²³µ½¼«»“”€®©±¿¡ºª×][a-zA-Z]")

COMMON_HANZI = set("的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学")


@dataclass(frozen=True)
class Utf8Copy:
    """Text as UTF-8: the file itself when it was that already."""

    path: Path
    num_replaced: int
    """Bytes or pairs that mean nothing in the encoding and became the replacement character."""


def detect_encoding(path: Path) -> str:
    """The encoding of a text file, by the name Python knows it under."""
    with path.open("rb") as file:
        head = file.read(4096)
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return encoding
    if b"\x00" in head:
        return _utf16_without_bom(head)
    sample, num_valid, num_invalid = _scan_utf8(path)
    if num_invalid == 0 or num_valid >= 20 * num_invalid:
        return "utf-8"
    return "gb18030" if _is_chinese(sample) else _other(sample)


def check_encoding(encoding: str) -> str:
    """Python's name of an encoding that a person chose.

    Raises:
        DataError: There is no text encoding of that name.
    """
    try:
        "".encode(encoding)
        return codecs.lookup(encoding).name
    except LookupError:
        raise DataError("unknown_encoding", encoding=encoding) from None


def to_utf8(path: Path, encoding: str, target: Path, tick: Tick = no_tick) -> Utf8Copy:
    """The text of `path` as UTF-8 without byte-order mark, written to `target` only where that changes bytes."""
    if codecs.lookup(encoding).name == "utf-8" and not _starts_with_bom(path) and _is_valid_utf8(path):
        return Utf8Copy(path, 0)
    num_replaced = 0
    size = max(1, path.stat().st_size)
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        for text in _decoded(source, encoding, lambda done: tick(done / size)):
            num_replaced += text.count("\ufffd")
            out.write(text)
    return Utf8Copy(target, num_replaced)


def is_utf8(content: bytes) -> bool:
    """Whether bytes are valid UTF-8, or begin with a mark that says what they are."""
    if content.startswith(tuple(bom for bom, _ in BOMS)):
        return True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decode_beside(content: bytes, encoding: str) -> str:
    """A short text among others: as its own mark says, as UTF-8 where it is, else in the encoding of the others."""
    for bom, own in BOMS:
        if content.startswith(bom):
            return content.decode(own, errors="replace").removeprefix("\ufeff")
    return content.decode("utf-8" if is_utf8(content) else encoding, errors="replace")


def _decoded(source: BinaryIO, encoding: str, tick: Tick) -> Iterator[str]:
    """Chunks of text; bytes that mean nothing become the replacement character."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    is_first, done = True, 0
    while chunk := source.read(CHUNK):
        text = decoder.decode(chunk)
        yield text.removeprefix("\ufeff") if is_first else text
        is_first, done = False, done + len(chunk)
        tick(done)
    yield decoder.decode(b"", final=True)


def _starts_with_bom(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(3) == codecs.BOM_UTF8


def _is_valid_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _utf16_without_bom(head: bytes) -> str:
    """Which UTF-16 it is: the zero bytes of Latin letters stand on odd places when little-endian."""
    num_even, num_odd = head[0::2].count(0), head[1::2].count(0)
    if max(num_even, num_odd) < len(head) // 8:
        raise DataError("not_text")
    return "utf-16-le" if num_odd > num_even else "utf-16-be"


MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
HIGH = re.compile(rb"[\x80-\xff]")


def _scan_utf8(path: Path) -> tuple[bytes, int, int]:
    """A sample of the lines with non-ASCII bytes, and how many of their bytes are and are not valid UTF-8."""
    sample, num_valid, num_invalid = bytearray(), 0, 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_valid = True
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if is_valid:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_valid = False
            if not chunk.isascii() and len(sample) < SAMPLE_BYTES:
                lines = [line for line in chunk.splitlines(keepends=True) if not line.isascii()]
                sample += b"".join(lines)[: SAMPLE_BYTES - len(sample)]
    if is_valid:
        return bytes(sample), 1, 0
    num_valid = sum(len(match) for match in MULTIBYTE.findall(sample))
    num_invalid = max(1, len(HIGH.findall(sample)) - num_valid)
    return bytes(sample), num_valid, num_invalid


USUAL_HANZI = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
"""The 3,755 characters of GB2312's first level; accents that meet in a Western word lie beyond."""
RUNS = re.compile(rb"[\x80-\xff]+")


def _is_chinese(sample: bytes) -> bool:
    """Whether high bytes come in pairs of the GB2312 range that decode to common characters."""
    text = sample.decode("gb18030", errors="replace")
    hanzi = [letter for letter in text if "一" <= letter <= "鿿"]
    num_usual = len(USUAL_HANZI.findall(sample))
    runs = RUNS.findall(sample)
    num_bytes = sum(map(len, runs))
    num_paired = sum(len(run) for run in runs if len(run) % 2 == 0 and min(run) >= 0xA1)
    if not hanzi or num_paired < 0.9 * num_bytes or num_usual < 0.7 * len(hanzi):
        return False
    # Hangul in EUC-KR has the same shape, but reads as a random walk over Chinese characters.
    is_frequent = sum(letter in COMMON_HANZI for letter in hanzi) >= 0.02 * len(hanzi)
    return is_frequent or _other(sample) not in {"cp949", "euc_jp"}


def _other(sample: bytes) -> str:
    """The most plausible of the legacy encodings; Western European unless something speaks against it."""
    from charset_normalizer import from_bytes

    western = sample.decode("cp1252", errors="replace")
    letters = {letter for letter in western if letter > "\x7f"}
    if letters & TURKISH and letters <= TURKISH | set("çöüÇÖÜâîû"):
        return "cp1254"
    matches = {match.encoding: match for match in from_bytes(sample, cp_isolation=LEGACY)}
    if letters <= WESTERN and not SYMBOL_IN_WORD.search(western) and not _speaks_against(western, matches):
        return "cp1252" if re.search(rb"[\x80-\x9f]", sample) else "latin-1"
    return next(iter(matches), "cp1252")


def _speaks_against(western: str, matches: dict[str, "CharsetMatch"]) -> bool:
    """Whether another encoding gives other letters that make clearly better sense as a language."""
    best = next(iter(matches.values()), None)
    if best is None or str(best) == western:
        return False
    own = matches["cp1252"].coherence if "cp1252" in matches else 0.3
    return best.coherence > own
