"""A report: the figures of one model on named rows, as typed sections that pages draw without knowing the task.

A task fills the sections; `leyden.reports.figures` turns those that are pictures into charts, and the pages and
the HTML file draw each section by its `type`.
"""

from operator import mul
from typing import Annotated, Literal

from pydantic import Field

from leyden.messages.render import Message
from leyden.records import Record


class Interval(Record):
    """A 95 % interval."""

    low: float
    high: float

    @property
    def negated(self) -> "Interval":
        """The interval of the same number with the other sign; zero has none."""
        return Interval(low=0.0 - self.high, high=0.0 - self.low)


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
    """One named curve; x and y have equal lengths, at most 1,000 points.

    `picks` says for each point which rows it stands for, as `leyden.reports.picks` reads it; empty: for none.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    picks: tuple[str, ...] = ()


class Curves(Record):
    """Lines in one chart. `diagonal` draws the line that chance would give.

    `steps`: between two points a line has the later one's value, as where nothing may be interpolated.
    """

    type: Literal["curves"] = "curves"
    title: str
    x_title: str
    y_title: str
    lines: tuple[Line, ...]
    diagonal: bool = False
    steps: bool = False
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


class Calibration(Record):
    """Whether a model is as often right as it is sure: its rows in bins of confidence, empty ones left out."""

    type: Literal["calibration"] = "calibration"
    title: str
    edges: tuple[tuple[float, float], ...] = Field(description="Confidences above the first, up to the second")
    confidence: tuple[float, ...] = Field(description="Mean confidence of a bin's rows")
    accuracy: tuple[float, ...] = Field(description="Share of a bin's rows that are right")
    counts: tuple[int, ...]
    help: str = Field(default="", description="Of older reports, not shown: who draws it says what is drawn")

    @property
    def error(self) -> float:
        """The expected calibration error: the distance from the diagonal, averaged over the rows."""
        gaps = (abs(right - sure) for right, sure in zip(self.accuracy, self.confidence, strict=True))
        return sum(map(mul, gaps, self.counts)) / sum(self.counts)


class Bars(Record):
    """A histogram: counts between edges. A bar may stand for the rows with such an error, or such a confidence."""

    type: Literal["bars"] = "bars"
    title: str
    x_title: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    help: str = ""
    picks_errors: bool = False
    picks_confidence: bool = False


Section = Annotated[
    Headline | Confusion | Table | Curves | Calibration | Scatter | Bars, Field(discriminator="type")
]


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
    positive: str | None = Field(None, description="Of two classes, the one that is looked for; None: the second")
    figures: dict[str, float]
    intervals: dict[str, Interval] = Field(default_factory=dict)
    sections: tuple[Section, ...]
    notes: tuple[Message, ...] = ()

    @property
    def positive_index(self) -> int:
        """Place of the positive one among two classes."""
        return 0 if self.classes and self.positive == self.classes[0] else 1
