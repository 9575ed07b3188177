"""Distributions of numeric expressions over a table file, many columns in one pass."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from leyden.datasets.duck import Connection
from leyden.datasets.profile import Histogram

BATCH = 50
NUM_BINS = 30
MAX_EXACT_MEDIAN = 1_000_000
"""Rows above which the median is estimated: an exact one holds all values in memory."""


@dataclass(frozen=True)
class Measure:
    """What is known of one expression's values; rows where it is NULL are not part of it."""

    count: int
    minimum: float
    maximum: float
    mean: float
    std: float
    median: float
    histogram: Histogram


def measure(
    connection: Connection, table: str, expressions: Mapping[str, str], num_rows: int
) -> dict[str, Measure]:
    """Measures SQL expressions of type DOUBLE, by their keys; those without any value are left out.

    Args:
        table: SQL that can follow FROM.
        expressions: SQL by a key that is an identifier.
    """
    found: dict[str, Measure] = {}
    keys = list(expressions)
    for start in range(0, len(keys), BATCH):
        batch = {key: expressions[key] for key in keys[start : start + BATCH]}
        limits = _limits(connection, table, batch)
        batch = {key: sql for key, sql in batch.items() if limits[key][0]}
        if batch:
            found |= _moments(connection, table, batch, limits, num_rows)
    return found


def _limits(connection: Connection, table: str, batch: Mapping[str, str]) -> dict[str, tuple[int, float, float]]:
    """Count, minimum and maximum of each expression."""
    columns = ", ".join(f"count({sql}), min({sql}), max({sql})" for sql in batch.values())
    row = connection.execute(f"SELECT {columns} FROM {table}").fetchone()
    assert row is not None
    return {key: (row[3 * i], row[3 * i + 1], row[3 * i + 2]) for i, key in enumerate(batch)}


def _moments(
    connection: Connection,
    table: str,
    batch: Mapping[str, str],
    limits: Mapping[str, tuple[int, float, float]],
    num_rows: int,
) -> dict[str, Measure]:
    edges = {key: bin_edges(limits[key][1], limits[key][2]) for key in batch}
    columns = ", ".join(_aggregates(sql, limits[key], edges[key], num_rows) for key, sql in batch.items())
    row = connection.execute(f"SELECT {columns} FROM {table}").fetchone()
    assert row is not None
    return {key: _measure(limits[key], edges[key], values) for key, values in zip(batch, _fours(row), strict=True)}


def _aggregates(sql: str, limits: tuple[int, float, float], edges: tuple[float, ...], num_rows: int) -> str:
    """Mean and deviation in units of the largest value (squares of huge ones overflow), median, histogram."""
    scale = _scale(limits)
    median = "median" if num_rows <= MAX_EXACT_MEDIAN else "approx_quantile"
    median_of = f"median({sql})" if median == "median" else f"approx_quantile({sql}, 0.5)"
    bins = ", ".join(f"{edge!r}::DOUBLE" for edge in edges[1:])
    scaled = f"({sql}) / {scale!r}::DOUBLE"
    return f"avg({scaled}), stddev_samp({scaled}), {median_of}, histogram({sql}, [{bins}])"


def _measure(limits: tuple[int, float, float], edges: tuple[float, ...], values: tuple[Any, ...]) -> Measure:
    count, minimum, maximum = limits
    mean, std, median, histogram = values
    scale = _scale(limits)
    counts = tuple(int(histogram.get(edge, 0)) for edge in edges[1:])
    return Measure(
        count=count,
        minimum=minimum,
        maximum=maximum,
        mean=float(mean) * scale,
        std=float(std or 0.0) * scale,
        median=float(median),
        histogram=Histogram(edges=edges, counts=counts),
    )


def bin_edges(minimum: float, maximum: float) -> tuple[float, ...]:
    """Edges of a histogram from minimum to maximum: one bin a value for a few whole numbers, else 30."""
    if minimum == maximum:
        return (minimum - 0.5, maximum + 0.5) if abs(minimum) < 2**50 else (minimum, maximum * 1.1)
    width = maximum - minimum
    if minimum.is_integer() and maximum.is_integer() and width < NUM_BINS:
        return tuple(minimum - 0.5 + i for i in range(ceil(width) + 2))
    inner = (minimum + (maximum - minimum) * (i / NUM_BINS) for i in range(1, NUM_BINS))
    return tuple(dict.fromkeys((minimum, *inner, maximum)))


def _scale(limits: tuple[int, float, float]) -> float:
    return max(abs(limits[1]), abs(limits[2])) or 1.0


def _fours(row: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(row), 4):
        yield row[start : start + 4]
