"""The profile of a table of pictures."""

from collections import Counter
from pathlib import Path

from leyden.datasets import duck, image
from leyden.datasets.class_folders import Place
from leyden.datasets.duck import Tick
from leyden.datasets.facts import collect_facts
from leyden.datasets.image_folder import Found, collect_pictures, find_places_of, picture_problems, write_table
from leyden.datasets.kinds import column_of
from leyden.datasets.problem import problem, worst_first
from leyden.datasets.problems import FEW_ROWS, class_problems
from leyden.datasets.profile import PARTS, Column, Part, Problem, Profile
from leyden.datasets.sources import Format
from leyden.messages.render import Message


def store_images(source: Path, source_format: Format, staged: Path, *, name: str, tick: Tick) -> Profile:
    """Reads a source of pictures into `table.parquet` and `media/` of a temporary folder; their profile.

    Raises:
        DataError: It is damaged or malicious, or holds no class folders with pictures.
    """
    found = collect_pictures(source, source_format, staged / "media", tick)
    places = find_places_of(found)
    table = staged / "table.parquet"
    write_table(found, places, table)
    columns = _columns(table, staged / "work", found)
    size_bytes = found.size_bytes if source.is_dir() else source.stat().st_size
    return Profile(
        layout="image_folder",
        num_rows=len(places),
        columns=columns,
        problems=worst_first([*picture_problems(found, places), *_class_problems(columns, places)]),
        source_name=name,
        source_bytes=size_bytes,
        parts=_parts(places),
        suggested_target="label",
    )


def _columns(table: Path, work: Path, found: Found) -> tuple[Column, ...]:
    with duck.connect(work) as connection:
        label, file = collect_facts(
            connection, table, {"label": "string", "file": "string"}, {"label": None, "file": None}
        )
    pictures = Column(
        name="image",
        kind="image",
        reason=Message(code="kind_image"),
        storage="string",
        num_missing=0,
        num_distinct=len({stored.sha256 for stored in found.pictures}),
        num_not_numeric=len(found.pictures),
        images=image.summary([stored.picture for stored in found.pictures]),
    )
    return (
        pictures,
        column_of(label, "category", Message(code="kind_class_folder", params={"distinct": label.num_distinct})),
        column_of(file, "ignored", Message(code="kind_file_name")),
    )


def _class_problems(columns: tuple[Column, ...], places: list[Place]) -> list[Problem]:
    label = columns[1]
    found = class_problems(label, len(places))
    if label.num_distinct == 1:
        found.append(problem("one_class_folder", "error", {"label": label.values[0].value}))
    if len(places) < FEW_ROWS:
        found.append(problem("few_pictures", "warning", count=len(places)))
    return found


def _parts(places: list[Place]) -> dict[Part, int] | None:
    counts = Counter(place.part for place in places if place.part is not None)
    return {part: counts[part] for part in PARTS if counts[part]} or None
