"""Reading datasets: profiles, rows as pandas frames, thumbnails. Light enough for the server to import."""

import uuid
from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from leyden.datasets.profile import ROW_ID, Profile
from leyden.datasets.values import category_strings as category_strings
from leyden.datasets.values import number_values as number_values
from leyden.errors import DataError
from leyden.home import Home

THUMBNAIL_SIZES = (32, 64, 96, 128, 256, 512)


def load_profile(home: Home, dataset_id: str) -> Profile:
    """The profile of a dataset, with the kinds that were inferred.

    Raises:
        DataError: Its files are not there.
    """
    path = home.dataset(dataset_id) / "profile.json"
    try:
        return Profile.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError("dataset_files_missing", dataset=dataset_id) from None


def read_frame(
    home: Home,
    dataset_id: str,
    columns: Sequence[str] | None = None,
    row_ids: Collection[int] | None = None,
) -> pd.DataFrame:
    """Rows of a dataset, in row order.

    Args:
        columns: Which columns, in this order; None is all, the hidden ones left out.
        row_ids: Which rows, in any order; None is all.

    Returns:
        A frame whose index, `__row_id`, is int64. Numbers are int64 or float64 (integers with gaps are float64),
        text is `str`, dates datetime64, booleans bool (object where there are gaps). Columns of images hold the
        SHA-256 of each.

    Raises:
        DataError: The dataset's files are not there, or it has no such column.
    """
    if columns is None:
        columns = [column.name for column in load_profile(home, dataset_id).columns]
    table = _dataset(home, dataset_id)
    unknown = [name for name in columns if name not in table.schema.names]
    if unknown:
        raise DataError("column_unknown", column=unknown[0], columns=", ".join(table.schema.names[1:21]))
    chosen = None if row_ids is None else ds.field(ROW_ID).isin(pa.array(list(row_ids), pa.int64()))
    read = table.to_table(columns=[ROW_ID, *(name for name in columns if name != ROW_ID)], filter=chosen)
    frame = read.sort_by(ROW_ID).to_pandas().set_index(ROW_ID, drop=ROW_ID not in columns)
    return frame[list(columns)]


def sample_rows(home: Home, dataset_id: str, num_rows: int) -> pd.DataFrame:
    """The first rows of a dataset, with all visible columns; the others are not read."""
    names = [column.name for column in load_profile(home, dataset_id).columns]
    table = _dataset(home, dataset_id).head(num_rows, columns=[ROW_ID, *names])
    return table.to_pandas().set_index(ROW_ID)


def thumbnail(home: Home, sha256: str, size: int) -> Path:
    """A JPEG of a picture that fits into a square of about `size` pixels, made when first asked for.

    Raises:
        DataError: There is no such picture.
    """
    size = next((known for known in THUMBNAIL_SIZES if known >= size), THUMBNAIL_SIZES[-1])
    target = home.cache / "thumbnails" / str(size) / sha256[:2] / f"{sha256}.jpg"
    if not target.exists():
        _make_thumbnail(home.media_file(sha256), target, size)
    return target


def _make_thumbnail(source: Path, target: Path, size: int) -> None:
    from leyden.datasets.image import small_jpeg

    if not source.is_file():
        raise DataError("picture_missing", picture=source.name)
    small = small_jpeg(source, size)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{uuid.uuid4().hex}")
    part.write_bytes(small)
    part.replace(target)


def _dataset(home: Home, dataset_id: str) -> ds.Dataset:
    path = home.dataset(dataset_id) / "table.parquet"
    if not path.is_file():
        raise DataError("dataset_files_missing", dataset=dataset_id)
    return ds.dataset(path, format="parquet")
