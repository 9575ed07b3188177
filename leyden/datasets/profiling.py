"""From a stored table to its profile: facts, kinds, a target to suggest, problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from leyden.datasets import duck
from leyden.datasets.duck import Tick, no_tick
from leyden.datasets.facts import ColumnFacts, collect_facts
from leyden.datasets.kinds import describe
from leyden.datasets.problem import problem, worst_first
from leyden.datasets.problems import find_problems
from leyden.datasets.profile import ImageSummary, Problem, Profile
from leyden.datasets.tables import StoredTable
from leyden.datasets.target import suggest_target


@dataclass(frozen=True)
class PictureColumn:
    """What is known of a column of pictures beside its cells."""

    images: ImageSummary
    files: tuple[str, ...]
    """A few of the names that stood in its cells."""


def profile_table(
    stored: StoredTable,
    path: Path,
    work: Path,
    *,
    name: str,
    size_bytes: int,
    pictures: Mapping[str, PictureColumn] | None = None,
    problems: Sequence[Problem] = (),
    tick: Tick = no_tick,
) -> Profile:
    """The profile of a table as it lies in `path`.

    Args:
        work: A folder for what does not fit into memory.
        name: The source's file name.
        size_bytes: The source's size.
        pictures: The columns that hold pictures.
        problems: What is wrong with the source besides.
    """
    storages = {name: column.storage for name, column in zip(stored.names, stored.columns, strict=True)}
    formats = {name: column.date_format for name, column in zip(stored.names, stored.columns, strict=True)}
    with duck.connect(work) as connection:
        facts = collect_facts(connection, path, storages, formats, lambda done: tick(0.9 * done))
        num_duplicates = count_duplicates(connection, path, list(storages))
    facts = [_with_pictures(fact, (pictures or {}).get(fact.name)) for fact in facts]
    columns = describe(facts)
    target = suggest_target(columns)
    found = [*stored.problems, *problems, *find_problems(columns, facts, stored.num_rows, num_duplicates, target)]
    if stored.read.missing_values:
        tokens = ", ".join(stored.read.missing_values)
        found.append(problem("missing_tokens", "info", {"tokens": tokens}))
    return Profile(
        layout="table",
        num_rows=stored.num_rows,
        columns=tuple(columns),
        problems=worst_first(found),
        read=stored.read,
        source_name=name,
        source_bytes=size_bytes,
        suggested_target=target,
    )


def _with_pictures(facts: ColumnFacts, pictures: PictureColumn | None) -> ColumnFacts:
    """Facts about pictures in place of those about the hashes that stand for them."""
    if pictures is None:
        return facts
    return replace(facts, images=pictures.images, examples=pictures.files, values=(), lengths=None, numbers=None)


def count_duplicates(connection: duck.Connection, path: Path, names: list[str]) -> int:
    """Rows that repeat an earlier one in every column, found by a 64-bit hash of each row."""
    columns = ", ".join(duck.name(name) for name in names)
    query = f"SELECT count(*) - count(DISTINCT hash({columns})) FROM read_parquet({duck.text(path)})"
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
