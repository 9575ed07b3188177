"""Which kind a column is, and why: each kind's module says what it looks like; the first that knows it wins."""

from collections.abc import Callable, Sequence

from leyden.datasets import category, datetime, ignored, image, number, text
from leyden.datasets.facts import ColumnFacts
from leyden.datasets.profile import Column, ColumnKind
from leyden.messages.render import Message

REASONS: tuple[tuple[ColumnKind, Callable[[ColumnFacts], Message | None]], ...] = (
    ("image", image.reason),
    ("ignored", ignored.reason),
    ("datetime", datetime.reason),
    ("text", text.reason),
    ("ignored", ignored.unique_reason),
    ("category", category.reason),
    ("number", number.reason),
)
MIN_USABLE = 2


def infer(facts: ColumnFacts) -> tuple[ColumnKind, Message]:
    """The kind of a column and the reason people are given."""
    for kind, reason_of in REASONS:
        reason = reason_of(facts)
        if reason is not None:
            return kind, reason
    return "ignored", ignored.last_resort(facts)


def describe(facts: Sequence[ColumnFacts]) -> list[Column]:
    """Profile columns from their facts."""
    columns = _first_image_only([column_of(fact, *infer(fact)) for fact in facts])
    num_usable = sum(column.kind != "ignored" for column in columns)
    if num_usable >= MIN_USABLE:
        return columns
    # In a table with nothing else, a column that counts up is a measurement and no row number.
    return [
        column_of(fact, "number", number.reason(fact) or column.reason)
        if column.reason.code == ignored.ROW_NUMBER
        else column
        for fact, column in zip(facts, columns, strict=True)
    ]


def _first_image_only(columns: list[Column]) -> list[Column]:
    """A model sees one picture a row: further columns of pictures wait to be chosen instead."""
    images = [column.name for column in columns if column.kind == "image"]
    return [
        column.model_copy(
            update={"kind": "ignored", "reason": Message(code="kind_further_image", params={"first": images[0]})}
        )
        if column.name in images[1:]
        else column
        for column in columns
    ]


def column_of(facts: ColumnFacts, kind: ColumnKind, reason: Message) -> Column:
    """A profile column of the given kind, with every summary that applies."""
    return Column(
        name=facts.name,
        kind=kind,
        reason=reason,
        storage=facts.storage,
        date_format=facts.date_format,
        num_missing=facts.num_missing,
        num_distinct=facts.num_distinct,
        num_not_numeric=facts.num_not_numeric,
        examples=facts.examples,
        values=facts.values,
        numbers=number.summary(facts),
        dates=datetime.summary(facts),
        lengths=text.summary(facts),
        images=facts.images,
    )
