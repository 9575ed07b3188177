"""What type a column of a raw table is stored as, and the SQL that brings its cells there.

Nothing is lost: a column becomes numbers only when all of its values are, and codes such as "007" or numbers too
long to be exact stay text. A column of numbers with a few words in it stays text, too, and says how many.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from leyden.datasets import dates, duck
from leyden.datasets.cells import Storage, StoredColumn, cells_of, is_whole, number, plain_number
from leyden.datasets.duck import Connection, Tick
from leyden.datasets.formats.raw import ROW, RawTable, raw_column
from leyden.datasets.missing import TOKENS

BATCH = 50
"""Columns looked at in one pass: expressions are many, and a pass over Parquet reads only its columns."""
STORAGES: dict[str, Storage] = {
    "BIGINT": "integer",
    "DOUBLE": "float",
    "BOOLEAN": "boolean",
    "TIMESTAMP": "datetime",
}
LARGEST_EXACT = 2**53
EXACT_DIGITS = 15


def raw_types(connection: Connection, raw: RawTable) -> list[str]:
    """DuckDB's type of each raw column."""
    rows = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({duck.text(raw.path)})").fetchall()
    return [str(row[1]) for row in rows if row[0] != ROW]


def find_tokens(connection: Connection, raw: RawTable, types: Sequence[str]) -> tuple[str, ...]:
    """The missing-value tokens that the table's text columns hold, in the order of `TOKENS`."""
    found: set[str] = set()
    texts = [i for i, kind in enumerate(types) if kind == "VARCHAR"]
    known = "[" + ", ".join(map(duck.text, TOKENS)) + "]"
    for batch in _batches(texts):
        counts = ", ".join(f"histogram_exact({raw_column(i)}, {known})" for i in batch)
        row = connection.execute(f"SELECT {counts} FROM read_parquet({duck.text(raw.path)})").fetchone()
        for histogram in row or ():
            found.update(token for token, count in (histogram or {}).items() if count)
    return tuple(token for token in TOKENS if token in found)


def find_storage(
    connection: Connection, raw: RawTable, types: Sequence[str], tokens: Sequence[str], tick: Tick
) -> list[StoredColumn]:
    """How each column is stored, decided on all of its values."""
    found: list[StoredColumn] = []
    decimal = raw.read.decimal or "."
    for batch in _batches(range(len(types))):
        # Only these columns: to plan a query takes time for every column it could see.
        source = cells_of(raw, types, tokens, batch)
        tick(len(found) / len(types))
        facts = _query(connection, source, {i: _first_facts(i, types[i], decimal) for i in batch})
        unclear = [i for i in batch if types[i] == "VARCHAR" and not _is_clear(facts[i])]
        more = _query(connection, source, {i: _more_facts(i, decimal) for i in unclear}) if unclear else {}
        for i in batch:
            found.append(_decide(connection, source, i, types[i], facts[i] | more.get(i, {})))
    return found


def _batches(indices: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(indices), BATCH):
        yield indices[start : start + BATCH]


def _query(connection: Connection, source: str, facts: dict[int, dict[str, str]]) -> dict[int, dict[str, Any]]:
    """One pass that evaluates SQL aggregates for several columns."""
    structs = [", ".join(f"'{key}': {value}" for key, value in column.items()) for column in facts.values()]
    select = ", ".join(f"{{{struct}}}" for struct in structs)
    row = connection.execute(f"SELECT {select} FROM {source}").fetchone()
    assert row is not None
    return dict(zip(facts, row, strict=True))


def _first_facts(index: int, raw_type: str, decimal: str) -> dict[str, str]:
    """Cheap aggregates that settle typed columns, and whole numbers written as they are printed."""
    column = raw_column(index)
    facts = {"n": f"count({column})"}
    if raw_type == "BIGINT":
        facts["largest"] = f"max(abs({column}))"
    elif raw_type == "VARCHAR":
        facts["plain"] = f"count({plain_number(column)})"
        facts["printed"] = f"count(*) FILTER (TRY_CAST({column} AS BIGINT)::VARCHAR = {column})"
        facts["longest"] = f"max(length({column}))"
    return facts


