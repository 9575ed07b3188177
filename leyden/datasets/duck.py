"""DuckDB as datasets use it: memory bounded, spilling to disk, names quoted, long queries watched."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psutil

from leyden.errors import DataError

Connection = duckdb.DuckDBPyConnection

LEAST_MEMORY = 1 << 30
MOST_MEMORY = 4 << 30
MEMORY_SHARE = 0.125
"""Share of the machine's memory for DuckDB's own buffers; what goes beyond it spills to the work folder."""
WIDE = 500
"""Columns from which on a second thread costs more memory, a buffer a column, than it saves time."""

Tick = Callable[[float], None]
"""Told the share done of the current step, 0 to 1, a few times a second; it may raise to end the work."""

POLL_S = 0.2


def no_tick(_: float) -> None:
    """For callers that nobody watches."""


@contextmanager
def connect(work: Path | None = None) -> Iterator[Connection]:
    """A connection of its own in memory; with `work`, what does not fit spills into that folder."""
    memory = int(MEMORY_SHARE * psutil.virtual_memory().total)
    limit = min(max(memory, LEAST_MEMORY), MOST_MEMORY) >> 20
    config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": f"{limit}MiB"}
    if work is not None:
        config["temp_directory"] = str(work / "spill")
    connection = duckdb.connect(":memory:", config=config)
    # Files are named by us; nothing may be loaded from the network behind a person's back.
    connection.execute("SET autoinstall_known_extensions = false; SET preserve_insertion_order = true")
    # Column after column is asked of the same file; without this, its footer is read each time.
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    try:
        yield connection
    finally:
        connection.close()


def run(connection: Connection, sql: str, tick: Tick = no_tick) -> None:
    """Runs a long statement in a thread, reporting its progress; ends it when `tick` raises."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(connection.execute, sql)
        while True:
            try:
                future.result(timeout=POLL_S)
                return
            except duckdb.OutOfMemoryException as error:
                raise DataError("table_too_large", detail=str(error).splitlines()[0]) from error
            except FutureTimeout:
                try:
                    tick(max(0.0, min(1.0, connection.query_progress() / 100)))
                except BaseException:
                    connection.interrupt()
                    raise


def name(identifier: str) -> str:
    """An identifier, quoted for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: object) -> str:
    """A value as an SQL string literal."""
    return "'" + str(value).replace("'", "''") + "'"
