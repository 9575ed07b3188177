"""A table whose columns name pictures that lie beside it, as one dataset: numbers, words and pictures in one row.

A row whose picture is missing or broken is kept, without a picture: its other columns still teach something, and
the table stays as long as people know it. The problems tell which pictures these are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leyden.datasets import duck, image
from leyden.datasets.class_folders import has_classes
from leyden.datasets.duck import Connection, Tick
from leyden.datasets.file_names import FileNames, is_picture_name
from leyden.datasets.image_folder import Found, collect_pictures
from leyden.datasets.opening import Opened
from leyden.datasets.problem import problem
from leyden.datasets.profile import Problem, Profile, ReadOptions
from leyden.datasets.profiling import PictureColumn, profile_table
from leyden.datasets.tables import StoredTable, store_table
from leyden.errors import DataError

SAMPLE_ROWS = 1000
MIN_SHARE = 0.5
"""Of the values of a column that names pictures, so many look like it; of the pictures, so many are named."""
NUM_EXAMPLES = 3

Ticks = Callable[[str, float, float], Tick]
"""What tells of a step of the work, by the step's code and the shares of the whole between which it lies."""


@dataclass(frozen=True)
class Naming:
    """A column whose cells name files, and the file of each different cell; None where there is no such file."""

    column: str
    files: dict[str, str | None]


def store_named_pictures(opened: Opened, options: ReadOptions, staged: Path, ticks: Ticks) -> Profile | DataError:
    """Reads a table and the pictures that it names into `table.parquet` and `media/` of a temporary folder.

    Returns:
        Their profile; or why nothing came of the table, where the pictures' folders are those of classes.

    Raises:
        DataError: It is damaged or malicious, or there is no other way to learn from the pictures either.
    """
    assert opened.table is not None and opened.table_format is not None and opened.images_format is not None
    work, table = staged / "work", staged / "table.parquet"
    try:
        tick = ticks("reading_table", 0.1, 0.2)
        stored = store_table(opened.table, opened.table_format, options, work, table, tick)
        namings = _require_namings(table, stored, opened, work)
    except DataError as error:
        if has_classes([name for name in opened.files if is_picture_name(name)]):
            return error
        raise
    wanted = {file for naming in namings for file in naming.files.values() if file is not None}
    found = collect_pictures(
        opened.source, opened.images_format, staged / "media", ticks("reading_images", 0.2, 0.9), wanted
    )
    if not found.pictures:
        raise DataError("named_pictures_unusable", column=namings[0].column, files=len(wanted), first=min(wanted))
    namings = [naming for naming in namings if _readable(naming, found)]
    _write_hashes(table, {naming.column: _hashes(naming, found) for naming in namings})
    is_folder = opened.images_format == "folder"
    size_bytes = opened.table.stat().st_size + found.size_bytes if is_folder else opened.source.stat().st_size
    return profile_table(
        _as_hashes(stored, namings),
        table,
        work,
        name=opened.name,
        size_bytes=size_bytes,
        pictures={naming.column: _picture_column(naming, found) for naming in namings},
        problems=[*_naming_problems(namings, found), *_rest_problems(opened, wanted)],
        tick=ticks("profiling", 0.9, 0.98),
    )


def _require_namings(table: Path, stored: StoredTable, opened: Opened, work: Path) -> list[Naming]:
    """The columns that name pictures, at least one.

    Raises:
        DataError: None does.
    """
    namings = find_namings(table, stored, opened, work)
    if not namings:
        names = ", ".join(stored.names[:10])
        first = next(name for name in opened.files if is_picture_name(name))
        raise DataError("names_no_pictures", table=opened.table_name, columns=names, first=first)
    return namings


def find_namings(table: Path, stored: StoredTable, opened: Opened, work: Path) -> list[Naming]:
    """The columns of a stored table that name the pictures beside it.

    Those whose cells look like names of pictures, if some of these are there; or else the one column, with bare
    numbers or words in it, that names most pictures.
    """
    files = FileNames((name for name in opened.files if name != opened.table_name), opened.table_name)
    names = [
        name
        for name, column in zip(stored.names, stored.columns, strict=True)
        if column.storage in ("string", "integer")
    ]
    with duck.connect(work) as connection:
        namings = [naming for name in names if (naming := _naming(connection, table, name, files))]
    explicit = [n for n in namings if _share(n.files, is_picture_name) >= MIN_SHARE and any(n.files.values())]
    if explicit:
        return explicit
    num_pictures = sum(map(is_picture_name, opened.files))
    best = max(namings, key=_num_named, default=None)
    return [best] if best is not None and _num_named(best) >= MIN_SHARE * num_pictures else []


