"""Date and time columns: what they look like, and what is said of them."""

from datetime import UTC, datetime, timedelta

from leyden.datasets import dates
from leyden.datasets.facts import ColumnFacts
from leyden.datasets.profile import DateSummary
from leyden.messages.render import Message

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WORDS = {"%Y": "year", "%y": "year", "%m": "month", "%b": "month", "%B": "month", "%d": "day"}


def reason(facts: ColumnFacts) -> Message | None:
    """Why a column is a date column, None when it is not."""
    if facts.storage != "datetime":
        return None
    if facts.date_format is None:
        return Message(code="kind_timestamp")
    return Message(code="kind_date", params={"format": describe(facts.date_format)})


def describe(date_format: str) -> str:
    """A format as people say it: "day/month/year"."""
    if date_format == dates.ISO:
        return "year-month-day"
    day = date_format.split(" %H")[0].split(" %I")[0]
    for code, word in WORDS.items():
        day = day.replace(code, word)
    return day


def summary(facts: ColumnFacts) -> DateSummary | None:
    """Range and distribution of the dates."""
    if facts.dates is None:
        return None
    return DateSummary(
        earliest=_iso(facts.dates.minimum), latest=_iso(facts.dates.maximum), histogram=facts.dates.histogram
    )


def _iso(seconds: float) -> str:
    return (EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()
