"""Number columns as tensors: gaps filled, then scaled; both as the training rows say."""

import math
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from leyden.datasets import profile
from leyden.datasets.read import number_values
from leyden.errors import DataError
from leyden.messages.render import Param
from leyden.prediction.signature import InputColumn
from leyden.records import Record
from leyden.spec.model import Numbers, Preparation
from lightning_modules.data.kinds import Scalar
from lightning_modules.data.unseen import Unseen

HOLDS_FILES = False
SIZE_IS_LEARNT = False

LARGEST = 1e30
"""Values are clipped here: their squares still fit into float64."""

MAX_QUANTILES = 1000
ROUNDING = 1e-6
"""Values this close to what was seen, relatively, were seen."""

EDGE = 1e-7
"""Ranks 0 and 1 would become infinite; scikit-learn's QuantileTransformer keeps the same distance from them."""


class Seen(Record):
    """Smallest, middle and largest of the training rows' values."""

    low: float
    median: float
    high: float


class NumberColumn(Record):
    """A fitted number column: (N, 1) float32, or (N, 2) with 'was missing' beside it.

    A linear scaling is `(value - shift) / scale`; quantile scaling looks ranks up in `quantiles` and turns them
    into the values that a normal distribution has at these ranks.
    """

    tensor: ClassVar[str] = "numbers"

    kind: Literal["number"] = "number"
    name: str
    fill: float = 0.0
    has_gaps: bool = False
    shift: float = 0.0
    scale: float = 1.0
    quantiles: tuple[float, ...] | None = None
    seen: Seen | None = None
    """What training rows held; None in models of before this was kept, and where none had a number."""

    @classmethod
    def fit(cls, values: pd.Series, options: Preparation) -> "NumberColumn":
        """Learns fill and scale from the column's training rows."""
        cls.check(values)
        return fit_numbers(str(values.name), to_floats(values), options.numbers)

    @classmethod
    def outline(cls, column: profile.Column, options: Preparation) -> "NumberColumn":
        """A column of the right width, from what the profile knows; it is not for transforming."""
        return cls(name=column.name, has_gaps=column.num_missing + column.num_not_numeric > 0)

    @staticmethod
    def check(values: pd.Series) -> None:
        """Looks at a whole column: a few values of it may all be mistakes.

        Raises:
            DataError: It has values, but none is a number.
        """
        if values.notna().any() and np.isnan(to_floats(values)).all():
            # A wrong decimal mark, or another column under this name: guessing fills for all would hide it.
            raise DataError("no_value_is_number", column=str(values.name), found=str(values.dropna().iloc[0]))

    @property
    def width(self) -> int:
        """Columns of the tensor."""
        return 1 + self.has_gaps

    def describe(self) -> InputColumn:
        """What a person who types a row is told."""
        seen = self.seen
        return InputColumn(
            name=self.name,
            kind=self.kind,
            has_gaps=self.has_gaps,
            low=seen.low if seen else None,
            high=seen.high if seen else None,
            # The middle of two numbers may have a last digit that nobody wrote.
            default=float(f"{seen.median if seen else self.fill:.15g}"),
        )

    def unseen(self, values: pd.Series) -> list[Unseen]:
        """Values unlike all that training rows held."""
        numbers = to_floats(values)
        is_missing = values.isna().to_numpy()
        found = [Unseen("number_unreadable", self.name, np.isnan(numbers) & ~is_missing, values)]
        if not self.has_gaps:
            found.append(Unseen("number_missing", self.name, is_missing, values, {"fill": self.fill}))
        if self.seen:
            bounds: dict[str, Param] = {"low": self.seen.low, "high": self.seen.high}
            # As numbers, whatever they were written as: they are told like the bounds beside them.
            read = pd.Series(numbers)
            # A single-precision copy of the largest value is not beyond it.
            low, high = (
                self.seen.low - ROUNDING * abs(self.seen.low),
                self.seen.high + ROUNDING * abs(self.seen.high),
            )
            found.append(Unseen("number_below", self.name, numbers < low, read, bounds))
            found.append(Unseen("number_above", self.name, numbers > high, read, bounds))
        return found

    def transform(self, values: pd.Series) -> np.ndarray:
        """The scaled values; what is no number counts as missing."""
        return self.scaled(to_floats(values))

    def scaled(self, numbers: np.ndarray) -> np.ndarray:
        """(N,) float64 with NaN for gaps as (N, width) float32."""
        is_missing = np.isnan(numbers)
        filled = np.where(is_missing, self.fill, numbers)
        columns = [self._scale(filled)]
        if self.has_gaps:
            columns.append(is_missing)
        return np.stack(columns, axis=1).astype(np.float32)

    def _scale(self, numbers: np.ndarray) -> np.ndarray:
        if self.quantiles is None:
            return (numbers - self.shift) / self.scale
        from scipy.special import ndtri

        quantiles = np.asarray(self.quantiles)
        ranks = np.linspace(0, 1, len(quantiles))
        # From both sides, so that a value which many rows share gets the middle of its ranks.
        below = np.interp(numbers, quantiles, ranks)
        above = 1 - np.interp(-numbers, -quantiles[::-1], ranks)
        return np.asarray(ndtri(np.clip((below + above) / 2, EDGE, 1 - EDGE)))


def from_json(value: Scalar, *, column: str, row: int) -> object:
    """A number, which may be written as a text."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if int(value) > 0 else -math.inf
    except ValueError:
        return value


def to_floats(values: pd.Series) -> np.ndarray:
    """A column as float64, NaN where there is no number."""
    return np.clip(number_values(values).to_numpy(), -LARGEST, LARGEST)


def fit_numbers(name: str, numbers: np.ndarray, options: Numbers) -> NumberColumn:
    """Learns fill and scale from training rows, NaN where they have gaps."""
    known = numbers[~np.isnan(numbers)]
    has_gaps = len(known) < len(numbers)
    if not len(known):
        return NumberColumn(name=name, has_gaps=has_gaps)
    fill = {"median": float(np.median(known)), "mean": float(known.mean()), "zero": 0.0}[options.impute]
    scaling = _fit_scaling(np.where(np.isnan(numbers), fill, numbers), options.scaling)
    seen = Seen(low=float(known.min()), median=float(np.median(known)), high=float(known.max()))
    return NumberColumn(name=name, fill=fill, has_gaps=has_gaps, seen=seen, **scaling)


def _fit_scaling(numbers: np.ndarray, scaling: str) -> dict[str, Any]:
    low, high, mean = float(numbers.min()), float(numbers.max()), float(numbers.mean())
    match scaling:
        case "standard":
            return {"shift": mean, "scale": _spread(float(numbers.std()), mean)}
        case "minmax":
            return {"shift": low, "scale": _spread(high - low, low)}
        case "symmetric":
            return {"shift": (low + high) / 2, "scale": _spread((high - low) / 2, low)}
        case "quantile":
            ranks = np.linspace(0, 1, min(MAX_QUANTILES, max(2, len(numbers))))
            # Values that occur, not values between them: rounding would tear rows of equal values apart.
            return {"quantiles": tuple(np.quantile(numbers, ranks, method="nearest").tolist())}
        case _:
            return {}


def _spread(spread: float, level: float) -> float:
    """1 for a constant column, whose computed spread may be a rounding error instead of 0."""
    return spread if spread > 1e-12 * max(1e-12, abs(level)) else 1.0


COLUMN = NumberColumn
