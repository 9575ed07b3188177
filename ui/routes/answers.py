"""How routes answer: refusals and failures as JSON with one sentence, work that blocks in a thread."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from leyden.errors import LeydenError
from ui.routes.access import AccessError

Endpoint = Callable[[Request], Awaitable[Response]]

_STATUS = {
    "upload_too_large": 413,
    "upload_no_space": 507,
    "upload_unnamed": 400,
    "upload_empty": 400,
    "test_sealed": 403,
    "store_unavailable": 503,
}


def answers(endpoint: Endpoint) -> Endpoint:
    """Turns a `LeydenError` of an endpoint into `{"error": sentence, "code": code}`."""

    @wraps(endpoint)
    async def answering(request: Request) -> Response:
        try:
            return await endpoint(request)
        except LeydenError as error:
            code = error.message.code
            status = 403 if isinstance(error, AccessError) else _STATUS.get(code, 404)
            return JSONResponse({"error": str(error), "code": code}, status_code=status)

    return answering


def query(request: Request, name: str) -> str:
    """A parameter of the request's address; empty when it is not given."""
    return QueryParams(request.url.query).get(name, "")
