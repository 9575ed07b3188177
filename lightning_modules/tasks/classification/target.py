"""What the training rows say of a classification's target. No torch: networks and baselines share it."""

import pandas as pd

from leyden.datasets.order import in_order
from leyden.datasets.read import category_strings
from leyden.errors import RunError


def find_classes(values: pd.Series) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Classes of the training rows, in the order of the outputs, and the number of rows of each.

    Raises:
        RunError: There are fewer than two classes.
    """
    counts = category_strings(values).value_counts()
    classes = in_order(counts.index)
    if len(classes) < 2:
        found = classes[0] if classes else None
        raise RunError("one_class", column=str(values.name), found=found)
    return classes, tuple(int(counts[name]) for name in classes)
