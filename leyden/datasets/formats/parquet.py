"""Parquet files: typed already; only nested and binary values become text."""

from pathlib import Path

import duckdb

from leyden.datasets import duck
from leyden.datasets.duck import Connection, Tick, no_tick
from leyden.datasets.formats.raw import RawTable, write_raw
from leyden.datasets.header import clean_names, name_problems
from leyden.datasets.problem import problem
from leyden.datasets.profile import ReadOptions
from leyden.errors import DataError


def read_parquet(
    connection: Connection, path: Path, options: ReadOptions, work: Path, tick: Tick = no_tick
) -> RawTable:
    """The raw table of a Parquet file.

    Raises:
        DataError: The file is damaged.
    """
    source = f"read_parquet({duck.text(path)})"
    try:
        return read_typed(connection, source, options, work, tick)
    except duckdb.Error as error:
        raise DataError("damaged_parquet") from error


def read_typed(connection: Connection, source: str, options: ReadOptions, work: Path, tick: Tick) -> RawTable:
    """The raw table of anything DuckDB reads with types of its own; binary columns are left out."""
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    binary = [str(row[0]) for row in described if str(row[1]) in {"BLOB", "BIT"}]
    kept = [(str(row[0]), str(row[1])) for row in described if str(row[0]) not in binary]
    if not kept:
        raise DataError("no_columns")
    columns = [_expression(name, kind) for name, kind in kept]
    texts = [column for column in columns if column.endswith("::VARCHAR")]
    raw = work / "raw.parquet"
    num_rows = write_raw(connection, source, columns, raw, tick, texts=texts, drop_blank_rows=False)
    names = [name for name, _ in kept]
    cleaned = clean_names(names, len(names))
    left_out = [problem("binary_column", "warning", column=name) for name in binary]
    return RawTable(
        path=raw,
        names=cleaned,
        num_rows=num_rows,
        read=ReadOptions(decimal=options.decimal, missing_values=options.missing_values),
        problems=left_out + name_problems(names, cleaned),
    )


def _expression(name: str, kind: str) -> str:
    """SQL that brings a column to one of the types that datasets know; wide integers stay exact as text."""
    column = duck.name(name)
    if kind in {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}:
        return f"{column}::BIGINT"
    if kind in {"UBIGINT", "HUGEINT", "UHUGEINT"}:
        return f"{column}::VARCHAR"
    if kind in {"FLOAT", "DOUBLE"} or kind.startswith("DECIMAL"):
        return f"{column}::DOUBLE"
    if kind == "BOOLEAN":
        return column
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"({column} AT TIME ZONE 'UTC')::TIMESTAMP"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"{column}::TIMESTAMP"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"to_json({column})::VARCHAR"
    return f"{column}::VARCHAR"
