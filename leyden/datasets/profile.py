"""What is known of a dataset: its columns, their distributions, and its problems in the user's words."""

from typing import Literal, get_args

from pydantic import Field

from leyden.messages.render import Message
from leyden.records import Record

ColumnKind = Literal["number", "category", "datetime", "text", "image", "ignored"]
COLUMN_KINDS: tuple[ColumnKind, ...] = get_args(ColumnKind)

WORTH_TELLING = {
    "kind_constant": "constant_column",
    "kind_empty": "empty_column",
    "kind_nearly_empty": "nearly_empty_column",
    "kind_unique": "id_like_column",
    "kind_too_many": "id_like_column",
    "kind_row_number": "row_number_column",
}
"""Reasons for ignoring a column that are problems too, and the problems' codes."""

Part = Literal["train", "val", "test"]
PARTS: tuple[Part, ...] = get_args(Part)

Layout = Literal["table", "image_folder", "document_folder"]
"""What a dataset came as. Folders have columns `label` and `file`, and `image` or `text`."""

ROW_ID = "__row_id"
"""Hidden int64 column of every dataset: names a row for good, and survives fixes."""
FILE = "file"
"""Column of a folder's table with the name that each picture or text came with."""
PART = "__part"
"""Hidden column of a dataset that came with a predefined split: train, val or test."""


class Histogram(Record):
    """Counts between edges; `len(edges) == len(counts) + 1`. Dates are in seconds since 1970, UTC."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


class NumberSummary(Record):
    """Distribution of a column read as numbers; non-numeric values are not part of it."""

    minimum: float
    maximum: float
    mean: float
    std: float
    median: float
    histogram: Histogram


class DateSummary(Record):
    """Range of a column read as dates; ISO 8601."""

    earliest: str
    latest: str
    histogram: Histogram


class LengthSummary(Record):
    """Lengths of a text column's values, in characters."""

    shortest: int
    longest: int
    mean: float
    histogram: Histogram
    is_cjk: bool = Field(description="Most letters are Chinese, Japanese or Korean")


class ImageSummary(Record):
    """Sizes of an image column's pictures in pixels, and what they were before they became RGB."""

    min_width: int
    max_width: int
    min_height: int
    max_height: int
    modes: dict[str, int]


class ValueCount(Record):
    """One distinct value and the number of rows that have it."""

    value: str
    count: int


class Column(Record):
    """One visible column. Summaries that do not apply are None."""

    name: str
    kind: ColumnKind
    reason: Message = Field(description="Why this kind was inferred")
    storage: Literal["integer", "float", "string", "datetime", "boolean"]
    date_format: str | None = Field(
        None, description="How its dates were written ('iso', or a strptime format); needed to read more of them"
    )
    num_missing: int
    num_distinct: int
    num_not_numeric: int = Field(0, description="Non-missing values that cannot be read as a number")
    examples: tuple[str, ...] = ()
    values: tuple[ValueCount, ...] = Field((), description="Most frequent values, at most 50, by count")
    numbers: NumberSummary | None = None
    dates: DateSummary | None = None
    lengths: LengthSummary | None = None
    images: ImageSummary | None = None


class Problem(Record):
    """Something about the data that a person should know, worst first."""

    message: Message
    severity: Literal["info", "warning", "error"]
    column: str | None = None
    examples: tuple[str, ...] = Field((), description="File names or values it concerns, at most 20")


class ReadOptions(Record):
    """How a file is read. None means: detect it. A profile holds the detected values; unused ones stay None."""

    encoding: str | None = None
    delimiter: str | None = None
    has_header: bool | None = None
    decimal: Literal[".", ","] | None = None
    missing_values: tuple[str, ...] | None = Field(None, description="Tokens that mean: no value")
    sheet: str | None = Field(None, description="Excel sheet; the first one by default")


class Profile(Record):
    """Everything known of a dataset's content."""

    version: Literal[1] = 1
    layout: Layout
    num_rows: int
    columns: tuple[Column, ...]
    problems: tuple[Problem, ...] = ()
    read: ReadOptions = ReadOptions()
    source_name: str
    source_bytes: int
    parts: dict[Part, int] | None = Field(None, description="Rows of each part of a predefined split")
    suggested_target: str | None = None

    def column(self, name: str) -> Column | None:
        """The column of this name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def is_folder(self) -> bool:
        """Whether it came as files in class folders."""
        return self.layout != "table"

    @property
    def kinds(self) -> dict[str, ColumnKind]:
        """Column name to kind, in file order."""
        return {column.name: column.kind for column in self.columns}

    def with_kinds(self, kinds: dict[str, ColumnKind]) -> "Profile":
        """The same profile with the kinds that a person chose instead of the inferred ones."""
        changed = {
            column.name: column.model_copy(update={"kind": kind, "reason": Message(code="kind_chosen")})
            for column in self.columns
            if (kind := kinds.get(column.name, column.kind)) != column.kind
        }
        columns = tuple(changed.get(column.name, column) for column in self.columns)
        why = {
            column.name: WORTH_TELLING.get(column.reason.code) for column in self.columns if column.name in changed
        }
        problems = tuple(
            one for one in self.problems if one.column not in why or one.message.code != why[one.column]
        )
        return self.model_copy(update={"columns": columns, "problems": problems})
