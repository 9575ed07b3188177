"""The rows of a run's parts, as frames."""

import pandas as pd

from leyden.datasets.profile import Part
from leyden.datasets.read import read_frame
from leyden.datasets.splits import read_split
from leyden.home import Home
from leyden.spec.model import Data


def read_part(home: Home, data: Data, split_hash: str, part: Part, extra: tuple[str, ...] = ()) -> pd.DataFrame:
    """The rows of one part with a target, in row order: inputs, target, and `extra` columns; the index is row ids.

    A separate test dataset's rows with a target are the test part, instead of the split's.
    """
    columns = [*data.inputs, data.target, *extra]
    if part == "test" and data.test_dataset is not None:
        frame = read_frame(home, data.test_dataset, columns=columns)
        return frame[frame[data.target].notna()]
    split = read_split(home, split_hash)
    row_ids = split.index[split["part"] == part].tolist()
    return read_frame(home, data.dataset, columns=columns, row_ids=row_ids)
