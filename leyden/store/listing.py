"""The list of runs as queries: what is filtered by, sorted by, counted, and read for one page of it.

Everything happens in the database, and only for the lines of the page: a list of ten thousand runs costs what its
hundred lines cost.
"""

import re
from collections.abc import Sequence
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, FromClause, RowMapping, Select, case, exists, func, or_, select

from leyden.messages.render import Message
from leyden.store.connection import folded
from leyden.store.records import RunFacets, RunRow, State
from leyden.store.schema import datasets, jobs, reports, run_tags, runs

FIGURE = "val/"
"""Before the name of a figure of the validation report that is sorted by: `val/f1_macro`."""

_attempts = jobs.alias("attempts")
_TRAINED_S = (
    select(func.sum(_attempts.c.ended_at - _attempts.c.started_at))
    .where(_attempts.c.run_id == runs.c.id, _attempts.c.kind == "train")
    .correlate(runs)
    .scalar_subquery()
)
_DURATION = case((jobs.c.ended_at.is_not(None), _TRAINED_S))
"""Over all attempts of a run that is at its end."""
SORT_KEYS: dict[str, ColumnElement[Any]] = {
    "created_at": runs.c.created_at,
    "name": func.lower(runs.c.name),
    "dataset_name": func.lower(datasets.c.name),
    "target": func.lower(runs.c.target),
    "architecture": runs.c.architecture,
    "state": jobs.c.state,
    "duration_s": _DURATION,
    "num_parameters": runs.c.num_parameters,
    "is_starred": runs.c.is_starred,
    "note": func.nullif(func.lower(runs.c.note), ""),
}
"""Columns of its own that a list can be sorted by. Others are figures (`val/<name>`) and settings (dotted names)."""
_NUMBER = re.compile(r"#(\d{1,18})", re.ASCII)
_ID_BEGINNING = re.compile(r"r[0-9a-f]{4,}", re.ASCII | re.IGNORECASE)
"""Less than this, and digits from within an id, stand in names too: nobody looks for an id by them."""
_ANY_BEGINNING = re.compile(r"r[0-9a-f]+", re.ASCII | re.IGNORECASE)
_PHRASES = re.compile(r'"(?=\s*[^\s"])([^"]*)"|(\S+)')
_OTHER_KEYS = re.compile(rf"{FIGURE}\w+|seed|\w+(\.\w+)+")


class RunFilters(TypedDict, total=False):
    """Which runs are meant; what is left out, None or empty lets everything through."""

    dataset_id: str | None
    target: str | None
    architecture: str | None
    states: tuple[State, ...] | None
    tags: tuple[str, ...]
    """All of these."""
    is_starred: bool
    """True for the starred ones only."""
    search: str
    """Words that all stand somewhere in name, note, tags, dataset, target or architecture; `"two words"` stand
    together, `#12` is a number, and `r0fe9` the beginning of an id."""


def select_meant(word: str) -> Select[Any]:
    """The ids of the runs that a word means: `12` and `#12` are a number, `r0f` the beginning of an id."""
    if number := _NUMBER.fullmatch(f"#{word.removeprefix('#')}"):
        return select(runs.c.id).where(runs.c.number == int(number[1]))
    is_beginning = _ANY_BEGINNING.fullmatch(word) is not None
    return select(runs.c.id).where(runs.c.id.istartswith(word) if is_beginning else runs.c.id == word)


def select_page(
    sort: str, descending: bool, limit: int, offset: int, settings: Sequence[str], filters: RunFilters
) -> Select[Any]:
    """The lines of one page; those without a value to sort by come last."""
    wanted = [runs.c.spec[tuple(name.split("."))].label(f"setting {name}") for name in settings]
    order = [(key.desc() if descending else key.asc()).nulls_last() for key in _order(sort)]
    query = select(*_COLUMNS, *wanted).select_from(_JOINED).where(*conditions(filters))
    return query.order_by(*order, runs.c.number.desc()).limit(limit).offset(offset)


def is_sort_key(text: str) -> bool:
    """Whether a list can be sorted by this; a figure or setting that no run has is not told from one that some have."""
    return text in SORT_KEYS or bool(_OTHER_KEYS.fullmatch(text))


def select_ids(filters: RunFilters) -> Select[Any]:
    """The ids of all runs that are let through."""
    return select(runs.c.id).select_from(_needed(filters)).where(*conditions(filters))


def rows_of(connection: Connection, query: Select[Any]) -> list[RunRow]:
    """Runs a query of `select_page`."""
    found = connection.execute(query).mappings().all()
    tags = tags_of(connection, [row["id"] for row in found])
    return [_run_row(row, tags.get(row["id"], ())) for row in found]


