"""From a table file to `table.parquet`: read, types decided, rows numbered. Profiles are made elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from leyden.datasets import duck
from leyden.datasets.cells import StoredColumn, cells_of, stored
from leyden.datasets.duck import Connection, Tick, no_tick
from leyden.datasets.formats.delimited import read_delimited
from leyden.datasets.formats.excel import read_excel
from leyden.datasets.formats.json_lines import read_json_lines
from leyden.datasets.formats.parquet import read_parquet
from leyden.datasets.formats.raw import ROW, RawTable, raw_column
from leyden.datasets.problem import problem
from leyden.datasets.profile import ROW_ID, Problem, ReadOptions
from leyden.datasets.sources import Format
from leyden.datasets.storage import find_storage, find_tokens, raw_types
from leyden.errors import DataError
from leyden.messages.render import Param


@dataclass(frozen=True)
class StoredTable:
    """A table as it lies in `table.parquet`."""

    num_rows: int
    names: tuple[str, ...]
    columns: tuple[StoredColumn, ...]
    read: ReadOptions
    problems: tuple[Problem, ...]


def read_raw(
    connection: Connection,
    path: Path,
    file_format: Format,
    options: ReadOptions,
    work: Path,
    tick: Tick = no_tick,
    expected: Sequence[str] = (),
    *,
    keeps_blank: bool = False,
) -> RawTable:
    """The raw table of a file of any known format, in `work`.

    Args:
        expected: Column names to recognise a header by, where the file should look like another one.
        keeps_blank: Whether rows without any value stay: a file that is to be answered row by row has them.

    Raises:
        DataError: It cannot be read.
    """
    if file_format == "delimited":
        return read_delimited(connection, path, options, work, tick, expected, keeps_blank=keeps_blank)
    if file_format == "excel":
        return read_excel(connection, path, options, work, tick, expected, keeps_blank=keeps_blank)
    readers: dict[str, Callable[..., RawTable]] = {"json": read_json_lines, "parquet": read_parquet}
    return readers[file_format](connection, path, options, work, tick)


def store_table(
    path: Path, file_format: Format, options: ReadOptions, work: Path, target: Path, tick: Tick = no_tick
) -> StoredTable:
    """Reads a file and writes it as `target`, each column with the type all of its values have.

    Args:
        work: A folder for what is needed meanwhile.

    Raises:
        DataError: It cannot be read, or has no rows.
    """
    with duck.connect(work) as connection:
        raw = read_raw(connection, path, file_format, options, work, lambda done: tick(0.5 * done))
        if raw.num_rows == 0:
            raise DataError("no_rows", columns=", ".join(raw.names[:10]))
        types = raw_types(connection, raw)
        tokens = options.missing_values
        if tokens is None:
            tokens = find_tokens(connection, raw, types)
        columns = find_storage(connection, raw, types, tokens, lambda done: tick(0.5 + 0.2 * done))
        columns = [c for c in columns if not (c.is_empty and c.index in raw.is_generated)] or columns
        _write(connection, raw, types, tokens, columns, target, lambda done: tick(0.7 + 0.3 * done))
        problems = [*raw.problems, *_date_problems(raw, columns), *_infinite_problems(connection, raw, types)]
    raw.path.unlink()
    return StoredTable(
        num_rows=raw.num_rows,
        names=tuple(raw.names[column.index] for column in columns),
        columns=tuple(columns),
        read=raw.read.model_copy(update={"missing_values": tokens}),
        problems=tuple(problems),
    )


def _write(
    connection: Connection,
    raw: RawTable,
    types: Sequence[str],
    tokens: Sequence[str],
    columns: Sequence[StoredColumn],
    target: Path,
    tick: Tick,
) -> None:
    decimal = raw.read.decimal or "."
    select = ", ".join(f"{stored(column, decimal)} AS {duck.name(raw.names[column.index])}" for column in columns)
    source = cells_of(raw, types, tokens, [column.index for column in columns])
    query = f"SELECT {ROW} AS {duck.name(ROW_ID)}, {select} FROM {source}"
    duck.run(connection, f"COPY ({query}) TO {duck.text(target)} (FORMAT parquet, COMPRESSION zstd)", tick)


def _date_problems(raw: RawTable, columns: Sequence[StoredColumn]) -> list[Problem]:
    """Values of date columns that are no dates, and so became missing."""
    problems = []
    for column in columns:
        if column.not_date is not None:
            row, value = column.not_date
            params: dict[str, Param] = {"row": row + 1, "value": value[:80]}
            name, bad = raw.names[column.index], column.num_not_dates
            problems.append(problem("not_dates", "warning", params, column=name, examples=(value,), count=bad))
    return problems


def _infinite_problems(connection: Connection, raw: RawTable, types: Sequence[str]) -> list[Problem]:
    """Infinite values of typed columns, which became missing."""
    indices = [i for i, kind in enumerate(types) if kind == "DOUBLE"]
    if not indices:
        return []
    counts = ", ".join(f"count(*) FILTER (isinf({raw_column(i)}))" for i in indices)
    row = connection.execute(f"SELECT {counts} FROM read_parquet({duck.text(raw.path)})").fetchone() or ()
    found = zip(indices, row, strict=True)
    return [problem("infinite_values", "warning", column=raw.names[i], count=n) for i, n in found if n]
