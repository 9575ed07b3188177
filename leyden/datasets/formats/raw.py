"""What every table format is read into first: a Parquet file of columns `c0`, `c1` ... in file order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from leyden.datasets import duck
from leyden.datasets.duck import Connection, Tick
from leyden.datasets.missing import BLANKS
from leyden.datasets.profile import Problem, ReadOptions

ROW = "r"
"""The row's number, from 0, in file order."""


@dataclass(frozen=True)
class RawTable:
    """A table as it was read: values as they stand in the file, names cleaned."""

    path: Path
    names: tuple[str, ...]
    num_rows: int
    read: ReadOptions
    problems: list[Problem] = field(default_factory=list)
    is_generated: frozenset[int] = frozenset()
    """Columns that had no name of their own."""


def raw_column(index: int) -> str:
    """Name of a column in the raw file; no name a person chose is ever part of a query."""
    return f"c{index}"


def write_raw(
    connection: Connection,
    source: str,
    columns: Sequence[str],
    target: Path,
    tick: Tick,
    *,
    texts: Collection[str],
    drop_blank_rows: bool,
) -> int:
    """Writes the rows of a table function, numbered, to the raw file.

    Args:
        source: SQL that can follow FROM.
        columns: One SQL expression a column.
        texts: Those of them that are text: blanks around a cell go, and a blank cell becomes NULL.
        drop_blank_rows: Leave out rows in which every cell is blank.

    Returns:
        The number of rows.
    """
    trimmed = (_trimmed(column) if column in texts else column for column in columns)
    cells = ", ".join(f"{cell} AS {raw_column(i)}" for i, cell in enumerate(trimmed))
    # Over the columns as they come: over the trimmed ones, planning takes minutes for thousands of columns.
    where = f"WHERE trim(concat({', '.join(columns)}), {duck.text(BLANKS)}) <> ''" if drop_blank_rows else ""
    numbered = f"SELECT row_number() OVER () - 1 AS {ROW}, {cells} FROM {source} {where}"
    if len(columns) >= duck.WIDE:
        connection.execute("SET threads = 1")
    duck.run(connection, f"COPY ({numbered}) TO {duck.text(target)} (FORMAT parquet, COMPRESSION snappy)", tick)
    row = connection.execute(f"SELECT count(*) FROM read_parquet({duck.text(target)})").fetchone()
    assert row is not None
    return int(row[0])


def _trimmed(column: str) -> str:
    """SQL of a text without blanks at its ends, NULL when nothing is left; only what needs it is trimmed."""
    has_blanks = f"regexp_matches({column}, {duck.text(f'^[{BLANKS}]|[{BLANKS}]$')})"
    return f"nullif(CASE WHEN {has_blanks} THEN trim({column}, {duck.text(BLANKS)}) ELSE {column} END, '')"
