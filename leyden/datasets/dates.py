"""How dates are written: the formats known, and which one a column keeps to."""

import re

from leyden.datasets import duck
from leyden.datasets.duck import Connection

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


def find_format(connection: Connection, values: list[str]) -> str | None:
    """The format that reads most of these values as dates, None when none reads nearly all of them.

    Where day and month could be either: of several years, the first of each month; else the one that varies more
    is the day; else the month comes first.
    """
    num_dated = sum(LOOKS_LIKE_DATE.fullmatch(value) is not None for value in values)
    if not values or num_dated < MIN_SHARE * len(values):
        return None
    counts = ", ".join(_count(parse("v", date_format)) for date_format in FORMATS)
    row = connection.execute(f"SELECT {counts} FROM (SELECT unnest(?::VARCHAR[]) AS v)", [values]).fetchone()
    assert row is not None
    scores = []
    for i, (num_read, num_days, num_years) in enumerate(zip(row[0::3], row[1::3], row[2::3], strict=True)):
        scores.append((num_read, num_days == 1 and num_years > 1, num_days, -i))
    num_read, *_, index = max(scores)
    return FORMATS[-index] if num_read >= MIN_SHARE * len(values) else None


def _count(date: str) -> str:
    return f"count({date}), count(DISTINCT day({date})), count(DISTINCT year({date}))"