def _naming(connection: Connection, table: Path, name: str, files: FileNames) -> Naming | None:
    """What a column names, unless a look at its first rows shows that it names nothing."""
    sample = _values(connection, table, name, SAMPLE_ROWS)
    if (
        max(_share(sample, is_picture_name), _share(sample, lambda value: files.find(value) is not None))
        < MIN_SHARE
    ):
        return None
    return Naming(name, {value: files.find(value) for value in _values(connection, table, name)})


def _values(connection: Connection, table: Path, name: str, first_rows: int | None = None) -> list[str]:
    limit = f"LIMIT {first_rows}" if first_rows else ""
    column = duck.name(name)
    cells = f"(SELECT {column} FROM read_parquet({duck.text(table)}) WHERE {column} IS NOT NULL {limit})"
    return [str(row[0]) for row in connection.execute(f"SELECT DISTINCT {column} FROM {cells}").fetchall()]


def _share(values: Iterable[str], is_so: Callable[[str], bool]) -> float:
    found = [is_so(value) for value in values]
    return sum(found) / max(1, len(found))


def _num_named(naming: Naming) -> int:
    return len({file for file in naming.files.values() if file is not None})


def _readable(naming: Naming, found: Found) -> dict[str, str]:
    """The hash of each file that a column names and that is a picture."""
    named = set(naming.files.values())
    return {stored.name: stored.sha256 for stored in found.pictures if stored.name in named}


def _hashes(naming: Naming, found: Found) -> dict[str, str]:
    """The hash of the picture that each different cell names."""
    readable = _readable(naming, found)
    return {value: readable[file] for value, file in naming.files.items() if file in readable}


def _write_hashes(table: Path, hashes: dict[str, dict[str, str]]) -> None:
    """Puts a picture's hash in place of its name; a cell that names none becomes missing."""
    read = pq.read_table(table)
    for column, by_cell in hashes.items():
        places = pc.index_in(read[column].cast(pa.string()), pa.array(list(by_cell), pa.string()))
        values = pc.take(pa.array(list(by_cell.values()), pa.string()), places)
        read = read.set_column(read.schema.get_field_index(column), column, values)
    pq.write_table(read, table, compression="zstd")


def _as_hashes(stored: StoredTable, namings: Sequence[Naming]) -> StoredTable:
    """What is known of the table's storage, now that hashes stand in some columns."""
    named = {naming.column for naming in namings}
    columns = (
        replace(column, storage="string", date_format=None) if name in named else column
        for name, column in zip(stored.names, stored.columns, strict=True)
    )
    return replace(stored, columns=tuple(columns))


def _picture_column(naming: Naming, found: Found) -> PictureColumn:
    readable = _readable(naming, found)
    pictures = [stored.picture for stored in found.pictures if stored.name in readable]
    return PictureColumn(image.summary(pictures), tuple(list(readable)[:NUM_EXAMPLES]))


def _naming_problems(namings: Sequence[Naming], found: Found) -> list[Problem]:
    """Names without a file, files without a picture, and pictures that several files hold."""
    problems = []
    unusable = {*found.unreadable, *found.empty, *found.too_large, *found.other}
    for naming in namings:
        absent = sorted(value for value, file in naming.files.items() if file is None)
        bad = sorted({file for file in naming.files.values() if file is not None} & unusable)
        for code, names in (("named_absent", absent), ("named_unusable", bad)):
            if names:
                params = {"first": names[0][:80]}
                problems.append(
                    problem(code, "warning", params, column=naming.column, examples=names, count=len(names))
                )
    if len(namings) > 1:
        others = ", ".join(naming.column for naming in namings[1:])
        problems.append(problem("several_image_columns", "warning", {"others": others}, column=namings[0].column))
    num_repeated = len(found.pictures) - len({stored.sha256 for stored in found.pictures})
    if num_repeated:
        problems.append(problem("repeated_pictures", "info", {"of": len(found.pictures)}, count=num_repeated))
    return problems


def _rest_problems(opened: Opened, wanted: set[str]) -> list[Problem]:
    """Files that no row names."""
    rest = sorted(name for name in opened.files if name not in wanted and name != opened.table_name)
    unnamed = [name for name in rest if is_picture_name(name)]
    others = [name for name in rest if not is_picture_name(name)]
    found = (("unnamed_pictures", unnamed), ("other_files", others))
    return [problem(code, "info", examples=names, count=len(names)) for code, names in found if names]
