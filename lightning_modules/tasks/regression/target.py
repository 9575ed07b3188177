"""What the training rows say of a regression's target. No torch: networks and baselines share it."""

import numpy as np
import pandas as pd

from leyden.errors import RunError


def as_numbers(values: pd.Series) -> np.ndarray:
    """Values as float64; NaN where there is no finite number."""
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def known_numbers(values: pd.Series) -> np.ndarray:
    """The numbers among the values of the training rows.

    Raises:
        RunError: No training row has a number.
    """
    numbers = as_numbers(values)
    numbers = numbers[~np.isnan(numbers)]
    if not len(numbers):
        raise RunError("no_numbers", column=str(values.name))
    return numbers
