"""Reading a dataset back: its profile, its rows, and category values as one kind of string.

Light to import: the server does.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leyden.datasets.profile import ROW_ID, Profile
from leyden.errors import DataError
from leyden.home import Home

if TYPE_CHECKING:
    import pandas as pd

TABLE = "table.parquet"
PROFILE = "profile.json"


def load_profile(home: Home, dataset_id: str) -> Profile:
    """What is known of a dataset, with the inferred kinds.

    Raises:
        DataError: Its files are gone.
    """
    path = home.dataset(dataset_id) / PROFILE
    if not path.exists():
        raise DataError("dataset_files_missing", dataset=dataset_id)
    return Profile.model_validate_json(path.read_bytes())


def read_frame(
    home: Home, dataset_id: str, columns: Sequence[str] | None = None, row_ids: Sequence[int] | None = None
) -> "pd.DataFrame":
    """Rows of a dataset, index row id, in file order; image columns hold the SHA-256 of their medium.

    Args:
        home: The workspace.
        dataset_id: The dataset.
        columns: Which columns; None: all.
        row_ids: Which rows; None: all.
    """
    import pyarrow.parquet as parquet

    path = home.dataset(dataset_id) / TABLE
    if not path.exists():
        raise DataError("dataset_files_missing", dataset=dataset_id)
    wanted = None if columns is None else [*dict.fromkeys((*columns, ROW_ID))]
    filters = None if row_ids is None else [(ROW_ID, "in", list(row_ids))]
    frame: pd.DataFrame = parquet.read_table(path, columns=wanted, filters=filters).to_pandas().set_index(ROW_ID)
    return frame


def sample_rows(home: Home, dataset_id: str, num_rows: int) -> "pd.DataFrame":
    """The first rows of a dataset, without reading the others."""
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(home.dataset(dataset_id) / TABLE) as file:
        batch = next(file.iter_batches(batch_size=num_rows), None)
        schema = file.schema_arrow
    frame: pd.DataFrame = schema.empty_table().to_pandas() if batch is None else batch.to_pandas()
    return frame.set_index(ROW_ID)


def category_strings(values: "pd.Series") -> "pd.Series":
    """Values as the strings that name categories; training and prediction must agree on them.

    1, 1.0 and "1" are equal, as are True, "True" and "true"; text is trimmed; blanks and missing values are NA.
    """
    import pandas as pd

    strings = values.map(_category, na_action="ignore")
    return pd.Series(strings, index=values.index, dtype="string", name=values.name)


def _category(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    if text in ("True", "False"):
        return text.lower()
    if text.endswith(".0") and text[:-2].lstrip("-").isdigit():
        return text[:-2]
    return text or None
