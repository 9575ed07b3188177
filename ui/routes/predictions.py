"""Files to predict: taken from the browser to the disk, and their answers given back as CSV."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import anyio
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from leyden.actions import predict_file
from leyden.errors import RunError, StoreError
from leyden.prediction.files import OUT, answers_file, remove_old
from leyden.prediction.models import find_model
from leyden.store.records import Job
from ui.address import whole
from ui.routes.access import authorise
from ui.routes.answers import answers, query
from ui.routes.curves import BYTE_ORDER_MARK
from ui.routes.uploads import take
from ui.workspace import home, store

BLOCK_BYTES = 2**16
MARK = BYTE_ORDER_MARK.encode()


@answers
async def upload_rows(request: Request) -> Response:
    """`PUT /api/predictions?model=&name=`: takes a file and queues its prediction."""
    model_id = query(request, "model")
    authorise(request, "predict-file", model_id)
    await anyio.to_thread.run_sync(find_model, home(), store(), model_id)
    await anyio.to_thread.run_sync(remove_old, home(), store())
    return await take(request, home().predictions, partial(_queue, model_id))


@answers
async def predictions_csv(request: Request) -> Response:
    """`GET /api/predictions/{job}.csv`: the answers to a file."""
    given = request.path_params["job"]
    authorise(request, "download", f"job-{given}")
    job_id = whole(given)
    if job_id is None:
        raise StoreError("job_unknown", job=given[:40])
    job = await anyio.to_thread.run_sync(store().jobs.get, job_id)
    path = answers_file(home(), job)
    try:
        file = None if path is None else path.open("rb")
    except OSError:
        file = None
    if file is None:
        raise RunError("predictions_gone", job=job_id)
    headers = {
        "Content-Disposition": _attachment(job),
        "Content-Length": str(len(MARK) + os.fstat(file.fileno()).st_size),
        "Cache-Control": "no-cache",
    }
    return StreamingResponse(_for_spreadsheets(file), media_type="text/csv; charset=utf-8", headers=headers)


def _attachment(job: Job) -> str:
    """The answers are called after the file that they are for."""
    source = Path(Path(str(job.payload["path"])).name.removesuffix(".gz"))
    return f"attachment; filename*=utf-8''{quote(f'{source.stem}-predictions.csv')}"


def _for_spreadsheets(file: BinaryIO) -> Iterator[bytes]:
    """The file behind a mark; what the command line writes is for programs, and has none."""
    with file:
        yield MARK
        while block := file.read(BLOCK_BYTES):
            yield block


def _queue(model_id: str, path: Path) -> Job:
    model, _checkpoint = find_model(home(), store(), model_id)
    return predict_file(home(), store(), model.run_id or model.id, path, path.parent / OUT, remove_source=True)
