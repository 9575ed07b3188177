"""Models over HTTP: what one asks for, and its answers. Documented in `docs/api.md`."""

from functools import partial
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from leyden.engine import service
from leyden.errors import DataError, RunError
from leyden.prediction.models import find_model
from leyden.prediction.signature import read_signature
from ui.routes.access import authorise
from ui.routes.answers import answers
from ui.workspace import home, store

MOST_BYTES = 32 * 10**6
"""Of a request; a thousand pictures of a phone are a file for the Predict page."""
FAR = 4
"""One that has this many times as many is not read to its end."""
WAITING = anyio.CapacityLimiter(16)
"""Threads that wait for the prediction service: other routes keep theirs."""


@answers
async def describe(request: Request) -> Response:
    """`GET /api/models/{model}`: the columns that a model reads, and what it answers."""
    model_id = request.path_params["model"]
    authorise(request, "describe", model_id)
    return JSONResponse(await anyio.to_thread.run_sync(_describe, model_id, limiter=WAITING))


@answers
async def predict(request: Request) -> Response:
    """`POST /api/models/{model}/predict`: rows in, answers out, both JSON."""
    model_id = request.path_params["model"]
    authorise(request, "predict", model_id)
    await anyio.to_thread.run_sync(find_model, home(), store(), model_id)
    body = await _body(request)
    answer = await anyio.to_thread.run_sync(partial(service.predict, home(), model_id, body), limiter=WAITING)
    return JSONResponse(answer)


async def _body(request: Request) -> bytes:
    """The request's content.

    One that is too large is read on to its end and dropped, unless that is far: many programs look for an answer only
    when they have sent all.

    Raises:
        DataError: `request_too_large`.
    """
    too_large = DataError("request_too_large", limit=MOST_BYTES // 10**6)
    if int(request.headers.get("content-length") or 0) > FAR * MOST_BYTES:
        raise too_large
    body, num_bytes = bytearray(), 0
    async for chunk in request.stream():
        num_bytes += len(chunk)
        if num_bytes <= MOST_BYTES:
            body += chunk
        elif num_bytes > FAR * MOST_BYTES:
            raise too_large
    if num_bytes > MOST_BYTES:
        raise too_large
    return bytes(body)


def _describe(model_id: str) -> dict[str, Any]:
    model, _path = find_model(home(), store(), model_id)
    signature = read_signature(home(), model_id)
    if signature is None:
        # Of a run that was trained before there were signatures: the service writes one.
        service.load(home(), model_id)
        signature = read_signature(home(), model_id)
    if signature is None:
        raise RunError("model_file_gone", model=model_id)
    about = signature.model_dump(mode="json", include={"task", "target", "classes"})
    columns = [column.model_dump(mode="json", exclude_defaults=True) for column in signature.columns]
    return {"model": model.id, "run": model.run_id, **about, "columns": columns}
