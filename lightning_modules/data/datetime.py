"""Date columns as tensors: a trend, calendar parts, and where in the year, month, week and day a moment lies."""

from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from leyden.datasets import profile
from leyden.datasets.values import date_values, seconds_of
from leyden.errors import DataError
from leyden.messages.render import Param
from leyden.prediction.signature import InputColumn
from leyden.records import Record
from leyden.spec.model import Preparation
from lightning_modules.data.kinds import Scalar
from lightning_modules.data.number import NumberColumn, Seen, fit_numbers
from lightning_modules.data.unseen import Unseen

HOLDS_FILES = False
SIZE_IS_LEARNT = False

PARTS: Mapping[str, Callable[[pd.DatetimeIndex], pd.Index]] = {
    "year": lambda moments: moments.year,
    "month": lambda moments: moments.month,
    "day": lambda moments: moments.day,
    "weekday": lambda moments: moments.day_of_week,
    "hour": lambda moments: moments.hour,
}
PERIODS = {"month": 12, "day": 31, "weekday": 7, "hour": 24}
"""Parts that come round again: December lies beside January, which a plain number would hide."""
DAY_S = 86_400


class DatetimeColumn(Record):
    """A fitted date column: (N, width) float32.

    The moment in seconds and the parts are numbers like any other, scaled as number columns are; the parts that
    come round again are added as sine and cosine. Moments with a zone are read as UTC.
    """

    tensor: ClassVar[str] = "numbers"

    kind: Literal["datetime"] = "datetime"
    name: str
    moment: NumberColumn
    parts: tuple[NumberColumn, ...]

    @classmethod
    def fit(cls, values: pd.Series, options: Preparation) -> "DatetimeColumn":
        """Learns fills and scales from the column's training rows."""
        cls.check(values)
        moments = date_values(values)
        parts = (
            # One 'was missing' for the whole date is enough: the moment's.
            fit_numbers(name, part, options.numbers).model_copy(update={"has_gaps": False})
            for name, part in _parts(moments).items()
        )
        return cls(
            name=str(values.name),
            moment=fit_numbers("moment", seconds_of(moments), options.numbers),
            parts=tuple(parts),
        )

    @classmethod
    def outline(cls, column: profile.Column, options: Preparation) -> "DatetimeColumn":
        """A column of the right width, from what the profile knows; it is not for transforming."""
        moment = NumberColumn(name="moment", has_gaps=column.num_missing > 0)
        return cls(name=column.name, moment=moment, parts=tuple(NumberColumn(name=part) for part in PARTS))

    @staticmethod
    def check(values: pd.Series) -> None:
        """Looks at a whole column: a few values of it may all be mistakes.

        Raises:
            DataError: It has values, but none is a date.
        """
        if values.notna().any() and date_values(values).isna().all():
            raise DataError("no_value_is_date", column=str(values.name), found=str(values.dropna().iloc[0]))

    @property
    def width(self) -> int:
        """Columns of the tensor."""
        return self.moment.width + len(PARTS) + 2 * len(PERIODS)

    def describe(self) -> InputColumn:
        """What a person who types a row is told."""
        seen = self.moment.seen
        low, default, high = (_iso(seen.low), _iso(_middle(seen)), _iso(seen.high)) if seen else (None, None, None)
        has_gaps = self.moment.has_gaps
        return InputColumn(
            name=self.name, kind=self.kind, has_gaps=has_gaps, earliest=low, latest=high, default=default
        )

    def unseen(self, values: pd.Series) -> list[Unseen]:
        """Values unlike all that training rows held."""
        seconds, is_missing = seconds_of(date_values(values)), values.isna().to_numpy()
        found = [Unseen("date_unreadable", self.name, np.isnan(seconds) & ~is_missing, values)]
        if not self.moment.has_gaps:
            found.append(Unseen("date_missing", self.name, is_missing, values))
        if seen := self.moment.seen:
            bounds: dict[str, Param] = {"low": _iso(seen.low), "high": _iso(seen.high)}
            found.append(Unseen("date_before", self.name, seconds < seen.low, values, bounds))
            found.append(Unseen("date_after", self.name, seconds > seen.high, values, bounds))
        return found

    def transform(self, values: pd.Series) -> np.ndarray:
        """The scaled moment and parts, then sines and cosines; what is no date counts as missing."""
        moments = date_values(values)
        parts = _parts(moments) | self._constant(moments)
        blocks = [self.moment.scaled(self._seconds(moments))]
        blocks += [column.scaled(parts[column.name]) for column in self.parts]
        for name, period in PERIODS.items():
            angle = 2 * np.pi * np.nan_to_num(parts[name]) / period
            is_known = ~np.isnan(parts[name])
            blocks.append(np.stack([np.sin(angle) * is_known, np.cos(angle) * is_known], axis=1))
        return np.concatenate(blocks, axis=1).astype(np.float32)

    def _seconds(self, moments: pd.DatetimeIndex) -> np.ndarray:
        """The moments, where training rows had more than one."""
        seconds, seen = seconds_of(moments), self.moment.seen
        return np.where(np.isnan(seconds), np.nan, seen.low) if seen and seen.low == seen.high else seconds

    def _constant(self, moments: pd.DatetimeIndex) -> dict[str, np.ndarray]:
        """The parts that were one and the same in training, as they were then.

        Of days alone the hour is 0. No weight has learnt what another one means: it would be a random answer.
        """
        seen = {part.name: part.seen for part in self.parts if part.seen is not None}
        is_known = np.asarray(moments.notna())
        return {name: np.where(is_known, part.low, np.nan) for name, part in seen.items() if part.low == part.high}


def from_json(value: Scalar, *, column: str, row: int) -> object:
    """A date as text, ISO 8601. A bare number would be taken for nanoseconds."""
    return str(value)


def _iso(seconds: float) -> str:
    """A moment as ISO 8601: the day alone at midnight."""
    return str(pd.Timestamp(round(seconds), unit="s").isoformat(sep=" ")).removesuffix(" 00:00:00")


def _middle(seen: Seen) -> float:
    """The median in seconds; among days a day, where it may be the noon between two of them."""
    are_days = seen.low % DAY_S == 0 and seen.high % DAY_S == 0
    return seen.median // DAY_S * DAY_S if are_days else seen.median


def _parts(moments: pd.DatetimeIndex) -> dict[str, np.ndarray]:
    return {name: np.asarray(part(moments), dtype=np.float64) for name, part in PARTS.items()}


COLUMN = DatetimeColumn
