"""What judging predictions returns. No torch, so that baselines are judged by the same code in a light process."""

from dataclasses import dataclass

from leyden.messages.render import Message
from leyden.reports.model import Interval, Section


@dataclass(frozen=True)
class Judgement:
    """How good some predictions are: what a report is filled with."""

    figures: dict[str, float]
    intervals: dict[str, Interval]
    sections: tuple[Section, ...]
    notes: tuple[Message, ...]
    positive: str | None = None
    """Of two classes, the one that is looked for."""
