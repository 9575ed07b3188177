"""Files brought for prediction, read so that each value means what it meant in training."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow.parquet as pq

from leyden.datasets import dates, duck
from leyden.datasets.cells import StoredColumn, cells_of, number, stored
from leyden.datasets.documents import collect_documents
from leyden.datasets.duck import Connection
from leyden.datasets.formats.raw import ROW, RawTable, raw_column
from leyden.datasets.image_folder import collect_pictures
from leyden.datasets.input_pictures import fetch_named
from leyden.datasets.opening import Opened, open_source
from leyden.datasets.profile import ROW_ID, Column, Profile, ReadOptions
from leyden.datasets.sources import PROSE_SUFFIXES, TABLE_SUFFIXES, Format, find_format
from leyden.datasets.storage import find_tokens, raw_types
from leyden.datasets.tables import read_raw
from leyden.errors import DataError
from leyden.home import Home

BLOCK_CELLS = 200_000
"""Cells of a file that are held at once, beside what the model reads of it."""


@dataclass(frozen=True)
class InputFile:
    """A file that was brought for prediction.

    Args:
        frame: What a model reads of it, indexed by row from 0.
        raw: Its table as it was read; None of pictures and documents.
        names: Of the table's columns.
    """

    frame: pd.DataFrame
    raw: RawTable | None = None
    names: tuple[str, ...] = ()

    def cells(self) -> Iterator[pd.DataFrame]:
        """All columns of the table as they stand in the file, block by block, indexed as `frame`."""
        if self.raw is None:
            return
        rows = max(1, BLOCK_CELLS // max(1, len(self.names)))
        with pq.ParquetFile(self.raw.path) as file:
            for batch in file.iter_batches(batch_size=rows):
                # Whole numbers stay whole beside gaps, which numpy has none for.
                block = batch.to_pandas(types_mapper=pd.ArrowDtype)
                index = pd.Index(block.pop(ROW), dtype="int64", name=ROW_ID)
                yield block.set_axis(list(self.names), axis=1).set_axis(index)


@contextmanager
def read_input_file(home: Home, path: Path, like: Profile, *, target: str | None = None) -> Iterator[InputFile]:
    """The rows of a file to predict on, as a dataset with the given profile would hold them.

    Use it in a `with` block: pictures, and the table as it was read, lie in a temporary folder until its end.

    Args:
        home: Where the temporary folder is made.
        like: Profile of the dataset trained on: its reading options, column types and date formats.
        target: The column that the file may lack; in a table without header, one column fewer means this one.

    Yields:
        As its `frame`, a table: columns of the profile that the file has, in the profile's order, indexed by row from
        0; blank lines are no rows, and what is no number in a column of numbers, or no date in one of dates, stays
        text.
        Pictures (a folder, a zip or tar, or one file): `image` with paths and `file` with names, sorted by name; a
        file that cannot be read as a picture has no `image`. Texts (likewise): `text` and `file`; a file that is
        no text, or an empty one, has no `text`. Where a table names pictures, its image column holds paths, and
        None where there is no picture.

    Raises:
        DataError: The file cannot be read, or has none of the columns.
    """
    home.cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="input-", dir=home.cache) as folder:
        work = Path(folder)
        if like.layout == "image_folder":
            yield InputFile(_read_pictures(path, work))
        elif like.layout == "document_folder":
            yield _read_documents(path, like, work)
        else:
            yield _read_table(path, like, work, target)


def _read_table(path: Path, like: Profile, work: Path, target: str | None) -> InputFile:
    opened = open_source(path, path.name, work)
    if opened.table is None or opened.table_format is None:
        raise DataError("table_expected", name=path.name)
    with duck.connect(work) as connection:
        raw = _read_raw(connection, opened.table, opened.table_format, like, work)
        if not raw.num_rows:
            raise DataError("no_rows", columns=", ".join(raw.names[:10]))
        columns = _match(raw, like, target)
        if not columns:
            needed = (column for column in like.columns if column.kind != "ignored" and column.name != target)
            names = ", ".join(column.name for column in needed)
            raise DataError("no_known_columns", columns=names, found=", ".join(raw.names[:20]))
        types = raw_types(connection, raw)
        tokens = like.read.missing_values or find_tokens(connection, raw, types)
        source = cells_of(raw, types, tokens, [index for _, index in columns])
        values = [_typed(column, index, types[index], raw.read.decimal or ".") for column, index in columns]
        texts = _unread(connection, source, columns, types, values)
        # By place: columns of the file may have any name.
        select = ", ".join(f"{value} AS c{place}" for place, value in enumerate([*values, *texts.values()]))
        query = f"SELECT {ROW}, {select} FROM {source} ORDER BY {ROW}"
        frame = connection.cursor().sql(query).to_arrow_table().to_pandas()
    frame = _named(frame, [column.name for column, _ in columns], list(texts))
    for column, _ in columns:
        if column.kind == "image":
            frame[column.name] = fetch_named(opened, frame[column.name], work / "media")
    return InputFile(frame, raw, _names(raw, columns))


def _names(raw: RawTable, columns: list[tuple[Column, int]]) -> tuple[str, ...]:
    """What the file calls its columns; where it has no header, what those trained on are called."""
    names = list(raw.names)
    if raw.read.has_header is False:
        for column, index in columns:
            names[index] = column.name
    return tuple(names)


def _unread(
    connection: Connection, source: str, columns: list[tuple[Column, int]], types: list[str], values: list[str]
) -> dict[int, str]:
    """SQL for the texts that stand among numbers and dates, by the place of the column; most files have none."""
    texts = {
        place: f"CASE WHEN {value} IS NULL THEN {raw_column(index)} END"
        for place, (value, (column, index)) in enumerate(zip(values, columns, strict=True))
        if types[index] == "VARCHAR" and column.kind in ("number", "datetime")
    }
    if not texts:
        return {}
    counted = connection.execute(f"SELECT {', '.join(f'count({text})' for text in texts.values())} FROM {source}")
    num = counted.fetchone() or ()
    return {place: text for (place, text), number_of in zip(texts.items(), num, strict=True) if number_of}


def _named(frame: pd.DataFrame, names: list[str], with_texts: list[int]) -> pd.DataFrame:
    """Behind the row the columns of these names, and behind them the texts of some, put where they stand."""
    columns = {name: frame.iloc[:, place] for place, name in enumerate(names, start=1)}
    for place, at in enumerate(with_texts, start=1 + len(names)):
        values, texts = columns[names[at]], frame.iloc[:, place]
        columns[names[at]] = values.astype(object).where(texts.isna(), texts)
    return pd.DataFrame(columns).set_index(frame.iloc[:, 0].rename(ROW_ID))


def _read_raw(connection: Connection, table: Path, table_format: Format, like: Profile, work: Path) -> RawTable:
    """The raw table. Only where training had no header may there be none; then one is known by its names."""
    header = None if like.read.has_header is False else True
    options = ReadOptions(has_header=header, missing_values=like.read.missing_values)
    names = [column.name for column in like.columns]
    return read_raw(connection, table, table_format, options, work, expected=names, keeps_blank=True)


def _match(raw: RawTable, like: Profile, target: str | None) -> list[tuple[Column, int]]:
    """Columns of the profile, each with its place in the file: by name, or by position without names."""
    by_name = {name.casefold(): index for index, name in enumerate(raw.names)}
    columns = list(like.columns)
    if raw.read.has_header is False:
        if target is not None and len(raw.names) == len(columns) - 1:
            columns = [column for column in columns if column.name != target]
        return list(zip(columns, range(len(raw.names)), strict=False))
    return [(column, by_name[column.name.casefold()]) for column in columns if column.name.casefold() in by_name]


def _typed(column: Column, index: int, raw_type: str, decimal: str) -> str:
    """SQL that reads a cell as the trained column stores it; what cannot be is NULL, but a category stays text."""
    cell = raw_column(index)
    if raw_type != "VARCHAR":
        return f"{cell}::VARCHAR" if column.storage == "string" else _cast(cell, raw_type, column)
    if column.kind == "category" and column.storage in ("integer", "float", "boolean"):
        as_number = number(cell, decimal)
        whole = f"CASE WHEN {as_number} = trunc({as_number}) THEN ({as_number})::BIGINT::VARCHAR END"
        return f"coalesce({whole}, ({as_number})::VARCHAR, {cell})"
    if column.storage == "integer":
        return number(cell, decimal)
    if column.storage == "boolean":
        return f"CASE WHEN lower({cell}) IN ('true', 'false') THEN lower({cell}) = 'true' END"
    if column.storage == "datetime":
        return dates.parse(cell, column.date_format or dates.ISO)
    is_rewritten = column.numbers is not None and column.storage == "string"
    return stored(StoredColumn(index, raw_type, column.storage, is_rewritten=is_rewritten), decimal)


def _cast(cell: str, raw_type: str, column: Column) -> str:
    """SQL for a cell that has a type already."""
    if column.storage == "datetime":
        return cell if raw_type == "TIMESTAMP" else "NULL::TIMESTAMP"
    return cell if raw_type != "TIMESTAMP" else "NULL::DOUBLE"


def _read_pictures(path: Path, work: Path) -> pd.DataFrame:
    source, source_format = _picture_source(path, work)
    found = collect_pictures(source, source_format, work / "media", duck.no_tick)
    paths = {stored.name: str(work / "media" / stored.sha256) for stored in found.pictures}
    names = sorted([*paths, *found.unreadable, *found.empty, *found.too_large])
    if not paths:
        raise DataError("pictures_expected", name=path.name)
    images = pd.Series([paths.get(name) for name in names], dtype="str")
    return pd.DataFrame({"image": images, "file": pd.Series(names, dtype="str")}).rename_axis(ROW_ID)


def _read_documents(path: Path, like: Profile, work: Path) -> InputFile:
    """Texts by their files' names, or the rows of a table that has a column of texts."""
    source, source_format = path, find_format(path)
    if source_format not in ("zip", "tar", "folder"):
        if path.suffix.lower() in TABLE_SUFFIXES - PROSE_SUFFIXES:
            return _read_table(path, like, work, like.suggested_target)
        source, source_format = _folder_of_one(path, work), "folder"
    found = collect_documents(source, source_format, work, duck.no_tick)
    texts = pd.Series([*found.texts(), *(None for _ in found.unused)], dtype="str")
    frame = pd.DataFrame({"text": texts, "file": pd.Series([*found.files, *found.unused], dtype="str")})
    return InputFile(frame.sort_values("file", kind="stable", ignore_index=True).rename_axis(ROW_ID))


def _folder_of_one(path: Path, work: Path) -> Path:
    folder = work / "one"
    folder.mkdir()
    (folder / path.name).symlink_to(path.resolve())
    return folder


def _picture_source(path: Path, work: Path) -> tuple[Path, Format]:
    """A folder or archive as it is; one picture becomes a folder of its own."""
    if path.is_file() and not _is_archive(path):
        return _folder_of_one(path, work), "folder"
    opened: Opened = open_source(path, path.name, work)
    if opened.images_format is None:
        raise DataError("pictures_expected", name=path.name)
    return opened.source, opened.images_format


def _is_archive(path: Path) -> bool:
    import tarfile
    import zipfile

    return zipfile.is_zipfile(path) or tarfile.is_tarfile(path)
