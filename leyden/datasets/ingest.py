"""From a file or folder to a dataset on disk: hashed, read, profiled, published in one move.

Layout of a dataset's folder: `table.parquet`, `profile.json` and, for tables, `source/<name>`, kept so that it can
be read again with other options. What the store knows (name, chosen kinds) is not here.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leyden.datasets.document_folder import store_documents
from leyden.datasets.file_names import is_picture_name
from leyden.datasets.identity import dataset_identity
from leyden.datasets.media import media_of
from leyden.datasets.named_pictures import store_named_pictures
from leyden.datasets.opening import Opened, open_source
from leyden.datasets.picture_profile import store_images
from leyden.datasets.problem import problem, worst_first
from leyden.datasets.profile import ColumnKind, Profile, ReadOptions
from leyden.datasets.profiling import profile_table
from leyden.datasets.read import load_profile
from leyden.datasets.sources import watched
from leyden.datasets.staging import publish, staging_folder
from leyden.datasets.tables import store_table
from leyden.errors import DataError
from leyden.home import Home
from leyden.jobs.context import JobContext, JobStopped
from leyden.messages.render import Param

Progress = Callable[..., None]
"""Called as `progress(fraction | None, code, **params)`; what it raises ends the ingestion."""


@dataclass(frozen=True)
class Ingested:
    """A dataset as it lies on disk."""

    dataset_id: str
    profile: Profile
    size_bytes: int
    """What it takes on disk, media included."""


def ingest(
    home: Home,
    path: Path,
    *,
    options: ReadOptions | None = None,
    kinds: Mapping[str, ColumnKind] | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Ingested:
    """The dataset made of a table file, of an archive or folder of images, or of a table that names images there.

    The same source read with the same options is the same dataset: it is returned at once where it exists.

    Args:
        options: How to read a table; what is None is detected.
        kinds: Kinds that a person chose. They are only checked against the columns: no part of the dataset, they
            belong into the store.
        name: The source's name when the file has another one.
        progress: Told what is done.

    Raises:
        DataError: The source cannot be read, or a kind was chosen for a column it does not have.
    """
    options, told = options or ReadOptions(), progress or _silent
    name = name or path.name
    with staging_folder(home) as staged, watched(path):
        work = staged / "work"
        work.mkdir()
        told(0.0, "opening", name=name)
        opened = open_source(path, name, work)
        dataset_id = dataset_identity(opened.source, options, lambda done: told(0.1 * done, "hashing", name=name))
        if not home.dataset(dataset_id).exists():
            profile = _fill(opened, options, staged, told)
            check_kinds(profile, kinds or {})
            (staged / "profile.json").write_text(profile.model_dump_json(), encoding="utf-8")
            told(0.99, "publishing", name=name)
            publish(home, staged, dataset_id)
    profile = load_profile(home, dataset_id)
    check_kinds(profile, kinds or {})
    return Ingested(dataset_id, profile, size_on_disk(home, dataset_id))


def reread(home: Home, dataset_id: str, options: ReadOptions, *, progress: Progress | None = None) -> Ingested:
    """The dataset that the same table file makes when it is read with other options.

    Raises:
        DataError: The dataset keeps no source (one with images does not), or it cannot be read so.
    """
    source = next(iter((home.dataset(dataset_id) / "source").glob("*")), None)
    if source is None:
        raise DataError("no_source", dataset=dataset_id)
    return ingest(home, source, options=options, progress=progress)


def ingest_job(context: JobContext) -> dict[str, Any]:
    """The `ingest` job. Its payload: path, and optionally name, options, kinds, remove_source, parent.

    With `remove_source` the file is an upload: it goes, with the folder made for it, once the outcome is final.
    """
    payload = context.job.payload
    path = Path(str(payload["path"]))
    try:
        result = _ingest_payload(context, path, payload)
    except (DataError, JobStopped):
        _remove_upload(context.home, path, payload)
        raise
    _remove_upload(context.home, path, payload)
    return result


def size_on_disk(home: Home, dataset_id: str) -> int:
    """Bytes that a dataset's own files and its media take."""
    own = sum(file.stat().st_size for file in home.dataset(dataset_id).rglob("*") if file.is_file())
    return own + sum(home.media_file(sha256).stat().st_size for sha256 in media_of(home, dataset_id))


