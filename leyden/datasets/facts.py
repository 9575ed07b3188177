"""What is known of each column of a table file before anyone says what kind it is."""

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from leyden.datasets import duck
from leyden.datasets.cells import Storage, plain_number
from leyden.datasets.duck import Connection, Tick, no_tick
from leyden.datasets.measure import Measure, measure
from leyden.datasets.profile import ROW_ID, ImageSummary, ValueCount
from leyden.datasets.scripts import is_mostly_cjk, num_cjk
from leyden.datasets.values import canonical

MAX_VALUES = 50
LONGEST_EXAMPLE = 200
NUM_EXAMPLES = 3
EXAMPLE_ROWS = 100
BATCH = 50
CJK_SAMPLE = 1000
WORDS_PER_CJK = 2 / 3
"""So that six characters are a sentence, as five words are, where a column has texts in both."""
MIN_NUMERIC_SHARE = 0.5
"""Text columns of which fewer values are numbers get no summary as numbers."""


@dataclass(frozen=True)
class ColumnFacts:
    """Counts and distributions of one column; what does not apply is None or 0."""

    name: str
    index: int
    """Its place in the file, from 0."""
    storage: Storage
    num_rows: int
    num_values: int
    """Rows that have a value."""
    num_distinct: int
    values: tuple[ValueCount, ...]
    """The most frequent values, by count."""
    examples: tuple[str, ...]
    num_not_numeric: int
    first_not_numeric: tuple[int, str] | None
    """Row and value of the first one that is not a number, where most are."""
    num_whole: int
    """Values that are whole numbers."""
    is_increasing: bool
    """Whether each row's whole number is larger than the one before."""
    mean_words: float
    """Of texts; what Chinese, Japanese and Korean write in one character counts for two thirds of a word."""
    is_cjk: bool
    date_format: str | None = None
    numbers: Measure | None = None
    dates: Measure | None = None
    lengths: Measure | None = None
    images: ImageSummary | None = None
    """Of a column that holds pictures."""

    @property
    def num_missing(self) -> int:
        """Rows without a value."""
        return self.num_rows - self.num_values

    @property
    def num_numeric(self) -> int:
        """Values that are numbers."""
        return self.num_values - self.num_not_numeric

    @property
    def is_whole(self) -> bool:
        """Whether all values are whole numbers, whatever they are stored as."""
        return self.storage in ("integer", "float") and 0 < self.num_values == self.num_whole


def collect_facts(
    connection: Connection,
    path: Path,
    storages: dict[str, Storage],
    formats: dict[str, str | None],
    tick: Tick = no_tick,
) -> list[ColumnFacts]:
    """The facts of each of the named columns of a table file.

    Args:
        storages: How each column is stored.
        formats: The date format of the columns that have one.
    """
    table = f"read_parquet({duck.text(path)})"
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    num_rows = row[0] if row else 0
    facts: list[ColumnFacts] = []
    names = list(storages)
    for start in range(0, len(names), BATCH):
        batch = {name: storages[name] for name in names[start : start + BATCH]}
        if len(names) >= duck.WIDE:
            # To plan a query takes time for every column that it could see.
            columns = ", ".join(map(duck.name, (ROW_ID, *batch)))
            connection.execute(f"CREATE OR REPLACE TEMP TABLE few AS SELECT {columns} FROM {table}")
        seen = "few" if len(names) >= duck.WIDE else table
        for fact in _collect_batch(connection, seen, batch, formats, num_rows):
            facts.append(replace(fact, index=len(facts)))
            tick(len(facts) / len(names))
    return facts


def _collect_batch(
    connection: Connection,
    table: str,
    storages: dict[str, Storage],
    formats: dict[str, str | None],
    num_rows: int,
) -> Iterator[ColumnFacts]:
    """The facts of a few columns, one after the other; where they can, they share passes over the table."""
    counts = _count(connection, table, storages)
    measures = measure(connection, table, _expressions(storages, counts), num_rows)
    examples = _examples(connection, table, storages)
    for index, (name, storage) in enumerate(storages.items()):
        values, num_distinct = _top_values(connection, table, name)
        count = counts[name]
        sample = _sample(connection, table, name) if storage == "string" else []
        is_unique = storage == "integer" and num_distinct == num_rows > 1
        yield ColumnFacts(
            name=name,
            index=index,
            storage=storage,
            num_rows=num_rows,
            num_values=count["n"],
            num_distinct=num_distinct,
            values=values,
            examples=examples[name] or tuple(entry.value for entry in values[:NUM_EXAMPLES]),
            num_not_numeric=count["n"] - count["numbers"],
            first_not_numeric=_first_not_numeric(connection, table, name, count),
            num_whole=count["whole"],
            is_increasing=is_unique and _is_increasing(connection, table, name),
            mean_words=(count["words"] or 0.0) + WORDS_PER_CJK * _mean_cjk(sample),
            is_cjk=is_mostly_cjk(sample),
            date_format=formats.get(name),
            numbers=measures.get(f"numbers{index}"),
            dates=measures.get(f"dates{index}"),
            lengths=measures.get(f"lengths{index}"),
        )


