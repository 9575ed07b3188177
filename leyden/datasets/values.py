"""What a cell means, decided in one place: training, profile and prediction must agree on it."""

import datetime as dt
import math
import re

import numpy as np
import pandas as pd

from leyden.datasets.missing import BLANKS

LARGEST_PLAIN = 1e15
WHOLE = re.compile(r"-?(0|[1-9]\d*)\.0")


def canonical(value: object) -> str:
    """A value as a category is called: whole numbers without a point, "true" and "false", text trimmed."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < LARGEST_PLAIN else repr(value)
    if isinstance(value, (dt.datetime, pd.Timestamp)):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    text = str(value).strip(BLANKS)
    if text in ("True", "False", "TRUE", "FALSE"):
        return text.lower()
    return text[:-2] if WHOLE.fullmatch(text) else text


def category_strings(series: pd.Series) -> pd.Series:
    """The names of a column's categories; training and prediction must agree on them.

    1, 1.0, "1" and "1.0" are equal, as are True, "True" and "true"; text is trimmed, but "007" stays what it is.

    Returns:
        `string` with the same index; missing values and blank text are NA.
    """
    if series.dtype == object:  # True, 1 and 1.0 are one key to pandas
        names = [None if pd.isna(value) else _name(value) for value in series]
        return pd.Series(names, index=series.index, name=series.name, dtype="string")
    codes, distinct = pd.factorize(series, use_na_sentinel=True)
    known = pd.Series([*map(_name, distinct.tolist()), None], dtype="string")
    return pd.Series(known.array.take(codes), index=series.index, name=series.name)


def text_strings(series: pd.Series) -> list[str]:
    """The texts of a column; training and prediction must agree on them. A missing text is an empty one."""
    is_missing = series.isna().tolist()
    return [
        "" if missing else value if isinstance(value, str) else canonical(value)
        for missing, value in zip(is_missing, series.tolist(), strict=True)
    ]


def number_values(series: pd.Series) -> pd.Series:
    """A column as finite float64; what is missing or not a number is NaN."""
    numbers = pd.to_numeric(series, errors="coerce").astype("float64")
    return numbers.where(numbers.abs() < math.inf)


def date_values(series: pd.Series) -> pd.DatetimeIndex:
    """A column as moments in UTC without a zone; NaT where there is no date. Text is read as ISO 8601."""
    dates = series
    if not pd.api.types.is_datetime64_any_dtype(series):
        # A format is named, or pandas takes the first row's for all: then days beside moments would go missing.
        dates = pd.to_datetime(series, errors="coerce", utc=True, format="ISO8601")
    moments = pd.DatetimeIndex(dates)
    return moments.tz_convert("UTC").tz_localize(None) if moments.tz is not None else moments


def seconds_of(moments: pd.DatetimeIndex) -> np.ndarray:
    """Seconds since 1970, (N,) float64; NaN for NaT. Nanoseconds, as a difference has them, end in the year 2262."""
    return np.where(moments.isna(), np.nan, moments.as_unit("us").asi8 / 1e6)


def _name(value: object) -> str | None:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return canonical(value) or None
