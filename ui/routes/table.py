"""All HTTP routes of Leyden beside Streamlit's own, and the middleware around both."""

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from leyden.errors import StoreError
from leyden.messages.render import Message
from ui.routes.access import authorise
from ui.routes.answers import answers
from ui.routes.curves import curves_csv
from ui.routes.downloads import metrics_csv, report_html, run_file
from ui.routes.guard import Guard
from ui.routes.media import plotly_js, thumbnail
from ui.routes.models import describe, predict
from ui.routes.predictions import predictions_csv, upload_rows
from ui.routes.uploads import upload


@answers
async def health(request: Request) -> Response:
    """`GET /api/health`: whether the server answers."""
    authorise(request, "health", "server")
    return JSONResponse({"status": "ok"})


@answers
async def unknown(request: Request) -> Response:
    """Everything else below `/api/`; Streamlit would answer it with its page."""
    is_of_models = f"{request.url.path}/".startswith("/api/models/")
    authorise(request, "mistake" if is_of_models else "look", request.url.path)
    raise StoreError("address_unknown", path=request.url.path[:200])


@answers
async def wrong_method(request: Request) -> Response:
    """What a model's addresses answer to other methods than theirs."""
    path = request.url.path
    authorise(request, "mistake", path)
    allowed = "POST" if path.endswith("/predict") else "GET"
    sentence = Message(
        code="method_wrong", params={"path": path[:200], "allowed": allowed, "found": request.method}
    )
    return JSONResponse(
        {"error": sentence.text, "code": sentence.code}, status_code=405, headers={"Allow": allowed}
    )


EVERY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

ROUTES: list[BaseRoute] = [
    Route("/api/health", health),
    Route("/api/uploads", upload, methods=["PUT"]),
    Route("/api/runs/{run}/files/{name}", run_file),
    Route("/api/runs/{run}/metrics.csv", metrics_csv),
    Route("/api/curves.csv", curves_csv),
    Route("/api/runs/{run}/report-{part}.html", report_html),
    Route("/api/models/{model}", describe),
    Route("/api/models/{model}/predict", predict, methods=["POST"]),
    Route("/api/models/{model}", wrong_method, methods=EVERY_METHOD),
    Route("/api/models/{model}/predict", wrong_method, methods=EVERY_METHOD),
    Route("/api/predictions", upload_rows, methods=["PUT"]),
    Route("/api/predictions/{job}.csv", predictions_csv),
    Route("/api/thumbnails/{sha256}", thumbnail),
    Route("/api/plotly.js", plotly_js),
    Route("/api/{path:path}", unknown, methods=EVERY_METHOD),
]
MIDDLEWARE: list[Middleware] = [Middleware(Guard)]