def _fill(opened: Opened, options: ReadOptions, staged: Path, told: Progress) -> Profile:
    """Writes table and media of a source into the temporary folder."""

    def tick(code: str, start: float, end: float) -> Callable[[float], None]:
        return lambda done: told(start + (end - start) * done, code, name=opened.name)

    _check_options(opened, options)
    work, table = staged / "work", staged / "table.parquet"
    unused: DataError | None = None
    if opened.table is not None and opened.images_format is not None:
        named = store_named_pictures(opened, options, staged, tick)
        if isinstance(named, Profile):
            return named
        unused = named
    if opened.images_format is not None:
        told_images = tick("reading_images", 0.1, 0.98)
        profile = store_images(opened.source, opened.images_format, staged, name=opened.name, tick=told_images)
        return profile if unused is None else _with_unused_table(profile, opened, unused)
    if opened.texts_format is not None:
        told_texts = tick("reading_texts", 0.1, 0.98)
        return store_documents(opened.source, opened.texts_format, staged, name=opened.name, tick=told_texts)
    assert opened.table is not None and opened.table_format is not None
    stored = store_table(opened.table, opened.table_format, options, work, table, tick("reading_table", 0.1, 0.6))
    size_bytes = opened.table.stat().st_size
    told(0.6, "profiling", name=opened.name)
    profile = profile_table(
        stored, table, work, name=opened.name, size_bytes=size_bytes, tick=tick("profiling", 0.6, 0.98)
    )
    kept = staged / "source"
    kept.mkdir()
    shutil.copyfile(opened.source, kept / Path(opened.name).name)
    return profile


def _with_unused_table(profile: Profile, opened: Opened, why: DataError) -> Profile:
    """The profile of class folders beside which a table lies that nothing came of: nobody should miss it unawares."""
    params: dict[str, Param] = {"table": opened.table_name}
    if why.message.code == "names_no_pictures":
        first = next(name for name in opened.files if is_picture_name(name))
        unused = problem("table_unused", "warning", {**params, "first": first})
    else:
        unused = problem("table_unread", "warning", {**params, "why": why.message.text})
    return profile.model_copy(update={"problems": worst_first([*profile.problems, unused])})


def _check_options(opened: Opened, options: ReadOptions) -> None:
    """Refuses what a person chose for another kind of file: it would be passed over."""
    if options.sheet is not None and opened.table_format != "excel":
        raise DataError("sheet_of_no_workbook", name=opened.name)
    if options.delimiter is not None and opened.table_format != "delimited":
        raise DataError("delimiter_of_no_text", name=opened.name)


def _ingest_payload(context: JobContext, path: Path, payload: dict[str, Any]) -> dict[str, Any]:
    def progress(fraction: float | None, code: str, **params: Param) -> None:
        if context.is_stop_requested():
            raise JobStopped
        context.progress(fraction, code, **params)

    options = ReadOptions.model_validate(payload.get("options") or {})
    kinds: dict[str, ColumnKind] = payload.get("kinds") or {}
    name = payload.get("name") or path.stem
    ingested = ingest(context.home, path, options=options, kinds=kinds, progress=progress)
    context.store.datasets.add(
        ingested.dataset_id,
        name=name,
        profile=ingested.profile,
        size_bytes=ingested.size_bytes,
        kinds=kinds,
        parent_id=_other(ingested.dataset_id, payload.get("parent")),
    )
    profile = ingested.profile
    return {"dataset": ingested.dataset_id, "rows": profile.num_rows, "columns": len(profile.columns)}


def _other(dataset_id: str, parent_id: str | None) -> str | None:
    """The parent, unless reading again gave the same dataset."""
    return None if parent_id == dataset_id else parent_id


def check_kinds(profile: Profile, kinds: Mapping[str, ColumnKind]) -> None:
    """Refuses kinds for columns that do not exist.

    Raises:
        DataError: Naming the first such column.
    """
    unknown = [name for name in kinds if profile.column(name) is None]
    if unknown:
        columns = ", ".join(column.name for column in profile.columns[:20])
        raise DataError("kind_of_unknown_column", column=unknown[0], columns=columns)


def _remove_upload(home: Home, path: Path, payload: dict[str, Any]) -> None:
    if not payload.get("remove_source"):
        return
    path.unlink(missing_ok=True)
    if path.parent.parent == home.uploads:
        shutil.rmtree(path.parent, ignore_errors=True)


def _silent(fraction: float | None, code: str, **params: Param) -> None:
    """For callers without anybody to tell."""
