"""A report: the figures of one model on named rows, as typed sections that pages draw without knowing the task.

A task fills the sections; `leyden.reports.figures` turns those that are pictures into charts, and the pages and
the HTML file draw each section by its `type`.
"""

from typing import Annotated, Literal

from pydantic import Field

from leyden.messages.render import Message
from leyden.records import Record


class Interval(Record):
    """A 95 % bootstrap interval."""

    low: float
    high: float


class Figure(Record):
    """One number with its name (a metric card's), and, for the headline figures, its interval."""

    name: str
    title: str
    value: float
    interval: Interval | None = None
    higher_is_better: bool
    summary: str = ""


class Headline(Record):
    """The first thing read: a few figures, the first one largest, and what answering blindly would reach."""

    type: Literal["headline"] = "headline"
    figures: tuple[Figure, ...]
    blind: Figure | None = Field(None, description="The first figure for a constant answer (majority or mean)")
    blind_note: Message | None = None


class Confusion(Record):
    """Counts by true class (row) and predicted class (column)."""

    type: Literal["confusion"] = "confusion"
    title: str
    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class Table(Record):
    """Named columns of text, whole numbers or fractions."""

    type: Literal["table"] = "table"
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    help: str = ""


class Line(Record):
    """One named curve; x and y have equal lengths, at most 1,000 points."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


class Curves(Record):
    """Lines in one chart. `diagonal` draws the line that chance would give."""

    type: Literal["curves"] = "curves"
    title: str
    x_title: str
    y_title: str
    lines: tuple[Line, ...]
    diagonal: bool = False
    help: str = ""


class Scatter(Record):
    """Points, at most 2,000 (a fixed random choice when there are more). `row_ids` names their rows."""

    type: Literal["scatter"] = "scatter"
    title: str
    x_title: str
    y_title: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    row_ids: tuple[int, ...]
    reference: Literal["diagonal", "zero"] | None = None
    help: str = ""


class Bars(Record):
    """A histogram: counts between edges."""

    type: Literal["bars"] = "bars"
    title: str
    x_title: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    help: str = ""


Section = Annotated[Headline | Confusion | Table | Curves | Scatter | Bars, Field(discriminator="type")]


class Report(Record):
    """The figures of one model on the rows of one part. `figures` holds every metric by name, flat."""

    version: Literal[1] = 1
    run: str
    part: Literal["val", "test"]
    checkpoint: Literal["best", "last"]
    epoch: float = Field(description="Epoch of the checkpoint that was judged")
    step: int
    num_rows: int
    task: str
    target: str
    classes: tuple[str, ...] | None = None
    figures: dict[str, float]
    intervals: dict[str, Interval] = Field(default_factory=dict)
    sections: tuple[Section, ...]
    notes: tuple[Message, ...] = ()
