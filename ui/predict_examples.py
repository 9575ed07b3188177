"""Rows of the data to try a model with: validation rows, which it was not trained on; test rows stay sealed."""

import random
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from leyden.errors import LeydenError
from leyden.prediction.signature import Signature
from leyden.store.records import Run
from ui import state
from ui.address import whole
from ui.format import number
from ui.predict_ask import forget_answers

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


class Example(NamedTuple):
    """A row of the data: its values as a request carries them (of pictures, the SHA-256), and its target."""

    row_id: int
    values: dict[str, Any]
    truth: str | None


def example_here(run: Run, signature: Signature) -> Example | None:
    """The row that the page's address names, if it is one that may be shown."""
    row_id = whole(state.parameter("row"))
    if row_id is None or row_id not in _rows(run):
        return None
    columns = tuple(column.name for column in signature.columns)
    is_number = signature.classes is None
    return _read(str(state.home().root), run.dataset_id, row_id, columns, run.target, is_number)


def has_examples(run: Run) -> bool:
    """Whether there are rows to try the model with."""
    return len(_rows(run)) > 0


def take_example(run: Run) -> None:
    """Another row, at random, in the page's address; what was answered before is of another row, and goes."""
    rows = _rows(run)
    forget_answers()
    state.set_parameter("typed", None)
    state.set_parameter("row", str(rows[random.randrange(len(rows))]))


def _rows(run: Run) -> "np.ndarray":
    return _validation_rows(str(state.home().root), run.split_hash)


@lru_cache(maxsize=16)
def _validation_rows(root: str, split_hash: str) -> "np.ndarray":
    # `root` only tells the entries apart.
    import numpy as np

    from leyden.datasets.splits import read_split

    try:
        split = read_split(state.home(), split_hash)
    except (LeydenError, OSError):
        return np.empty(0, dtype=np.int64)
    return split.index[split["part"] == "val"].to_numpy()


@lru_cache(maxsize=64)
def _read(
    root: str, dataset_id: str, row_id: int, columns: tuple[str, ...], target: str, is_number: bool
) -> Example | None:
    from leyden.datasets.read import read_frame

    try:
        frame = read_frame(state.home(), dataset_id, columns=[*columns, target], row_ids=[row_id])
    except LeydenError:
        return None
    if frame.empty:
        return None
    row = frame.iloc[0]
    return Example(row_id, {name: _plain(row[name]) for name in columns}, _truth(frame[target], is_number))


def _truth(values: "pd.Series", is_number: bool) -> str | None:
    from leyden.datasets.read import category_strings, number_values

    if is_number:
        return number(float(number_values(values).iloc[0]))
    name = category_strings(values).iloc[0]
    return str(name) if isinstance(name, str) else None


def _plain(value: Any) -> Any:
    import pandas as pd

    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return value.item() if hasattr(value, "item") else value
