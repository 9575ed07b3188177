"""How a delimited text file is written: delimiter, quoting, lines before the table, decimal mark.

DuckDB's sniffer takes stray quotes for quoting and a first row of words for a header, so the dialect is found
here, on the file's first megabyte, and DuckDB is then told what to do.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

SAMPLE_CHARS = 1 << 20
MAX_ROWS = 2000
LONGEST_VALUE = 64 << 20
SWALLOWED_LINES = 200
"""A quoted value with more lines than this began with a stray quote."""

WHITESPACE = " "
"""As a delimiter: any run of blanks and tabs."""
UNIT = "\x1f"
"""What multi-character delimiters are rewritten to; also the delimiter of a file that has none."""

CANDIDATES = ("\t", ";", "|", ",")
MIN_SHARE = 0.5

DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+|[+-]?\d{1,3}(\.\d{3})+,\d+")
DECIMAL_POINT = re.compile(r"[+-]?\d*\.\d+([eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")

DECLARED = re.compile(r"sep=([^\r\n])\r?\n", re.IGNORECASE)
"""The line by which Excel is told a file's delimiter."""
NUMBERS = re.compile(r"([-+]?[\d.]+([eE][-+]?\d+)?|\?|NA)([ \t]+([-+]?[\d.]+([eE][-+]?\d+)?|\?|NA))+")

Row = list[str]


@dataclass(frozen=True)
class Dialect:
    """What was found; `rows` are the sample's rows from the first row of the table on."""

    delimiter: str
    has_quotes: bool
    width: int
    num_lines_before: int
    rows: list[Row]
    share: float
    """Share of the sample's rows that have exactly `width` values."""
    starts_late: bool = False
    """Whether blank lines stand before the table, and nothing else does."""


def read_sample(path: Path) -> str:
    """The first megabyte of a UTF-8 file, cut after a whole line."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        text = file.read(SAMPLE_CHARS)
        if not file.read(1):
            return text
    return text[: text.rfind("\n") + 1] or text


def find_dialect(sample: str, delimiter: str | None = None) -> Dialect:
    """The dialect under which most rows of the sample have the same number of values."""
    declared = DECLARED.match(sample)
    if declared:
        below = find_dialect(sample[declared.end() :], delimiter or declared[1])
        return replace(below, num_lines_before=below.num_lines_before + 1)
    if delimiter is not None:
        return _try_delimiter(sample, delimiter)
    tried = [_try_delimiter(sample, candidate) for candidate in CANDIDATES]
    found = [dialect for dialect in tried if dialect.width > 1 and dialect.share >= MIN_SHARE]
    found = [dialect for dialect in found if dialect.share >= 0.9 or not _is_prose(dialect)]
    best = _best(found) if found else _try_delimiter(sample, UNIT)
    if not _has_lists_of_numbers(best.rows):
        return best
    blanks = _try_delimiter(sample, WHITESPACE)
    return blanks if blanks.width > 1 and blanks.share >= 0.95 else best


def find_decimal(rows: list[Row], delimiter: str) -> Literal[".", ","]:
    """The decimal mark: a comma only where more values need it to be one than need a point."""
    cells = [cell.strip() for row in rows[:300] for cell in row]
    num_points = sum(DECIMAL_POINT.fullmatch(cell) is not None for cell in cells)
    commas = [cell for cell in cells if DECIMAL_COMMA.fullmatch(cell)]
    if delimiter == "," or num_points:
        commas = [cell for cell in commas if not THOUSANDS.fullmatch(cell)]
    return "," if len(commas) > num_points else "."


def open_rows(lines: Iterable[str], delimiter: str, has_quotes: bool, *, strict: bool = False) -> "CsvReader":
    """Python's reader over lines with their ends; tolerant of all but endless values unless `strict`."""
    csv.field_size_limit(LONGEST_VALUE)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if has_quotes else csv.QUOTE_NONE
    if delimiter == WHITESPACE:
        lines = (line.replace("\t", " ").strip(" \r\n") + "\n" for line in lines)
        return csv.reader(lines, delimiter=" ", skipinitialspace=True, quoting=quoting, strict=strict)
    if len(delimiter) > 1:
        unified = (line.replace(delimiter, UNIT) for line in lines)
        return csv.reader(unified, delimiter=UNIT, quoting=quoting, strict=strict)
    return csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=strict)


