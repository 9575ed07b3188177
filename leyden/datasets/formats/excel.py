"""Excel workbooks: one sheet, as text, so that its columns are typed by the same rules as a CSV file's."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leyden.datasets.duck import Connection, Tick, no_tick
from leyden.datasets.formats.raw import RawTable, write_raw
from leyden.datasets.header import clean_names, has_header, name_problems
from leyden.datasets.problem import problem
from leyden.datasets.profile import ReadOptions
from leyden.errors import DataError


def read_excel(
    connection: Connection,
    path: Path,
    options: ReadOptions,
    work: Path,
    tick: Tick = no_tick,
    expected: Sequence[str] = (),
    *,
    keeps_blank: bool = False,
) -> RawTable:
    """The raw table of one sheet of a workbook (xlsx, xls, xlsb, ods).

    Args:
        expected: Column names to recognise a header by, where the file should look like another one.
        keeps_blank: Whether rows without any value stay; below the last one with a value there are none.

    Raises:
        DataError: The file is damaged or encrypted, there is no such sheet, or the sheet is empty.
    """
    sheet, table = _load_sheet(path, options.sheet)
    tick(0.5)
    start = _first_row(table)
    rows = [[cell or "" for cell in row.values()] for row in table.slice(start, 2000).to_pylist()]
    header = has_header(rows, expected) if options.has_header is None else options.has_header
    names = rows[0] if header else []
    num_rows = _last_row(table) + 1 if keeps_blank else table.num_rows
    connection.register("sheet", table.slice(start + header, max(0, num_rows - start - header)))
    columns = [f"v{i}" for i in range(table.num_columns)]
    raw = work / "raw.parquet"
    written = write_raw(connection, "sheet", columns, raw, no_tick, texts=columns, drop_blank_rows=not keeps_blank)
    tick(1.0)
    cleaned = clean_names(names, table.num_columns)
    problems = [problem("preamble", "info", count=start)] if start else []
    return RawTable(
        path=raw,
        names=cleaned,
        num_rows=written,
        read=ReadOptions(
            has_header=header, decimal=options.decimal or ".", missing_values=options.missing_values, sheet=sheet
        ),
        problems=problems + name_problems(names, cleaned),
        is_generated=frozenset(i for i in range(table.num_columns) if i >= len(names) or not names[i].strip()),
    )


def _load_sheet(path: Path, wanted: str | None) -> tuple[str, pa.Table]:
    """The name of the sheet and its cells as text, in columns `v0`, `v1` ..."""
    import fastexcel

    try:
        book = fastexcel.read_excel(str(path))
    except fastexcel.FastExcelError as error:
        raise DataError("damaged_excel", detail=str(error).splitlines()[0]) from error
    if wanted is not None and wanted not in book.sheet_names:
        raise DataError("no_sheet", sheet=wanted, sheets=", ".join(book.sheet_names))
    sheet = wanted or book.sheet_names[0]
    loaded = book.load_sheet(sheet, header_row=None, dtypes="string")
    table = pa.Table.from_batches([loaded.to_arrow()])
    if not table.num_rows or not table.num_columns:
        raise DataError("empty_sheet", sheet=sheet, sheets=", ".join(book.sheet_names))
    return sheet, table.rename_columns([f"v{i}" for i in range(table.num_columns)])


def _first_row(table: pa.Table) -> int:
    """Index of the first row that is about as full as the rows of the table are; titles stand above it."""
    filled = [sum(cell is not None for cell in row.values()) for row in table.slice(0, 200).to_pylist()]
    counts = Counter(count for count in filled if count)
    if not counts:
        return 0
    usual = max(counts.items(), key=lambda item: (item[1], item[0]))[0]
    return next(i for i, count in enumerate(filled) if count > usual // 2)


def _last_row(table: pa.Table) -> int:
    """Index of the last row that has a value; -1 where there is none. Sheets remember rows that were only coloured."""
    has_value = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        stripped = pc.utf8_trim_whitespace(column.combine_chunks()).fill_null("")
        has_value |= pc.not_equal(stripped, "").to_numpy(zero_copy_only=False)
    return int(np.flatnonzero(has_value)[-1]) if has_value.any() else -1
