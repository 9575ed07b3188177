"""The SQL that reads the cells of a raw table: trimmed, missing ones NULL, brought to a column's storage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from leyden.datasets import dates, duck
from leyden.datasets.formats.raw import ROW, RawTable, raw_column

Storage = Literal["integer", "float", "string", "datetime", "boolean"]

GROUPED = {".": r"[+-]?\d{1,3}(,\d{3})+", ",": r"[+-]?\d{1,3}(\.\d{3})+"}
"""Whole numbers with thousands marked, by decimal mark."""


@dataclass(frozen=True)
class StoredColumn:
    """How one raw column is stored."""

    index: int
    raw_type: str
    storage: Storage
    is_empty: bool = False
    date_format: str | None = None
    is_rewritten: bool = False
    """Text of which some values are numbers in another notation, which become plain ones."""
    num_not_dates: int = 0
    not_date: tuple[int, str] | None = None
    """Row and value of the first cell that is not a date."""


def plain_number(cell: str) -> str:
    """SQL that reads a text cell in the usual notation as a finite DOUBLE, NULL where it is none."""
    # DuckDB also reads '1_000', 'inf' and 'nan'.
    read = f"TRY_CAST({cell} AS DOUBLE)"
    return f"CASE WHEN isfinite({read}) AND NOT contains({cell}, '_') THEN {read} END"


def number(cell: str, decimal: str) -> str:
    """SQL that reads a text cell as a finite DOUBLE, NULL where it is none; thousands may be marked."""
    plain = plain_number(cell)
    if decimal == ".":
        grouped = _when(cell, GROUPED["."] + r"(\.\d+)?", f"replace({cell}, ',', '')")
        return f"CASE WHEN NOT contains({cell}, ',') THEN {plain} {grouped} END"
    bare = f"replace(replace({cell}, '.', ''), ',', '.')"
    comma = _when(cell, r"[+-]?(\d+|\d{1,3}(\.\d{3})+)?,\d+([eE][+-]?\d+)?", bare)
    return f"CASE {comma} {_when(cell, GROUPED[','], bare)} ELSE {plain} END"


def is_whole(cell: str, decimal: str) -> str:
    """SQL that tells whether a text cell is written as a whole number."""
    pattern = duck.text(r"[+-]?\d+|" + GROUPED[decimal])
    return f"regexp_full_match({cell}, {pattern})"


def _when(cell: str, pattern: str, changed: str) -> str:
    return f"WHEN regexp_full_match({cell}, {duck.text(pattern)}) THEN TRY_CAST({changed} AS DOUBLE)"


def cell(index: int, raw_type: str, tokens: Sequence[str]) -> str:
    """SQL for a raw cell, NULL where it means no value."""
    column = raw_column(index)
    if raw_type == "DOUBLE":
        return f"CASE WHEN isfinite({column}) THEN {column} END"
    if raw_type != "VARCHAR":
        return column
    if not tokens:
        return column
    return f"CASE WHEN {column} NOT IN ({', '.join(map(duck.text, tokens))}) THEN {column} END"


def stored(column: StoredColumn, decimal: str) -> str:
    """SQL that brings a cell of this column to its storage; the cells are called as in the raw file."""
    value = raw_column(column.index)
    if column.raw_type != "VARCHAR":
        return f"{value}::VARCHAR" if column.storage == "string" else value
    if column.storage == "integer":
        return f"({number(value, decimal)})::BIGINT"
    if column.storage == "float":
        return number(value, decimal)
    if column.storage == "boolean":
        return f"lower({value}) = 'true'"
    if column.storage == "datetime":
        assert column.date_format is not None
        return dates.parse(value, column.date_format)
    if column.is_rewritten:
        plain = f"coalesce(({number(value, decimal)})::VARCHAR, {value})"
        return f"CASE WHEN {plain_number(value)} IS NULL THEN {plain} ELSE {value} END"
    return value


def cells_of(raw: RawTable, types: Sequence[str], tokens: Sequence[str]) -> str:
    """SQL of a subquery with all cells of a raw table, missing ones NULL."""
    columns = ", ".join(f"{cell(i, kind, tokens)} AS {raw_column(i)}" for i, kind in enumerate(types))
    return f"(SELECT {ROW}, {columns} FROM read_parquet({duck.text(raw.path)}))"
