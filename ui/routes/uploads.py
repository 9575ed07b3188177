"""Files on their way in: streamed to disk, never held in memory, and handed to an import job."""

import os
import secrets
import shutil
import time
import unicodedata
from collections.abc import AsyncIterator, Callable
from pathlib import Path, PurePosixPath

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from leyden.actions import import_path
from leyden.errors import DataError
from leyden.home import Home
from leyden.store.records import Job
from leyden.store.store import Store
from ui.routes.access import authorise
from ui.routes.answers import answers, query
from ui.workspace import home, store

BLOCK_BYTES = 2**20
"""Written at once: one hop into a thread per block, and never more of a file in memory."""
SPARE_BYTES = 500 * 10**6
"""Stays free on the disk, for the database and for what is training."""
MAX_NAME_BYTES = 200
STALE_AFTER_S = 3600


@answers
async def upload(request: Request) -> Response:
    """`PUT /api/uploads?name=`: takes one file and queues its import."""
    authorise(request, "upload", "file")
    return await take(request, home().uploads, _import)


async def take(request: Request, parent: Path, queue: Callable[[Path], Job]) -> Response:
    """Streams a request's file into a folder of its own below `parent`, and queues the job that reads it.

    Raises:
        LeydenError: It is not wanted, or cannot be kept, or `queue` refuses it; then nothing stays behind.
    """
    name = clean_name(query(request, "name"))
    check_size(name, int(request.headers.get("content-length") or 0), home())
    folder = parent / secrets.token_hex(8)
    try:
        await receive(request.stream(), folder, name)
        job = await anyio.to_thread.run_sync(queue, folder / name)
    except BaseException as error:
        # Also when the browser goes away or the server stops: a part of a file is of no use.
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(lambda: shutil.rmtree(folder, ignore_errors=True))
        if isinstance(error, ClientDisconnect):
            return Response(status_code=499)
        raise
    return JSONResponse({"upload": folder.name, "job": job.id, "name": name})


async def receive(stream: AsyncIterator[bytes], folder: Path, name: str) -> None:
    """Writes a stream into `folder/name`.

    Raises:
        DataError: `upload_empty`, `upload_too_large`, `upload_no_space`.
    """
    await anyio.to_thread.run_sync(lambda: folder.mkdir(parents=True))
    num_bytes = 0
    block = bytearray()
    async with await anyio.open_file(folder / name, "wb") as file:
        async for chunk in stream:
            block += chunk
            if len(block) >= BLOCK_BYTES:
                num_bytes += len(block)
                await anyio.to_thread.run_sync(check_size, name, num_bytes, home(), True)
                await file.write(bytes(block))
                block.clear()
        await file.write(bytes(block))
        num_bytes += len(block)
    if not num_bytes:
        raise DataError("upload_empty", name=name)


def clean_name(name: str) -> str:
    """The file's own name, safe to use on this disk: no folders, no control signs; other letters stay.

    Raises:
        DataError: `upload_unnamed` when nothing is left.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/")
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    path = PurePosixPath(PurePosixPath(name).name.strip())
    if not path.name.strip(". "):
        raise DataError("upload_unnamed")
    suffix = "".join(path.suffixes[-2:])[-20:]
    stem = path.name[: len(path.name) - len(suffix)]
    while len((stem + suffix).encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return stem + suffix


def check_size(name: str, num_bytes: int, home: Home, is_part_written: bool = False) -> None:
    """Refuses what the server will not take or cannot hold.

    Raises:
        DataError: `upload_too_large`, `upload_no_space`.
    """
    limit = max_upload_bytes()
    if num_bytes > limit:
        raise DataError("upload_too_large", name=name, limit=limit / 1e9)
    free = shutil.disk_usage(home.uploads).free
    needed = BLOCK_BYTES if is_part_written else num_bytes
    if free < needed + SPARE_BYTES:
        raise DataError("upload_no_space", name=name, free=round(free / 1e9, 1))


def max_upload_bytes() -> int:
    """The largest file taken: `LEYDEN_MAX_UPLOAD_GB`, 20 GB by default."""
    return int(float(os.environ.get("LEYDEN_MAX_UPLOAD_GB") or 20) * 1e9)


def remove_stale_uploads(home: Home, store: Store) -> None:
    """Removes uploads that no waiting or running import reads: what a crash of the server left behind."""
    in_use = {str(Path(job.payload["path"]).parent) for job in store.jobs.list(kinds=("ingest",), limit=10_000)}
    for folder in home.uploads.iterdir():
        newest = max((entry.stat().st_mtime for entry in (folder, *folder.glob("*"))), default=0.0)
        # A younger one may be arriving right now at another server of this workspace.
        if str(folder.resolve()) not in in_use and newest < time.time() - STALE_AFTER_S:
            shutil.rmtree(folder, ignore_errors=True)


def discard_upload(home: Home, job: Job) -> None:
    """Removes the uploaded file of an import that will not read it any more."""
    folder = Path(str(job.payload["path"])).parent
    if job.payload.get("remove_source") and folder.parent == home.uploads.resolve():
        shutil.rmtree(folder, ignore_errors=True)


def dataset_name(file_name: str) -> str:
    """What a dataset made of this file is called at first: the file's name without its ending."""
    stem = PurePosixPath(file_name).stem
    return stem.removesuffix(".tar") or file_name


def _import(path: Path) -> Job:
    return import_path(home(), store(), path, name=dataset_name(path.name), remove_source=True)
