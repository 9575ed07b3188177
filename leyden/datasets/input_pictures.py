"""The pictures that a table brought for prediction names: beside it in its archive or folder, or on its disk."""

from pathlib import Path

import pandas as pd

from leyden.datasets.duck import no_tick
from leyden.datasets.file_names import FileNames
from leyden.datasets.image import inspect
from leyden.datasets.image_folder import collect_pictures
from leyden.datasets.opening import Opened
from leyden.errors import DataError


def fetch_named(opened: Opened, names: pd.Series, media: Path) -> pd.Series:
    """Paths of the pictures that a column names; None where a picture is missing or cannot be read.

    As in training, such a row is no mistake: the model sees a blank picture there.

    Args:
        opened: The source of the table.
        names: The column, as it is written in the table.
        media: A folder for the pictures.

    Raises:
        DataError: The column names pictures, but none of them can be read.
    """
    written = [str(name) for name in names.dropna().unique()]
    found = _from_archive(opened, written, media) if opened.images_format else _from_disk(opened.source, written)
    if written and not found:
        raise DataError("named_pictures_missing", column=str(names.name), first=written[0])
    return pd.Series([found.get(str(name)) for name in names], index=names.index, name=names.name, dtype=object)


def _from_archive(opened: Opened, written: list[str], media: Path) -> dict[str, str]:
    assert opened.images_format is not None
    files = FileNames((file for file in opened.files if file != opened.table_name), opened.table_name)
    file_of = {name: files.find(name) for name in written}
    wanted = {file for file in file_of.values() if file is not None}
    found = collect_pictures(opened.source, opened.images_format, media, no_tick, wanted)
    paths = {stored.name: str(media / stored.sha256) for stored in found.pictures}
    return {name: paths[file] for name, file in file_of.items() if file in paths}


def _from_disk(table: Path, written: list[str]) -> dict[str, str]:
    """Files by their paths relative to the table: none from elsewhere, whoever wrote the table."""
    folder = table.resolve().parent
    paths = {name: (folder / name.replace("\\", "/")).resolve() for name in written}
    inside = {name: path for name, path in paths.items() if path.is_relative_to(folder) and path.is_file()}
    return {name: str(path) for name, path in inside.items() if _is_picture(path)}


def _is_picture(path: Path) -> bool:
    try:
        inspect(path)
    except DataError:
        return False
    return True
