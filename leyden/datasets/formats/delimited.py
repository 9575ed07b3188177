"""CSV, TSV and other delimited text.

A file that keeps to its own rules is read by DuckDB in strict mode, which refuses rather than guesses. Any other
is first rewritten, row by row, by Python's tolerant reader: nothing is dropped but blank lines and a footer, and
what was odd is counted.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from leyden.datasets import duck
from leyden.datasets.duck import Connection, Tick
from leyden.datasets.encoding import check_encoding, detect_encoding, to_utf8
from leyden.datasets.formats.raw import RawTable, write_raw
from leyden.datasets.header import clean_names, has_header, name_problems
from leyden.datasets.problem import problem
from leyden.datasets.profile import Problem, ReadOptions
from leyden.datasets.sniff import UNIT, Dialect, find_decimal, find_dialect, open_rows, read_sample
from leyden.errors import DataError
from leyden.messages.render import Param

MAX_FOOTER_ROWS = 10
LONGEST_LINE = 16 << 20


@dataclass
class Oddities:
    """What the tolerant reader met; line numbers count from 1."""

    width: int
    num_short: int = 0
    first_short: int = 0
    num_long: int = 0
    first_long: int = 0
    footer: tuple[str, ...] = ()


def read_delimited(
    connection: Connection,
    path: Path,
    options: ReadOptions,
    work: Path,
    tick: Tick = duck.no_tick,
    expected: Sequence[str] = (),
    *,
    keeps_blank: bool = False,
) -> RawTable:
    """The raw table of a delimited text file.

    Args:
        expected: Column names to recognise a header by, where the file should look like another one.
        keeps_blank: Whether rows without any value stay, as `,,` or `""`. Lines with nothing in them never are rows.

    Raises:
        DataError: It is empty, not text, or cannot be read with the options a person chose.
    """
    encoding = check_encoding(options.encoding) if options.encoding else detect_encoding(path)
    copy = to_utf8(path, encoding, work / "utf8.txt", lambda done: tick(0.2 * done))
    dialect = find_dialect(read_sample(copy.path), options.delimiter)
    if not dialect.rows:
        raise DataError("empty_file")
    # One sign that splits nothing may be meant so: a text that is full of commas stays one column.
    if options.delimiter is not None and len(options.delimiter) > 1 and dialect.width == 1:
        raise DataError("delimiter_absent", delimiter=options.delimiter)
    header = has_header(dialect.rows, expected) if options.has_header is None else options.has_header
    raw, odd = _read_rows(
        connection, copy.path, dialect, header, work, lambda done: tick(0.2 + 0.8 * done), keeps_blank=keeps_blank
    )
    names = _header_names(dialect, odd.width) if header else []
    read = ReadOptions(
        encoding=encoding,
        delimiter=None if dialect.delimiter == UNIT else dialect.delimiter,
        has_header=header,
        decimal=options.decimal or find_decimal(dialect.rows[header:], dialect.delimiter),
        missing_values=options.missing_values,
    )
    cleaned = clean_names(names, odd.width)
    return RawTable(
        path=work / "raw.parquet",
        names=cleaned,
        num_rows=raw,
        read=read,
        problems=_problems(odd, dialect, copy.num_replaced, encoding) + name_problems(names, cleaned),
        is_generated=frozenset(i for i in range(odd.width) if i >= len(names) or not names[i].strip()),
    )


def _read_rows(
    connection: Connection,
    path: Path,
    dialect: Dialect,
    header: bool,
    work: Path,
    tick: Tick,
    *,
    keeps_blank: bool,
) -> tuple[int, Oddities]:
    """Writes the raw file, strictly if possible; the number of rows and what was odd."""
    odd = Oddities(dialect.width)
    is_plain = len(dialect.delimiter) == 1 and dialect.delimiter != " " and _quotes_balance(path, dialect)
    is_rectangular = len(dialect.rows[0]) == dialect.width and dialect.share == 1.0
    # DuckDB does not tell a blank line from a row without values.
    if is_plain and is_rectangular and not keeps_blank and not dialect.starts_late:
        source = _scan(path, dialect, dialect.width, skip=dialect.num_lines_before, header=header)
        try:
            return _write(connection, source, odd.width, work, tick, keeps_blank=False), odd
        except duckdb.InvalidInputException:
            pass
    tidy = work / "tidy.csv"
    odd = _rewrite(path, tidy, dialect, header, lambda done: tick(0.7 * done), keeps_blank=keeps_blank)
    source = _scan(tidy, Dialect(",", True, odd.width, 0, [], 1.0), odd.width, is_tidy=True)
    num_rows = _write(
        connection, source, odd.width, work, lambda done: tick(0.7 + 0.3 * done), keeps_blank=keeps_blank
    )
    tidy.unlink()
    return num_rows, odd


def _write(connection: Connection, source: str, width: int, work: Path, tick: Tick, *, keeps_blank: bool) -> int:
    columns = [f"v{i}" for i in range(width)]
    return write_raw(
        connection, source, columns, work / "raw.parquet", tick, texts=columns, drop_blank_rows=not keeps_blank
    )


def _scan(
    path: Path, dialect: Dialect, width: int, *, skip: int = 0, header: bool = False, is_tidy: bool = False
) -> str:
    """DuckDB's reader with everything decided: nothing is guessed, every value is text."""
    quote = '"' if dialect.has_quotes else ""
    columns = ", ".join(f"'v{i}': 'VARCHAR'" for i in range(width))
    strictness = "strict_mode = false, null_padding = true" if is_tidy else "strict_mode = true"
    return (
        f"read_csv({duck.text(path)}, auto_detect = false, parallel = false, encoding = 'utf-8', "
        f"delim = {duck.text(dialect.delimiter)}, quote = {duck.text(quote)}, escape = {duck.text(quote)}, "
        f"skip = {skip}, header = {str(header).lower()}, columns = {{{columns}}}, {strictness}, "
        f"max_line_size = {LONGEST_LINE}, buffer_size = {2 * LONGEST_LINE})"
    )


