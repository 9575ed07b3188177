"""How a report writes its numbers: alike in the pages and in the HTML file."""

from typing import Any

from leyden.reports.model import Figure, Headline
from leyden.words import _

NBSP = "\u00a0"


def figure_text(value: float) -> str:
    """A figure with four significant digits, in powers of ten only where it must be: `0.9712`, `12,345`.

    Shares have four digits after the point, also when they are whole: `1.0000`.
    """
    if value != 0 and (abs(value) < 1e-4 or abs(value) >= 1e15):
        return f"{value:.3e}".replace("-", "−")
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace("-", "−")
    digits = 4 if abs(value) <= 1 else 3 if abs(value) < 10 else 2 if abs(value) < 100 else 1
    return f"{value:.{digits}f}".replace("-", "−")


def percent_text(fraction: float) -> str:
    """A share: "3.2 %", "100 %"; a share that is not quite nothing or everything never reads as such."""
    value = 100 * fraction
    if 0 < value < 0.1:
        return f"<{NBSP}0.1{NBSP}%"
    if 99.9 < value < 100:
        return f">{NBSP}99.9{NBSP}%"
    return f"{value:.1f}".removesuffix(".0") + f"{NBSP}%"


def interval_text(figure: Figure) -> str:
    """`95 % between 0.9412 and 0.9876`, or nothing."""
    if figure.interval is None:
        return ""
    between = _("95 % between {low} and {high}")
    return between.format(low=figure_text(figure.interval.low), high=figure_text(figure.interval.high))


def blind_text(headline: Headline) -> str:
    """`0.4412 by guessing: always answering 'Adelie', ...`, or nothing."""
    if headline.blind is None:
        return ""
    note = f": {within_sentence(headline.blind_note.text)}" if headline.blind_note else ""
    return _("{value} by guessing").format(value=figure_text(headline.blind.value)) + note


def within_sentence(text: str) -> str:
    """A sentence or a title as it stands within another sentence: with a small first letter."""
    return f"{text[:1].lower()}{text[1:]}"


def cell_text(cell: str | int | float | None) -> str:
    """A table's cell: whole numbers with thousands, fractions as figures, nothing as a dash."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    return figure_text(cell) if isinstance(cell, float) else f"{cell:,}"


def setting_text(value: Any) -> str:
    """A setting's value as people read it; a dash for nothing."""
    if value is None or value == {}:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value:g}" if isinstance(value, float) else str(value)
