"""The curves of several runs as one CSV file: every point, where the page shows only as many as a screen can."""

import csv
import io
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from leyden.reports.smooth import smooth
from leyden.reports.working_time import working_time
from ui.routes.access import authorise
from ui.routes.answers import answers
from ui.workspace import store

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take Chinese names for another encoding."""

CHUNK = 5000
"""Points that are read, and lines that are written, at once."""


@answers
async def curves_csv(request: Request) -> Response:
    """`GET /api/curves.csv?runs=r1,r2&metric=val/loss&smooth=0.6`: one metric of runs, by step, epoch and time.

    `time_s` counts the seconds of work since the run's first point. Smoothing adds a column, and leaves the values as
    they are. Runs that are gone are left out.
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
    yield _taken(buffer)
    for run_id in run_ids:
        run = store().runs.find(run_id)
        if run is None:
            continue
        for block in _blocks(_curve(run_id, metric), store().metrics.began(run_id), weight):
            for step, epoch, seconds, *values in block:
                writer.writerow((run.label, run_id, int(step), epoch, f"{seconds:.3f}", *map(_digits, values)))
            yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    """What was written, which the buffer then no longer holds."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _curve(run_id: str, metric: str) -> NDArray:
    """Step, epoch, time and value of each point, float64 (N, 4), without an object for each that stays."""
    metrics, place, parts = store().metrics, 0, [np.empty((0, 4))]
    while True:
        points, place = metrics.read(run_id, after=place, names=(metric,), limit=CHUNK)
        parts.append(np.array([(one.step, one.epoch, one.time, one.value) for one in points]).reshape(-1, 4))
        if len(points) < CHUNK:
            return np.concatenate(parts)


def _blocks(curve: NDArray, start: float | None, weight: float) -> Iterator[list[list[float]]]:
    """Lines of the file as numbers, some at a time: step, epoch, seconds, value, and the smoothed value."""
    step, epoch, time, value = curve.T
    smoothed = [smooth(value, weight)] if weight else []
    lines = np.column_stack([step, epoch, working_time(time, start), value, *smoothed])
    for start in range(0, len(lines), CHUNK):
        yield lines[start : start + CHUNK].tolist()


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