def _quotes_balance(path: Path, dialect: Dialect) -> bool:
    """Whether quotes come in pairs: DuckDB silently ends a file at a quote that never closes."""
    if not dialect.has_quotes:
        return True
    with path.open("rb") as file:
        return sum(chunk.count(b'"') for chunk in iter(lambda: file.read(1 << 20), b"")) % 2 == 0


def _rewrite(path: Path, tidy: Path, dialect: Dialect, header: bool, tick: Tick, *, keeps_blank: bool) -> Oddities:
    """Copies the rows after the header into a well-formed CSV file."""
    odd = Oddities(dialect.width)
    # Of rows without values, and of those that may be a footer, what comes after them tells what they are.
    waiting: list[list[str]] = []
    footer: list[str] = []
    with tidy.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for line, row in _table_rows(path, dialect, header, tick):
            is_blank = not any(map(str.strip, row))
            if is_blank and (not keeps_blank or _is_blank_line(row, dialect)):
                continue
            may_be_footer = len(row) == 1 and dialect.width > 2 and len(footer) < MAX_FOOTER_ROWS
            if is_blank or may_be_footer:
                waiting.append(row)
                footer += [] if is_blank else [row[0].strip()]
                continue
            for one in [*waiting, row]:
                _note_width(odd, line, one, dialect.width)
                writer.writerow(one)
            waiting.clear()
            footer.clear()
        if not footer:
            writer.writerows(waiting)
    odd.footer = tuple(footer)
    return odd


def _table_rows(path: Path, dialect: Dialect, header: bool, tick: Tick) -> Iterator[tuple[int, list[str]]]:
    """Line number and values of each row after the lines before the table and the header, blank ones too."""
    size = max(1, path.stat().st_size)
    has_header = header
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = _counted(file, lambda done: tick(min(1.0, done / size)))
        reader = open_rows(lines, dialect.delimiter, dialect.has_quotes)
        for row in reader:
            if reader.line_num <= dialect.num_lines_before:
                continue
            if has_header:
                if not any(map(str.strip, row)):
                    continue
                has_header = False
                continue
            yield reader.line_num, row


def _is_blank_line(row: list[str], dialect: Dialect) -> bool:
    """Whether a line holds nothing but blanks: no cell, or one, where a quoted one without text would be `""`."""
    is_short = not row or (len(row) == 1 and (dialect.width > 1 or bool(row[0])))
    return is_short and not any(map(str.strip, row))


def _counted(lines: Iterator[str], tick: Tick) -> Iterator[str]:
    """The lines without NULs, telling now and then how many characters went by."""
    done = 0
    for number, line in enumerate(lines):
        done += len(line)
        if number % 20_000 == 0:
            tick(done)
        yield line.replace("\0", "")


def _note_width(odd: Oddities, line: int, row: list[str], width: int) -> None:
    while len(row) > width and not row[-1].strip():
        row.pop()
    if len(row) < width:
        odd.num_short += 1
        odd.first_short = odd.first_short or line
    elif len(row) > width:
        odd.num_long += 1
        odd.first_long = odd.first_long or line
        odd.width = max(odd.width, len(row))


def _header_names(dialect: Dialect, width: int) -> list[str]:
    """The header's cells; R leaves out the name of the first column, which holds row names."""
    names, later = dialect.rows[0], dialect.rows[1:]
    if len(names) == dialect.width - 1 and later and all(row[-1].strip() for row in later):
        return ["", *names]
    return names


def _problems(odd: Oddities, dialect: Dialect, num_replaced: int, encoding: str) -> list[Problem]:
    """What a person should know about how the file was read."""
    width: dict[str, Param] = {"width": dialect.width}
    found = []
    if num_replaced:
        found.append(problem("replaced_characters", "warning", {"encoding": encoding}, count=num_replaced))
    if odd.num_long:
        found.append(problem("long_rows", "warning", {**width, "line": odd.first_long}, count=odd.num_long))
    if odd.num_short:
        found.append(problem("short_rows", "warning", {**width, "line": odd.first_short}, count=odd.num_short))
    if odd.footer:
        first: dict[str, Param] = {"first": odd.footer[0][:80]}
        found.append(problem("footer", "info", first, examples=odd.footer, count=len(odd.footer)))
    if dialect.num_lines_before:
        found.append(problem("preamble", "info", count=dialect.num_lines_before))
    return found
