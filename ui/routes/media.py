"""What pages show: thumbnails of images, and the chart library, both cached by the browser."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import anyio
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from leyden.errors import DataError
from ui.address import whole
from ui.routes.access import authorise
from ui.routes.answers import answers, query
from ui.workspace import home

SIZES = (64, 128, 256, 512)
"""Sides of thumbnails in pixels; a size between them is rounded up, so that the cache stays small."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@answers
async def thumbnail(request: Request) -> Response:
    """`GET /api/thumbnails/{sha256}?size=`: a small picture of an image."""
    sha256 = request.path_params["sha256"]
    authorise(request, "view", sha256)
    wanted = whole(query(request, "size"))
    size = next((side for side in SIZES if wanted is not None and side >= wanted), SIZES[1])
    path = await anyio.to_thread.run_sync(_make_thumbnail, sha256, size)
    return FileResponse(path, headers={"Cache-Control": "private, max-age=31536000, immutable"})


@answers
async def plotly_js(request: Request) -> Response:
    """`GET /api/plotly.js`: the chart library as the plotly package ships it, so that charts work offline."""
    authorise(request, "view", "plotly.js")
    headers = {"Cache-Control": "private, max-age=604800"}
    return FileResponse(_plotly_path(), media_type="text/javascript", headers=headers)


def _make_thumbnail(sha256: str, size: int) -> Path:
    if not _SHA256.fullmatch(sha256) or not home().media_file(sha256).is_file():
        raise DataError("media_unknown", sha256=sha256[:64])
    from leyden.datasets.read import thumbnail

    return thumbnail(home(), sha256, size)


@cache
def _plotly_path() -> Path:
    spec = importlib.util.find_spec("plotly")
    assert spec is not None and spec.origin is not None, "plotly is in requirements.txt"
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"
