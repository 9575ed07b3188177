"""How dates are written: the formats known, and which one a column keeps to."""

import contextlib
import re
from collections.abc import Sequence
from datetime import datetime

from leyden.datasets import duck

ISO = "iso"
"""Year-month-day, with or without time and offset; times with an offset become UTC."""

DAYS = (
    "%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y.%m.%d", "%Y年%m月%d日",
    "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%d-%b-%Y", "%d/%b/%Y",
    "%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%d-%b-%y",
)  # fmt: skip
TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
MONTHS = ("%Y-%m", "%b-%Y", "%b %Y", "%B %Y", "%Y年%m月")
FORMATS = (ISO, *(day + time for day in DAYS for time in TIMES), *MONTHS)

LOOKS_LIKE_DATE = re.compile(r"(?=.*\d)(?=.*[-/.年 ]).{6,40}")
SAMPLE = 500
MIN_SHARE = 0.95
"""A column holds dates when at least this share of its values are; the others count as missing."""

ISO_PATTERN = r"\d{4}-\d{1,2}-\d{1,2}.*"


def parse(cell: str, date_format: str) -> str:
    """SQL that reads a text cell as a timestamp, NULL where it is none."""
    if date_format == ISO:
        pattern = duck.text(ISO_PATTERN)
        return f"CASE WHEN regexp_full_match({cell}, {pattern}) THEN TRY_CAST({cell} AS TIMESTAMP) END"
    parsed = f"try_strptime({cell}, {duck.text(date_format)})"
    # '%Y' also takes '21' for the year 21.
    return f"CASE WHEN year({parsed}) >= 1000 THEN {parsed} END" if "%Y" in date_format else parsed


def find_format(values: Sequence[str]) -> str | None:
    """The format that reads nearly all of these values as dates, None when none does.

    Where day and month could be either: of several years, the first of each month; else the one that varies more
    is the day; else the month comes first.
    """
    allowed = int((1 - MIN_SHARE) * len(values))
    if sum(LOOKS_LIKE_DATE.fullmatch(value) is None for value in values) > allowed:
        return None
    scores = []
    for i, date_format in enumerate(FORMATS):
        read = _read(values, date_format, allowed)
        if read:
            days, years = {date.day for date in read}, {date.year for date in read}
            scores.append((len(read), len(days) == 1 and len(years) > 1, len(days), -i))
    return FORMATS[-max(scores)[-1]] if scores else None


def _read(values: Sequence[str], date_format: str, allowed: int) -> list[datetime]:
    """The values as dates, none at all once more than `allowed` of them are not."""
    read = []
    for index, value in enumerate(values):
        with contextlib.suppress(ValueError):
            read.append(_read_iso(value) if date_format == ISO else datetime.strptime(value, date_format))
        if index + 1 - len(read) > allowed:
            return []
    return read


def _read_iso(value: str) -> datetime:
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})([T ].*)?", value)
    if match is None:
        raise ValueError(value)
    year, month, day = (int(match[group]) for group in (1, 2, 3))
    return datetime(year, month, day)
