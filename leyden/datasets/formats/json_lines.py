"""JSON Lines, and a JSON file that is one list of objects. Nested values become text."""

import json
from pathlib import Path
from typing import Any

import duckdb

from leyden.datasets import duck
from leyden.datasets.duck import Connection, Tick, no_tick
from leyden.datasets.encoding import check_encoding, detect_encoding, to_utf8
from leyden.datasets.formats.parquet import read_typed
from leyden.datasets.formats.raw import RawTable
from leyden.datasets.profile import ReadOptions
from leyden.errors import DataError

LARGEST_OBJECT = 64 << 20
SHOWN = 60
"""Characters of what is wrong."""


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
        raise _fault(copy.path) from error
    return RawTable(
        path=raw.path,
        names=raw.names,
        num_rows=raw.num_rows,
        read=raw.read.model_copy(update={"encoding": encoding}),
        problems=raw.problems,
    )


def _fault(path: Path) -> DataError:
    """Where a file that could not be read departs from what is expected: the first such place."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        start = file.read(1024).lstrip()[:1]
        file.seek(0)
        if start == "[":
            is_small = path.stat().st_size <= LARGEST_OBJECT
            return _fault_in_list(file.read()) if is_small else DataError("damaged_json")
        for number, line in enumerate(file, start=1):
            if line.strip() and not isinstance(_parsed(line), dict):
                if number == 1 and line.lstrip().startswith("{"):
                    break  # It may go on below.
                return DataError("damaged_json_line", line=number, found=_shown(line))
    return DataError("damaged_json")


def _fault_in_list(text: str) -> DataError:
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        return DataError("damaged_json_list", line=error.lineno, column=error.colno)
    except (ValueError, RecursionError):
        return DataError("damaged_json")
    others = ((place, item) for place, item in enumerate(items, start=1) if not isinstance(item, dict))
    place, item = next(others, (0, None))
    return (
        DataError("damaged_json_item", item=place, found=_shown(json.dumps(item, ensure_ascii=False)))
        if place
        else DataError("damaged_json")
    )


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
