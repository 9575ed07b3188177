"""Lightning's logger into the store. A thread of its own writes, so that training never waits for the database."""

import math
import threading
import time
from types import TracebackType
from typing import Any, Self

from pytorch_lightning.loggers import Logger

from leyden.errors import StoreError
from leyden.store.metrics import Metrics
from leyden.store.records import Point

FLUSH_EVERY_S = 0.5
CLOSE_TIMEOUT_S = 120


class StoreLogger(Logger):
    """Writes a run's points in batches; keeps them while the store is away. A context manager.

    The first point is written at once. When another attempt has taken the run over, the next call of
    `log_metrics` raises.

    Args:
        metrics: Where points go.
        run_id: The run.
        job_id: The attempt that writes.
    """

    def __init__(self, metrics: Metrics, run_id: str, job_id: int) -> None:
        super().__init__()
        self._metrics, self._run_id, self._job_id = metrics, run_id, job_id
        self._points: list[Point] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._wake, self._closing = threading.Event(), threading.Event()
        self._superseded: StoreError | None = None
        self._thread = threading.Thread(target=self._write_on, daemon=True, name="store-logger")
        self._wake.set()

    @property
    def name(self) -> str:
        """The run's id."""
        return self._run_id

    @property
    def version(self) -> int:
        """The attempt's job."""
        return self._job_id

    def log_hyperparams(self, *args: Any, **kwargs: Any) -> None:
        """The spec is in the store already."""

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        """Adds a point per metric; `epoch` among them is their place in epochs. Values that are no finite number
        are left out: nothing can be drawn of them.

        Raises:
            StoreError: `superseded`.
        """
        if self._superseded is not None:
            raise self._superseded
        now, epoch = time.time(), metrics.get("epoch", 0.0)
        points = [
            Point(name=name, step=step or 0, epoch=epoch, value=value, time=now)
            for name, value in metrics.items()
            if name != "epoch" and math.isfinite(value)
        ]
        with self._lock:
            self._points += points
        self._wake.set()

    def save(self) -> None:
        """Writes now, if the store can be written."""
        self._flush()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Writes what is left; after a success it waits for a store that is away, since a curve belongs to it."""
        self._closing.set()
        self._wake.set()
        self._thread.join()
        deadline = time.monotonic() + (CLOSE_TIMEOUT_S if kind is None else 0)
        while not self._flush() and time.monotonic() < deadline:
            time.sleep(FLUSH_EVERY_S)

    def _write_on(self) -> None:
        while not self._closing.is_set():
            self._wake.wait()
            self._wake.clear()
            self._flush()
            self._closing.wait(FLUSH_EVERY_S)
            if self._points:
                self._wake.set()

    def _flush(self) -> bool:
        """Writes what is there, in order; False when it has to stay."""
        with self._writing:
            with self._lock:
                points = list(self._points)
            try:
                self._metrics.write(self._run_id, self._job_id, points)
            except StoreError as error:
                if error.message.code != "superseded":
                    return False
                self._superseded = error
            with self._lock:
                del self._points[: len(points)]
            return True
