"""What the training rows say of a classification's target. No torch: networks and baselines share it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leyden.datasets.order import in_order
from leyden.datasets.read import category_strings
from leyden.errors import RunError

YES = {"1", "true", "yes", "y", "positive", "是", "有"}
NO = {"0", "-1", "false", "no", "n", "negative", "否", "不是", "非", "无", "没有"}
RARE = 0.4
"""Share of the rows below which one of two classes is the rare one, however the rows are split."""


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


def find_positive(classes: Sequence[str], class_counts: Sequence[int]) -> int:
    """Place of the class that is looked for, of two.

    The one that says yes where the other says no; else the rarer one, as in fraud, illness or spam, whatever it is
    called; else, where both are about as frequent, the second one, as scikit-learn has it.

    Args:
        classes: Their names.
        class_counts: Training rows of each.
    """
    first, second = (name.strip().casefold() for name in classes)
    if (first in YES and second in NO) or (first in NO and second in YES):
        return 0 if first in YES else 1
    return 0 if class_counts[0] < RARE * sum(class_counts) else 1


def name_answers(probabilities: np.ndarray, classes: Sequence[str]) -> np.ndarray:
    """The most probable class of each row.

    Args:
        probabilities: (N, C).
        classes: Names of the C classes.

    Returns:
        (N,) names; None where a probability is not a number.
    """
    names = np.array(classes, dtype=object)[np.nan_to_num(probabilities, nan=-1.0).argmax(axis=1)]
    names[~np.isfinite(probabilities).all(axis=1)] = None
    return names
