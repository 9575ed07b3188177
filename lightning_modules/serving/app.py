"""The service's HTTP interface, for `leyden.engine.service` alone: the socket's folder lets nobody else in."""

import sys
import time
import traceback
from collections.abc import Awaitable, Callable

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from leyden.errors import LeydenError, RunError
from leyden.messages.render import Message
from lightning_modules.serving.models import Models

AT_ONCE = 2
"""Requests that are computed at the same time; the others wait, so that their rows do not fill the memory."""


class Service:
    """Answers requests for the models of a workspace, and knows how long nobody has asked."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self._num_active = 0
        self._last_s = time.monotonic()
        self._computing = anyio.CapacityLimiter(AT_ONCE)

    @property
    def idle_s(self) -> float:
        """Seconds since the last answer; 0 while somebody waits for one."""
        return 0.0 if self._num_active else time.monotonic() - self._last_s

    @property
    def app(self) -> Starlette:
        """The routes."""
        routes = [
            Route("/models/{model:path}/load", self._counted(self._load), methods=["POST"]),
            Route("/models/{model:path}/predict", self._counted(self._predict), methods=["POST"]),
        ]
        return Starlette(routes=routes)

    async def _load(self, request: Request) -> Response:
        waiting = await anyio.to_thread.run_sync(self.models.waiting, request.path_params["model"])
        return JSONResponse({"waiting": waiting.model_dump() if waiting else None})

    async def _predict(self, request: Request) -> Response:
        body, model_id = await request.body(), request.path_params["model"]
        answer = await anyio.to_thread.run_sync(self._compute, model_id, body, limiter=self._computing)
        return JSONResponse({"model": model_id, **answer})

    def _compute(self, model_id: str, body: bytes) -> dict[str, object]:
        predictor = self.models.get(model_id)
        from lightning_modules.serving.rows import answer

        return answer(predictor, body)

    def _counted(
        self, endpoint: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def counted(request: Request) -> Response:
            self._num_active += 1
            try:
                return await endpoint(request)
            except Exception as error:
                # The one broad net of this process: whatever happens to one request, the others go on.
                return JSONResponse(_failure(error))
            finally:
                self._num_active -= 1
                self._last_s = time.monotonic()

        return counted


def _failure(error: Exception) -> dict[str, object]:
    """The error's class and message, as the client raises it again."""
    known = error if isinstance(error, LeydenError) else _explained(error)
    return {"error": type(known).__name__, "message": known.message.model_dump()}


def _explained(error: Exception) -> RunError:
    from lightning_modules.failures import explain

    traceback.print_exception(error, file=sys.stderr)
    reason = explain(error)
    if reason is not None and reason.code == "out_of_memory":
        return RunError("predict_no_memory")
    message = reason or Message(
        code="unexpected_error", params={"kind": type(error).__name__, "detail": str(error) or "no further detail"}
    )
    return RunError(message.code, **message.params)
