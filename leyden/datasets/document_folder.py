"""From class folders of texts, one file each, to a table with a text and a label column, and its profile."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from leyden.datasets import duck
from leyden.datasets.class_folders import Place, find_places
from leyden.datasets.documents import Documents, collect_documents
from leyden.datasets.duck import Tick
from leyden.datasets.facts import collect_facts
from leyden.datasets.folder_profile import label_problems, list_problems, parts_of, repeated
from leyden.datasets.kinds import column_of
from leyden.datasets.problem import worst_first
from leyden.datasets.profile import PART, ROW_ID, Column, Problem, Profile, ReadOptions
from leyden.datasets.sources import Format
from leyden.messages.render import Message

ROWS_AT_ONCE = 10_000


def store_documents(source: Path, source_format: Format, staged: Path, *, name: str, tick: Tick) -> Profile:
    """Reads a source of texts into `table.parquet` of a temporary folder; their profile.

    Raises:
        DataError: It is damaged or malicious, or holds no texts.
    """
    table, work = staged / "table.parquet", staged / "work"
    found = collect_documents(source, source_format, work, lambda done: tick(0.7 * done))
    places = find_places(found.files)
    write_table(found, places, table)
    tick(0.8)
    columns = _columns(table, work)
    problems = [*_file_problems(found, places), *label_problems(columns[1], places, "documents")]
    return Profile(
        layout="document_folder",
        num_rows=len(places),
        columns=columns,
        problems=worst_first(problems),
        read=ReadOptions(encoding=found.encoding),
        source_name=name,
        source_bytes=found.size_bytes if source.is_dir() else source.stat().st_size,
        parts=parts_of(places),
        suggested_target="label",
    )


def write_table(found: Documents, places: list[Place], target: Path) -> None:
    """Writes the table: text, label, file, the row's id by name, and its part where the data came with a split."""
    ids = _ids_by_name(found.files)
    fields = [(ROW_ID, pa.int64()), *((name, pa.string()) for name in ("text", "label", "file"))]
    if any(place.part for place in places):
        fields.append((PART, pa.string()))
    schema = pa.schema(fields)
    texts = found.texts()
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for start in range(0, len(places), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            columns = {
                ROW_ID: ids[rows],
                "text": [text for _, text in zip(places[rows], texts, strict=False)],
                "label": [place.label for place in places[rows]],
                "file": [place.file for place in places[rows]],
                PART: [place.part for place in places[rows]],
            }
            writer.write_table(pa.table({name: columns[name] for name in schema.names}, schema=schema))


def _ids_by_name(files: list[str]) -> list[int]:
    """Each file's place in the order of names. An archive may hold a name twice: then in the archive's order."""
    ids = [0] * len(files)
    for row_id, position in enumerate(sorted(range(len(files)), key=files.__getitem__)):
        ids[position] = row_id
    return ids


def _columns(table: Path, work: Path) -> tuple[Column, ...]:
    names = ("text", "label", "file")
    with duck.connect(work) as connection:
        text, label, file = collect_facts(connection, table, dict.fromkeys(names, "string"), dict.fromkeys(names))
    length = round(text.lengths.mean) if text.lengths else 0
    return (
        column_of(text, "text", Message(code="kind_document", params={"length": length})),
        column_of(label, "category", Message(code="kind_class_folder", params={"distinct": label.num_distinct})),
        column_of(file, "ignored", Message(code="kind_file_name")),
    )


def _file_problems(found: Documents, places: list[Place]) -> list[Problem]:
    """Files that could not be used, and texts that occur more than once."""
    outside = [place.file for place in places if place.label is None]
    return [
        *list_problems("unreadable_documents", "warning", found.unreadable),
        *list_problems("empty_files", "warning", found.empty),
        *list_problems("too_large_documents", "warning", found.too_large),
        *list_problems("binary_files", "info", found.binary),
        *list_problems("documents_outside_classes", "warning", outside),
        *repeated(found.digests, places, "documents"),
    ]