def _count(connection: Connection, table: str, storages: dict[str, Storage]) -> dict[str, dict[str, Any]]:
    structs = ", ".join(_counts(name, storage) for name, storage in storages.items())
    row = connection.execute(f"SELECT {structs} FROM {table}").fetchone()
    assert row is not None
    return dict(zip(storages, row, strict=True))


def _counts(name: str, storage: Storage) -> str:
    column = duck.name(name)
    numbers, whole, words = f"count({column})", "0", "0.0"
    if storage == "datetime":
        numbers = "0"
    elif storage == "integer":
        whole = f"count({column})"
    elif storage == "float":
        whole = f"count(*) FILTER ({column} = trunc({column}))"
    elif storage == "string":
        numbers = f"count({plain_number(column)})"
        words = f"avg(1 + length({column}) - length(replace({column}, ' ', '')))"
    return f"{{'n': count({column}), 'numbers': {numbers}, 'whole': {whole}, 'words': {words}}}"


def _expressions(storages: dict[str, Storage], counts: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What is measured of each column: its numbers, its dates, its lengths."""
    found = {}
    for index, (name, storage) in enumerate(storages.items()):
        column = duck.name(name)
        if storage in ("integer", "float"):
            found[f"numbers{index}"] = f"{column}::DOUBLE"
        elif storage == "boolean":
            found[f"numbers{index}"] = f"{column}::INTEGER::DOUBLE"
        elif storage == "datetime":
            found[f"dates{index}"] = f"epoch({column})::DOUBLE"
        else:
            found[f"lengths{index}"] = f"length({column})::DOUBLE"
            if counts[name]["numbers"] >= MIN_NUMERIC_SHARE * max(1, counts[name]["n"]):
                found[f"numbers{index}"] = plain_number(column)
    return found


def _top_values(connection: Connection, table: str, name: str) -> tuple[tuple[ValueCount, ...], int]:
    """The most frequent values, as categories are called everywhere, and the number of distinct ones."""
    column = duck.name(name)
    rows = connection.execute(
        f"WITH counted AS MATERIALIZED (SELECT {column} AS value, count(*) AS n FROM {table} "
        f"WHERE {column} IS NOT NULL GROUP BY value) "
        f"SELECT value, n, (SELECT count(*) FROM counted) FROM counted ORDER BY n DESC, value LIMIT {MAX_VALUES}"
    ).fetchall()
    values = tuple(ValueCount(value=canonical(row[0])[:LONGEST_EXAMPLE], count=row[1]) for row in rows)
    return values, rows[0][2] if rows else 0


def _examples(connection: Connection, table: str, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The first few different values of each column among the table's first rows."""
    columns = ", ".join(duck.name(name) for name in names)
    rows = connection.execute(f"SELECT {columns} FROM {table} LIMIT {EXAMPLE_ROWS}").fetchall()
    found = {}
    for name, cells in zip(names, zip(*rows, strict=True), strict=True):
        values = dict.fromkeys(canonical(cell)[:LONGEST_EXAMPLE] for cell in cells if cell is not None)
        found[name] = tuple(values)[:NUM_EXAMPLES]
    return found


def _first_not_numeric(
    connection: Connection, table: str, name: str, count: dict[str, Any]
) -> tuple[int, str] | None:
    if not MIN_NUMERIC_SHARE * count["n"] <= count["numbers"] < count["n"]:
        return None
    column = duck.name(name)
    where = f"{column} IS NOT NULL AND ({plain_number(column)}) IS NULL"
    query = f"SELECT {ROW_ID}, {column} FROM {table} WHERE {where} ORDER BY {ROW_ID} LIMIT 1"
    row = connection.execute(query).fetchone()
    return (int(row[0]), str(row[1])[:LONGEST_EXAMPLE]) if row else None


def _is_increasing(connection: Connection, table: str, name: str) -> bool:
    column = duck.name(name)
    earlier = f"SELECT {column} AS value, lag({column}) OVER () AS earlier FROM {table}"
    row = connection.execute(f"SELECT count(*) FROM ({earlier}) WHERE value <= earlier").fetchone()
    return row is not None and row[0] == 0


def _sample(connection: Connection, table: str, name: str) -> list[str]:
    """Some texts of a column, to tell its script by."""
    column = duck.name(name)
    query = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT {CJK_SAMPLE}"
    return [row[0] for row in connection.execute(query).fetchall()]


def _mean_cjk(texts: list[str]) -> float:
    return statistics.fmean(map(num_cjk, texts)) if texts else 0.0