def _is_clear(facts: dict[str, Any]) -> bool:
    return facts["n"] == 0 or (facts["printed"] == facts["n"] and facts["longest"] <= EXACT_DIGITS)


def _more_facts(index: int, decimal: str) -> dict[str, str]:
    """Aggregates that match patterns, which takes time."""
    column = raw_column(index)
    conditions = {
        "whole": is_whole(column, decimal),
        "rewritten": f"({number(column, decimal)}) IS DISTINCT FROM ({plain_number(column)})",
        "codes": f"regexp_full_match({column}, '[+-]?0\\d+')",
        "long": f"regexp_full_match({column}, '[+-]?\\d{{{EXACT_DIGITS + 1},}}')",
        "booleans": f"lower({column}) IN ('true', 'false')",
    }
    counts = {key: f"count(*) FILTER ({condition})" for key, condition in conditions.items()}
    return counts | {"numbers": f"count({number(column, decimal)})"}


def _decide(connection: Connection, source: str, index: int, raw_type: str, facts: dict[str, Any]) -> StoredColumn:
    if raw_type != "VARCHAR":
        return _decide_typed(index, raw_type, facts)
    num_values = facts["n"]
    if num_values == 0:
        return StoredColumn(index, raw_type, "string", is_empty=True)
    if "whole" not in facts:
        return StoredColumn(index, raw_type, "integer", is_plain=True)
    if facts["numbers"] == num_values:
        return StoredColumn(index, raw_type, _number_storage(facts), is_plain=facts["plain"] == num_values)
    if facts["booleans"] == num_values:
        return StoredColumn(index, raw_type, "boolean")
    is_mixed = facts["numbers"] >= 0.5 * num_values
    column = StoredColumn(index, raw_type, "string", is_rewritten=is_mixed and facts["rewritten"] > 0)
    return column if is_mixed else _decide_date(connection, source, column) or column


def _number_storage(facts: dict[str, Any]) -> Storage:
    """Whole numbers stay text when zeros lead them, or when they have more digits than a float holds."""
    if facts["whole"] != facts["n"]:
        return "float"
    return "string" if facts["codes"] or facts["long"] else "integer"


def _decide_typed(index: int, raw_type: str, facts: dict[str, Any]) -> StoredColumn:
    storage = STORAGES[raw_type]
    if storage == "integer" and (facts["largest"] or 0) > LARGEST_EXACT:
        storage = "string"
    return StoredColumn(index, raw_type, storage, is_empty=facts["n"] == 0)


def _decide_date(connection: Connection, source: str, column: StoredColumn) -> StoredColumn | None:
    """The column as dates, when a format that fits a sample also fits nearly all values."""
    value = raw_column(column.index)
    # From everywhere: the first rows of a log may all lie in the first days of a month.
    where = f"WHERE {value} IS NOT NULL ORDER BY hash({ROW}) LIMIT {dates.SAMPLE}"
    rows = connection.execute(f"SELECT {value} FROM {source} {where}").fetchall()
    date_format = dates.find_format([str(row[0]) for row in rows])
    if date_format is None:
        return None
    bad = f"FILTER ({value} IS NOT NULL AND ({dates.parse(value, date_format)}) IS NULL)"
    row = connection.execute(
        f"SELECT count({value}), count(*) {bad}, min({ROW}) {bad}, arg_min({value}, {ROW}) {bad} FROM {source}"
    ).fetchone()
    assert row is not None
    num_values, num_bad, first, example = row
    if num_bad > (1 - dates.MIN_SHARE) * num_values:
        return None
    not_date = (int(first), str(example)) if num_bad else None
    return dataclasses.replace(
        column, storage="datetime", date_format=date_format, num_not_dates=num_bad, not_date=not_date
    )
