"""What a run leaves to take away: files, metrics and reports, streamed from disk or store."""

import csv
import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import anyio
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse

from leyden.datasets.profile import PARTS
from leyden.errors import RunError
from leyden.reports.read import read_report
from leyden.run_folder import BEST, LAST, LOG, SPEC, WEIGHTS, predictions_table, report_page
from leyden.store.records import Run
from ui.routes.access import authorise
from ui.routes.answers import answers
from ui.words import _
from ui.workspace import catalogue, home, store

BINARY, CSV = "application/octet-stream", "text/csv; charset=utf-8"


class Download(NamedTuple):
    """A file that a run leaves to take away."""

    media_type: str
    about: str


FILES = {
    BEST: Download(
        BINARY, _("Best checkpoint: the weights of the best epoch with everything that is needed to predict")
    ),
    LAST: Download(BINARY, _("Last checkpoint: what a resumed run goes on from")),
    WEIGHTS: Download(BINARY, _("The best weights alone")),
    predictions_table("val"): Download(CSV, _("Predictions for the validation rows")),
    predictions_table("test"): Download(CSV, _("Predictions for the test rows")),
    SPEC: Download("application/json", _("Every setting of this run")),
    LOG: Download("text/plain; charset=utf-8", _("What the training printed")),
}
"""The files of a run's folder that may leave it, in the order they are listed."""

ROWS_PER_CHUNK = 2000


@answers
async def run_file(request: Request) -> Response:
    """`GET /api/runs/{run}/files/{name}`: one file of a run."""
    run_id, name = request.path_params["run"], request.path_params["name"]
    authorise(request, "download", run_id)
    path = await anyio.to_thread.run_sync(_find_file, run_id, name)
    headers = {"Content-Disposition": _attachment(run_id, name), "Cache-Control": "no-cache"}
    media_type = FILES[name].media_type
    if name == LOG:
        # It may grow while it is read, so its length is not promised.
        return StreamingResponse(_read(path), media_type=media_type, headers=headers)
    # Checkpoints hardly shrink, and compressing one takes longer than sending it.
    return FileResponse(path, media_type=media_type, headers={**headers, "Content-Encoding": "identity"})


@answers
async def metrics_csv(request: Request) -> Response:
    """`GET /api/runs/{run}/metrics.csv`: all live metrics, in the order they came."""
    run_id = request.path_params["run"]
    authorise(request, "download", run_id)
    run = await anyio.to_thread.run_sync(store().runs.get, run_id)
    headers = {"Content-Disposition": _attachment(run.id, "metrics.csv"), "Cache-Control": "no-cache"}
    return StreamingResponse(_metric_rows(run.id), media_type="text/csv; charset=utf-8", headers=headers)


@answers
async def report_html(request: Request) -> Response:
    """`GET /api/runs/{run}/report-{part}.html`: a report as one file that needs nothing else."""
    run_id, part = request.path_params["run"], request.path_params["part"]
    authorise(request, "download", run_id)
    page = await anyio.to_thread.run_sync(partial(_render_report, run_id, part))
    headers = {"Content-Disposition": _attachment(run_id, report_page(part)), "Cache-Control": "no-cache"}
    return HTMLResponse(page, headers=headers)


def _find_file(run_id: str, name: str) -> Path:
    run = store().runs.get(run_id)
    path = home().run(run.id) / name
    if name == predictions_table("test"):
        _require_opened(run)
    if name not in FILES or not path.is_file():
        raise RunError("file_unknown", run=run.id, name=name[:100])
    return path


def _render_report(run_id: str, wanted: str) -> str:
    from leyden.reports.html import render_html
    from leyden.reports.leads import with_lead
    from leyden.reports.rivals import rivals_of

    run = store().runs.get(run_id)
    part = next((part for part in PARTS if part == wanted), None)
    if part == "test":
        _require_opened(run)
    report = read_report(home(), store(), run.id, part) if part else None
    if report is None:
        raise RunError("file_unknown", run=run.id, name=f"report-{wanted[:100]}.html")
    rivals = with_lead(rivals_of(store(), catalogue(), run, report.part), home(), run, report)
    return render_html(report, run, rivals, home())


def _require_opened(run: Run) -> None:
    if store().reports.get(run.id, "test") is None:
        raise RunError("test_sealed", run=run.id)


def _metric_rows(run_id: str) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("name", "step", "epoch", "value", "time"))
    position, points = 0, None
    while points is None or points:
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        points, position = store().metrics.read(run_id, after=position, limit=ROWS_PER_CHUNK)
        writer.writerows((point.name, point.step, point.epoch, point.value, point.time) for point in points)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(2**16):
            yield block


def _attachment(run_id: str, name: str) -> str:
    # Both are plain ASCII: a known run id and a listed name.
    return f'attachment; filename="{run_id}-{name}"'
