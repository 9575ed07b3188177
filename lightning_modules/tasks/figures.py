"""Sections that every task's report has: the headline and the table of all numbers. No torch."""

from collections.abc import Mapping, Sequence

from leyden.catalogue import TaskCard
from leyden.messages.render import Message
from leyden.reports.model import Figure, Headline, Interval, Table


def headline(
    card: TaskCard,
    names: Sequence[str],
    figures: Mapping[str, float],
    intervals: Mapping[str, Interval],
    blind: float | None,
    blind_note: Message,
) -> Headline:
    """The named figures, the card's headline first, beside what a constant answer reaches in that one."""
    return Headline(
        figures=tuple(
            _figure(card, name, figures[name], intervals.get(name)) for name in names if name in figures
        ),
        blind=None if blind is None else _figure(card, card.headline, blind, None),
        blind_note=None if blind is None else blind_note,
    )


def all_figures(
    card: TaskCard, figures: Mapping[str, float], intervals: Mapping[str, Interval], *, otherwise: str = ""
) -> Table:
    """Every figure with its interval and what it says.

    Args:
        card: The task.
        figures: Their values.
        intervals: Their intervals, as far as there are any.
        otherwise: Which intervals are not those of resampling, and what they are.
    """
    shown = [metric for metric in card.metrics if metric.name in figures]
    rows = tuple(
        (metric.title, figures[metric.name], *_bounds(intervals, metric.name), metric.summary) for metric in shown
    )
    return Table(
        title="All figures",
        columns=("Figure", "Value", "95 % from", "95 % to", "What it says"),
        rows=rows,
        help="Of intervals found so on other rows of the same kind, about 95 % hold the true value (1,000 bootstrap "
        f"resamples{otherwise}).",
    )


def _bounds(intervals: Mapping[str, Interval], name: str) -> tuple[float | None, float | None]:
    interval = intervals.get(name)
    return (interval.low, interval.high) if interval else (None, None)


def _figure(card: TaskCard, name: str, value: float, interval: Interval | None) -> Figure:
    metric = card.metric(name)
    assert metric is not None, f"task {card.name} has no metric {name}"
    return Figure(
        name=name,
        title=metric.title,
        value=value,
        interval=interval,
        higher_is_better=metric.higher_is_better,
        summary=metric.summary,
    )