def _numbered_rows(text: str, delimiter: str, has_quotes: bool) -> list[tuple[Row, int]]:
    """Non-blank rows, each with the number of the line it begins on."""
    rows: list[tuple[Row, int]] = []
    reader = open_rows(io.StringIO(text, newline=""), delimiter, has_quotes)
    line = 0
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append((row, line))
        line = reader.line_num
        if len(rows) >= MAX_ROWS:
            break
    return rows


def _try_delimiter(sample: str, delimiter: str) -> Dialect:
    """The sample under one delimiter, with quotes only where they help or do no harm."""
    quoted = _measure(sample, delimiter, has_quotes=True)
    if '"' not in sample:
        return quoted
    plain = _measure(sample, delimiter, has_quotes=False)
    if plain.share < quoted.share or _is_strictly_quoted(sample, delimiter) or _quotes_close(sample, delimiter):
        return quoted
    return plain


def _measure(sample: str, delimiter: str, has_quotes: bool) -> Dialect:
    numbered = _numbered_rows(sample, delimiter, has_quotes)
    rows = [row for row, _ in numbered]
    widths = Counter(len(row) for row in rows)
    width = max(widths.items(), key=lambda item: (item[0] > 1, item[1]))[0] if widths else 1
    start = _first_row(rows, width)
    num_lines_before = numbered[start][1] if start else 0
    rows = rows[start:]
    is_swallowed = any(cell.count("\n") > SWALLOWED_LINES for row in rows for cell in row)
    share = 0.0 if is_swallowed else sum(len(row) == width for row in rows) / max(1, len(rows))
    starts_late = start == 0 and bool(numbered) and numbered[0][1] > 0
    return Dialect(delimiter, has_quotes, width, num_lines_before, rows, share, starts_late)


def _first_row(rows: list[Row], width: int) -> int:
    """Index of the first row that is as wide as the table; nearly as wide is a ragged row of it."""
    wide = (index for index, row in enumerate(rows) if len(row) > width // 2 and len(row) > 1)
    return next(wide, 0) if width > 2 else next((i for i, row in enumerate(rows) if len(row) >= width), 0)


def _is_strictly_quoted(sample: str, delimiter: str) -> bool:
    """Whether each quote opens or closes a value; a value may be cut off at the sample's end."""
    reader = open_rows(io.StringIO(sample, newline=""), delimiter, has_quotes=True, strict=True)
    line = 0
    try:
        for _ in reader:
            line = reader.line_num
    except csv.Error as error:
        return "end of data" in str(error) and reader.line_num - line < SWALLOWED_LINES and len(sample) > 10_000
    return True


def _quotes_close(sample: str, delimiter: str) -> bool:
    """Whether nearly every value that begins with a quote also ends with one on its line."""
    edge = re.escape(delimiter)
    num_opening = len(re.findall(rf'(?:^|{edge})"', sample, re.MULTILINE))
    closing = re.findall(rf'(?:^|{edge})"(?:[^"\r\n]|"")*"(?={edge}|\r|$)', sample, re.MULTILINE)
    return len(closing) >= 0.95 * num_opening


def _is_prose(dialect: Dialect) -> bool:
    """Whether the commas are those of sentences, which blanks follow."""
    later = [cell for row in dialect.rows for cell in row[1:]]
    return dialect.delimiter == "," and sum(cell.startswith(" ") for cell in later) > 0.5 * len(later)


def _best(found: list[Dialect]) -> Dialect:
    """The most consistent dialect; among equals the one with most columns, unless those split numbers."""

    def score(dialect: Dialect) -> tuple[float, int]:
        starts_well = dialect.num_lines_before == 0 and len(dialect.rows[0]) == dialect.width
        return round(dialect.share + 0.1 * starts_well, 2), dialect.width

    best = max(found, key=score)
    for other in found:
        is_close = score(other)[0] >= score(best)[0] - 0.02
        if best.delimiter == "," and other is not best and is_close and _commas_are_decimal(other):
            return other
    return best


def _commas_are_decimal(dialect: Dialect) -> bool:
    cells = [cell.strip() for row in dialect.rows for cell in row if "," in cell]
    return all(DECIMAL_COMMA.fullmatch(cell) for cell in cells)


def _has_lists_of_numbers(rows: list[Row]) -> bool:
    """Whether the first value of nearly every row is several numbers with blanks between them."""
    firsts = [row[0].strip() for row in rows[1:] or rows if row]
    return sum(NUMBERS.fullmatch(first) is not None for first in firsts) >= 0.9 * max(1, len(firsts))
