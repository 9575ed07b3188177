"""All HTTP routes of Leyden beside Streamlit's own, and the middleware around both."""

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from leyden.errors import StoreError
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
    authorise(request, "look", request.url.path)
    raise StoreError("address_unknown", path=request.url.path[:200])


ROUTES: list[BaseRoute] = [
    Route("/api/health", health),
    Route("/api/uploads", upload, methods=["PUT"]),
    Route("/api/runs/{run}/files/{name}", run_file),
    Route("/api/runs/{run}/metrics.csv", metrics_csv),
    Route("/api/curves.csv", curves_csv),
    Route("/api/runs/{run}/report-{part}.html", report_html),
    Route("/api/models/{model}", describe),
    Route("/api/models/{model}/predict", predict, methods=["POST"]),
    Route("/api/predictions", upload_rows, methods=["PUT"]),
    Route("/api/predictions/{job}.csv", predictions_csv),
    Route("/api/thumbnails/{sha256}", thumbnail),
    Route("/api/plotly.js", plotly_js),
    Route("/api/{path:path}", unknown, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
]
MIDDLEWARE: list[Middleware] = [Middleware(Guard)]
