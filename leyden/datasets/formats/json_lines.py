"""JSON Lines, and a JSON file that is one list of objects. Nested values become text."""

from pathlib import Path

import duckdb

from leyden.datasets import duck
from leyden.datasets.duck import Connection, Tick, no_tick
from leyden.datasets.encoding import check_encoding, detect_encoding, to_utf8
from leyden.datasets.formats.parquet import read_typed
from leyden.datasets.formats.raw import RawTable
from leyden.datasets.profile import ReadOptions
from leyden.errors import DataError

LARGEST_OBJECT = 64 << 20


def read_json_lines(
    connection: Connection, path: Path, options: ReadOptions, work: Path, tick: Tick = no_tick
) -> RawTable:
    """The raw table of a JSON Lines file: one object a row, one key a column.

    Raises:
        DataError: A line is not a JSON object.
    """
    encoding = check_encoding(options.encoding) if options.encoding else detect_encoding(path)
    copy = to_utf8(path, encoding, work / "utf8.json")
    source = (
        f"read_json({duck.text(copy.path)}, records = true, sample_size = -1, maximum_depth = 2, "
        f"maximum_object_size = {LARGEST_OBJECT}, map_inference_threshold = -1)"
    )
    try:
        raw = read_typed(connection, source, options, work, tick)
    except duckdb.Error as error:
        raise DataError("damaged_json", detail=str(error).splitlines()[0]) from error
    return RawTable(
        path=raw.path,
        names=raw.names,
        num_rows=raw.num_rows,
        read=raw.read.model_copy(update={"encoding": encoding}),
        problems=raw.problems,
    )
