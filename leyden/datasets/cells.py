"""The SQL that reads the cells of a raw table: trimmed, missing ones NULL, brought to a column's storage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from leyden.datasets import dates, duck
from leyden.datasets.formats.raw import ROW, RawTable, raw_column

Storage = Literal["integer", "float", "string", "datetime", "boolean"]

GROUPED = {".": r"\d{1,3}(,\d{3})+", ",": r"\d{1,3}(\.\d{3})+"}
"""Whole numbers with thousands marked, by decimal mark."""


@dataclass(frozen=True)
class StoredColumn:
    """How one raw column is stored."""

    index: int
    raw_type: str
    storage: Storage
    is_empty: bool = False
    is_plain: bool = False
    """Text of which every value is a number in the usual notation, so that a cast reads it."""
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
    """SQL that reads a text cell as a finite DOUBLE, NULL where it is none.

    Thousands may be marked; a currency or per cent sign before or after the number is left out.
    """
    if decimal == ".":
        bare = f"regexp_replace({cell}, '[$€£¥%\\s,]', '', 'g')"
        return f"coalesce({plain_number(cell)}, {_when(cell, decimal, bare)})"
    bare = f"replace(regexp_replace({cell}, '[$€£¥%\\s.]', '', 'g'), ',', '.')"
    return f"coalesce({_when(cell, decimal, bare)}, {plain_number(cell)})"


def is_whole(cell: str, decimal: str) -> str:
    """SQL that tells whether a text cell is written as a whole number."""
    pattern = duck.text(rf"[+-]?(\d+|{GROUPED[decimal]})")
    return f"regexp_full_match({cell}, {pattern})"


def _when(cell: str, decimal: str, bare: str) -> str:
    """SQL that reads what is written in other than plain notation, after leaving out its marks."""
    fraction = r"(\.\d+)?" if decimal == "." else r"(,\d+)?"
    digits = rf"({GROUPED[decimal]}|\d+)?{fraction}([eE][+-]?\d+)?"
    pattern = rf"[+-]?[$€£¥]?\s?[+-]?{digits}\s?[%€£$¥]?"
    return f"CASE WHEN regexp_full_match({cell}, {duck.text(pattern)}) THEN {plain_number(bare)} END"


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
    if column.is_plain and column.storage in ("integer", "float"):
        return f"TRY_CAST({value} AS {'BIGINT' if column.storage == 'integer' else 'DOUBLE'})"
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


def cells_of(raw: RawTable, types: Sequence[str], tokens: Sequence[str], indices: Iterable[int]) -> str:
    """SQL of a subquery with the cells of some columns of a raw table, missing ones NULL."""
    columns = ", ".join(f"{cell(i, types[i], tokens)} AS {raw_column(i)}" for i in indices)
    return f"(SELECT {ROW}, {columns} FROM read_parquet({duck.text(raw.path)}))"
