"""The curves of several runs as one CSV file: every point, where the page shows only as many as a screen can."""

import csv
import io
import math
from collections.abc import Iterator

import numpy as np
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from leyden.reports.smooth import smooth
from leyden.reports.working_time import working_time
from ui.routes.access import authorise
from ui.routes.answers import answers
from ui.workspace import store

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take Chinese names for another encoding."""


@answers
async def curves_csv(request: Request) -> Response:
    """`GET /api/curves.csv?runs=r1,r2&metric=val/loss&smooth=0.6`: one metric of runs, by step, epoch and time.

    `time_s` counts the seconds of work. Smoothing adds a column, and leaves the values as they are. Runs that are
    gone are left out.
    """
    given = request.query_params
    run_ids = list(dict.fromkeys(part for part in given.get("runs", "").split(",") if part))
    authorise(request, "download", ",".join(run_ids))
    rows = _rows(run_ids, given.get("metric", ""), _weight(given.get("smooth", "")))
    # The page knows a better name for it than an address does.
    headers = {"Content-Disposition": "attachment", "Cache-Control": "no-cache"}
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


def _rows(run_ids: list[str], metric: str, weight: float) -> Iterator[str]:
    buffer = io.StringIO(BYTE_ORDER_MARK)
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer, lineterminator="\n")
    smoothed = (f"{metric} (smoothed)",) if weight else ()
    writer.writerow(("run", "id", "step", "epoch", "time_s", metric, *smoothed))
    for run_id in run_ids:
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        run = store().runs.find(run_id)
        points = store().metrics.read(run_id, names=(metric,))[0] if run else []
        times = working_time([point.time for point in points])
        columns = [smooth([point.value for point in points], weight)] if weight else []
        extra = np.column_stack([times, *columns]) if points else ()
        for point, (seconds, *more) in zip(points, extra, strict=True):
            label = run.label if run else ""
            values = (point.value, *more)
            writer.writerow((label, run_id, point.step, point.epoch, f"{seconds:.3f}", *map(_digits, values)))
    yield buffer.getvalue()


def _digits(value: float) -> str:
    """Seven digits: as many as are computed with."""
    return f"{value:.7g}"


def _weight(text: str) -> float:
    """How much is smoothed: from 0 to below 1, or 0 for what is no such number."""
    try:
        weight = float(text or 0)
    except ValueError:
        return 0.0
    return weight if math.isfinite(weight) and 0 <= weight < 1 else 0.0
