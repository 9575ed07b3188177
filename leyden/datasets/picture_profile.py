"""The profile of a table of pictures."""

from pathlib import Path

from leyden.datasets import duck, image
from leyden.datasets.duck import Tick
from leyden.datasets.facts import collect_facts
from leyden.datasets.folder_profile import label_problems, parts_of
from leyden.datasets.image_folder import Found, collect_pictures, find_places_of, picture_problems, write_table
from leyden.datasets.kinds import column_of
from leyden.datasets.problem import worst_first
from leyden.datasets.profile import Column, Profile
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
        problems=worst_first([*picture_problems(found, places), *label_problems(columns[1], places, "pictures")]),
        source_name=name,
        source_bytes=size_bytes,
        parts=parts_of(places),
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