def tags_of(connection: Connection, run_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The tags of each of these runs that has any, in alphabetical order."""
    query = (
        select(run_tags.c.run_id, run_tags.c.tag).where(run_tags.c.run_id.in_(run_ids)).order_by(run_tags.c.tag)
    )
    found: dict[str, tuple[str, ...]] = {}
    for run_id, tag in connection.execute(query):
        found[run_id] = (*found.get(run_id, ()), tag)
    return found


def facets_of(connection: Connection) -> RunFacets:
    """What there is to filter by, each with its number of runs."""

    def counts(key: ColumnElement[Any], source: FromClause) -> dict[str, int]:
        query = select(key, func.count()).select_from(source).group_by(key).order_by(key)
        return {row[0]: row[1] for row in connection.execute(query)}

    return RunFacets(
        datasets=counts(runs.c.dataset_id, runs),
        architectures=counts(runs.c.architecture, runs),
        tasks=counts(runs.c.task, runs),
        tags=counts(run_tags.c.tag, run_tags),
    )


_JOINED = (
    runs.join(datasets, datasets.c.id == runs.c.dataset_id)
    .join(jobs, jobs.c.id == runs.c.job_id)
    .outerjoin(reports, (reports.c.run_id == runs.c.id) & (reports.c.part == "val"))
)
_COLUMNS = (
    runs.c.id,
    runs.c.number,
    runs.c.name,
    runs.c.dataset_id,
    datasets.c.name.label("dataset_name"),
    runs.c.task,
    runs.c.target,
    runs.c.architecture,
    runs.c.num_parameters,
    runs.c.is_starred,
    runs.c.note,
    runs.c.spec["seed"].as_integer().label("seed"),
    jobs.c.state,
    jobs.c.reason,
    jobs.c.progress,
    reports.c.headline,
    reports.c.figures,
    runs.c.created_at,
    jobs.c.ended_at,
    _DURATION.label("duration_s"),
)


def _needed(filters: RunFilters) -> FromClause:
    """The tables that the conditions look into: counting all runs reads nothing but an index."""
    source: FromClause = runs
    if filters.get("search"):
        source = source.join(datasets, datasets.c.id == runs.c.dataset_id)
    if filters.get("states"):
        source = source.join(jobs, jobs.c.id == runs.c.job_id)
    return source


def conditions(filters: RunFilters) -> list[ColumnElement[bool]]:
    """What must be true of `runs`, beside `datasets`, for a run to be meant."""
    found: list[ColumnElement[bool]] = []
    if dataset_id := filters.get("dataset_id"):
        found.append(runs.c.dataset_id == dataset_id)
    if target := filters.get("target"):
        found.append(runs.c.target == target)
    if architecture := filters.get("architecture"):
        found.append(runs.c.architecture == architecture)
    if states := filters.get("states"):
        found.append(jobs.c.state.in_(states))
    if filters.get("is_starred"):
        found.append(runs.c.is_starred)
    found += [_has_tag(run_tags.c.tag == tag) for tag in filters.get("tags", ())]
    found += [_mentions(phrase or word) for phrase, word in _PHRASES.findall(filters.get("search", ""))]
    return found


def _has_tag(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(run_tags.c.run_id == runs.c.id, condition)


def _mentions(word: str) -> ColumnElement[bool]:
    places = (runs.c.name, runs.c.note, datasets.c.name, runs.c.target, runs.c.architecture)
    anywhere = [_contains(place, word) for place in places]
    if number := _NUMBER.fullmatch(word):
        anywhere.append(runs.c.number == int(number[1]))
    if _ID_BEGINNING.fullmatch(word):
        anywhere.append(runs.c.id.istartswith(word))
    return or_(*anywhere, _has_tag(_contains(run_tags.c.tag, word)))


def _contains(place: ColumnElement[str], word: str) -> ColumnElement[bool]:
    # SQLite itself knows the small letters of ASCII alone, and is faster: what is typed in ASCII finds ASCII.
    if word.isascii():
        return place.icontains(word, autoescape=True)
    return func.folded(place).contains(folded(word), autoescape=True)


def _order(sort: str) -> list[ColumnElement[Any]]:
    if sort in SORT_KEYS:
        return [SORT_KEYS[sort]]
    if sort.startswith(FIGURE):
        return [reports.c.figures[sort.removeprefix(FIGURE)].as_float()]
    value = runs.c.spec[tuple(sort.split("."))]
    # SQLite takes a word for zero: numbers are sorted as numbers, and words among themselves.
    return [value.as_float(), value.as_string()]


def _run_row(row: RowMapping, tags: tuple[str, ...]) -> RunRow:
    values = dict(row)
    settings = {name.removeprefix("setting "): values.pop(name) for name in row if name.startswith("setting ")}
    values["figures"] = values["figures"] or {}
    values["reason"] = Message.model_validate(values["reason"]) if values["reason"] else None
    return RunRow(**values, tags=tags, settings=settings)
