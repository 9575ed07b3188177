"""How numbers, sizes, times and names are written: the one place, so that a figure looks alike on every page."""

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime
from html import escape
from typing import TypeVar

from leyden.reports.numbers import NBSP, percent_text
from leyden.store.records import Dataset
from ui.words import _, count

K = TypeVar("K", bound=Hashable)
_MARKDOWN = re.compile(
    r"[\\`*\[\]~<>$:&]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # Within a word it stands for itself,
    r"|(?<!\d)\.|\.(?!\d)"  # as does a point within a number; elsewhere it makes links and numbered lists.
    r"|^[#+\-=>]|(?<=\d)\)"
)


def number(value: float | int | None, missing: str = "–") -> str:
    """A number with thousands separated and at most four significant digits: "1,234", "0.9712", "3e-7"."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return missing
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e15):
        return f"{int(value):,}".replace("-", "−")
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace("-", "−")
    text = f"{value:.4g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        return f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")


def percent(fraction: float | None, missing: str = "–") -> str:
    """A share: "3.2 %", "100 %"; a share that is not quite nothing or everything never reads as such."""
    if fraction is None or math.isnan(fraction):
        return missing
    return percent_text(fraction)


def size(num_bytes: float | None, missing: str = "–") -> str:
    """A size in decimal units: "512 B", "4.2 MB"."""
    if num_bytes is None:
        return missing
    value = float(num_bytes)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 999.5 or unit == "TB":
            text = f"{value:.0f}" if unit == "B" or value >= 100 else f"{value:.1f}".removesuffix(".0")
            return f"{text}{NBSP}{unit}"
        value /= 1000
    raise AssertionError("unreachable")


def duration(seconds: float | None, missing: str = "–") -> str:
    """A span in its two largest units: "0.8 s", "45 s", "3 min 20 s", "2 h 5 min", "3 d 4 h"."""
    if seconds is None:
        return missing
    if seconds < 9.95:
        return f"{max(seconds, 0.0):.1f}".removesuffix(".0") + f"{NBSP}s"
    total = round(seconds)
    units = ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s"))
    for large, large_name, small, small_name in units:
        if total >= large:
            rest = total % large // small
            head = f"{total // large}{NBSP}{large_name}"
            return f"{head} {rest}{NBSP}{small_name}" if rest else head
    return f"{total}{NBSP}s"


def ago(moment: float | None, now: float | None = None) -> str:
    """How long ago a time (Unix seconds) was, in words: "just now", "3 min ago", "2 days ago"."""
    if moment is None:
        return "–"
    seconds = (time.time() if now is None else now) - moment
    if seconds < 10:
        return _("just now")
    if seconds < 60:
        return _("{n} s ago").format(n=int(seconds))
    if seconds < 3600:
        return _("{n} min ago").format(n=int(seconds // 60))
    if seconds < 86_400:
        return _("{n} h ago").format(n=int(seconds // 3600))
    days = int(seconds // 86_400)
    if days < 60:
        return _("{time} ago").format(time=count(days, "day", "days"))
    months = days // 30
    if months < 24:
        return _("{time} ago").format(time=count(months, "month", "months"))
    return _("{time} ago").format(time=count(days // 365, "year", "years"))


def exact(moment: float | None) -> str:
    """A time (Unix seconds) to the second in the server's time zone: "2026-11-21 22:40:05"."""
    return datetime.fromtimestamp(moment).strftime("%Y-%m-%d %H:%M:%S") if moment is not None else "–"


def ago_html(moment: float | None) -> str:
    """`ago` as HTML that shows the exact time on hover."""
    return f'<time title="{exact(moment)}">{escape(ago(moment))}</time>'


def shorten(text: str, length: int = 60) -> str:
    """One line of at most `length` characters, cut in the middle, where names differ least."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    head = (length - 1) * 2 // 3
    return f"{text[:head]}…{text[-(length - 1 - head) :]}"


def told_apart(titles: Mapping[K, str], detail: Callable[[K], str] = lambda _key: "") -> dict[K, str]:
    """Titles of which no two are the same: a detail stands behind those that were, or a number where that is no help.

    Streamlit tells by its title what was chosen: of two with the same, the first.

    Args:
        titles: By what they are the titles of.
        detail: What sets one apart from others of its title.
    """
    times = Counter(titles.values())
    found: dict[K, str] = {}
    for key, title in titles.items():
        more = detail(key) if times[title] > 1 else ""
        first = told = f"{title} · {more}" if more else title
        number_of = 1
        while told in found.values():
            number_of += 1
            told = f"{first} ({number_of})"
        found[key] = told
    return found


def dataset_titles(datasets: Iterable[Dataset]) -> dict[str, str]:
    """Names of datasets by their ids, with the time of import where several have the same."""
    known = {dataset.id: dataset for dataset in datasets}
    names = {dataset_id: dataset.name for dataset_id, dataset in known.items()}
    return told_apart(names, lambda dataset_id: exact(known[dataset_id].created_at))


def plain(text: str) -> str:
    """A user's text for places that read Markdown (labels, captions): every sign stands for itself.

    No more is escaped than must be: the name by which a screen reader knows an input is its label as it is written.
    """
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))
