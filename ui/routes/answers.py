"""How routes answer: refusals and failures as JSON with one sentence, work that blocks in a thread."""

import sys
import traceback
from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from leyden.errors import LeydenError
from leyden.messages.render import Message
from ui.routes.access import AccessError

Endpoint = Callable[[Request], Awaitable[Response]]

_STATUS = {
    "upload_too_large": 413,
    "upload_no_space": 507,
    "upload_unnamed": 400,
    "upload_empty": 400,
    "test_sealed": 403,
    "store_unavailable": 503,
    "token_missing": 401,
    "token_refused": 401,
    "request_not_json": 400,
    "request_no_rows": 400,
    "request_too_large": 413,
    "request_too_many": 413,
    "row_lacks_columns": 422,
    "no_value_is_number": 422,
    "no_value_is_date": 422,
    "row_no_number": 422,
    "row_no_date": 422,
    "picture_not_base64": 422,
    "picture_missing_row": 422,
    "picture_unknown": 422,
    "picture_damaged": 422,
    "picture_too_large": 422,
    "model_not_ready": 409,
    "model_too_large": 507,
    "predict_no_memory": 507,
    "service_not_started": 503,
    "service_lost": 503,
    "service_slow": 504,
    "best_broken": 500,
    "checkpoint_closed": 500,
    "unexpected_error": 500,
}


def answers(endpoint: Endpoint) -> Endpoint:
    """Turns what an endpoint raises into `{"error": sentence, "code": code}`."""

    @wraps(endpoint)
    async def answering(request: Request) -> Response:
        try:
            return await endpoint(request)
        except LeydenError as error:
            code = error.message.code
            status = _STATUS.get(code, 403 if isinstance(error, AccessError) else 404)
            return JSONResponse({"error": str(error), "code": code}, status_code=status)
        except ClientDisconnect:
            raise
        except Exception as error:
            # The one broad net of the routes: a program that asks gets JSON also for a defect, and the log all of it.
            print(f"{request.method} {request.url.path!r} failed:", file=sys.stderr)
            traceback.print_exception(error, file=sys.stderr)
            sentence = Message(code="server_failed", params={"kind": type(error).__name__})
            return JSONResponse({"error": sentence.text, "code": sentence.code}, status_code=500)

    return answering


def query(request: Request, name: str) -> str:
    """A parameter of the request's address; empty when it is not given."""
    return QueryParams(request.url.query).get(name, "")
