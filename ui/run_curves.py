"""The curves of one run: read from the store as they grow, kept for the session, and cut into panels to draw."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import RLock
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from leyden.catalogue import MetricCard, TaskCard
from leyden.reports.constant import constant_range
from leyden.reports.thin import thin
from leyden.store.records import Run
from leyden.store.store import Store
from ui.format import number
from ui.live_chart.component import Line, Panel
from ui.words import _

Axis = Literal["epoch", "step", "time"]

MAX_POINTS = 600
"""Per line: more than a panel has pixels for its lowest and highest values."""
LOSS = "loss"


@dataclass
class Series:
    """One metric of a run as columns that grow."""

    step: array = field(default_factory=lambda: array("d"))
    epoch: array = field(default_factory=lambda: array("d"))
    time: array = field(default_factory=lambda: array("d"))
    value: array = field(default_factory=lambda: array("d"))

    def __len__(self) -> int:
        return len(self.value)


@dataclass
class RunCurves:
    """The metrics of one run, up to a position in the store."""

    run_id: str
    generation: int = 0
    position: int = 0
    series: dict[str, Series] = field(default_factory=dict)
    start: float | None = None
    """When the run's first point came, of whatever metric."""
    names: tuple[str, ...] | None = None
    """The metrics that are read; None for all."""
    lock: RLock = field(default_factory=RLock, repr=False, compare=False)
    """For what is read in: a page that is out of date may be at it beside the newer one."""

    def read_new(self, store: Store, run: Run) -> bool:
        """Takes in what came since; starts over when another attempt has replaced points.

        Returns:
            Whether anything is new.
        """
        with self.lock:
            return self._read_new(store, run)

    def _read_new(self, store: Store, run: Run) -> bool:
        is_replaced = run.generation != self.generation
        if is_replaced:
            self.generation, self.position, self.series, self.start = run.generation, 0, {}, None
        points, self.position = store.metrics.read(run.id, after=self.position, names=self.names)
        for point in points:
            series = self.series.setdefault(point.name, Series())
            for column, value in zip(
                (series.step, series.epoch, series.time, series.value),
                (point.step, point.epoch, point.time, point.value),
                strict=True,
            ):
                column.append(value)
        if points and self.start is None:
            self.start = points[0].time if self.names is None else store.metrics.began(self.run_id)
        return bool(points) or is_replaced

    def best_step(self) -> float | None:
        """Step of the lowest validation loss so far."""
        losses = self.series.get("val/loss")
        if not losses:
            return None
        values = np.array(losses.value)
        return float(losses.step[int(np.nanargmin(values))]) if np.isfinite(values).any() else None

    def values(self, name: str) -> Sequence[float]:
        """The values of a metric so far."""
        series = self.series.get(name)
        return series.value if series else ()

    def newest(self, name: str) -> float | None:
        """The newest value of a metric."""
        series = self.series.get(name)
        return series.value[-1] if series else None


@dataclass(frozen=True)
class PanelKind:
    """A panel that can be shown: its title, its metrics with the role of each line, and how values are written."""

    title: str
    lines: tuple[tuple[str, str, Literal["train", "val", "plain", "second"]], ...]
    """Metric, name of the line, role."""
    scale: float = 1.0
    from_zero: bool = False
    card: MetricCard | None = None
    """Of the metric, where it shows one."""


def panel_kinds(curves: RunCurves, task: TaskCard | None) -> dict[str, PanelKind]:
    """The panels that this run has curves for, in their order."""
    train, val = _("train"), _("validation")
    kinds = {LOSS: PanelKind(_("Loss"), (("train/loss", train, "train"), ("val/loss", val, "val")))}
    live = [metric for metric in task.metrics if metric.is_live] if task else []
    for metric in live:
        names = ((f"train/{metric.name}", train, "train"), (f"val/{metric.name}", val, "val"))
        kinds[metric.name] = PanelKind(_(metric.title), names, card=metric)  # type: ignore[arg-type]
    kinds["lr"] = PanelKind(_("Learning rate"), (("lr", _("rate"), "plain"),))
    speed = ("speed/rows_per_s", _("rows/s"), "plain")
    kinds["speed"] = PanelKind(_("Rows per second"), (speed,), from_zero=True)  # type: ignore[arg-type]
    processors = (("system/cpu_percent", _("CPU"), "plain"), ("system/gpu_percent", _("GPU"), "second"))
    kinds["processor"] = PanelKind(_("Processor use (%)"), processors, from_zero=True)  # type: ignore[arg-type]
    memories = (("system/memory_bytes", _("memory"), "plain"), ("system/gpu_memory_bytes", _("GPU"), "second"))
    kinds["memory"] = PanelKind(_("Memory (GB)"), memories, scale=1e-9, from_zero=True)  # type: ignore[arg-type]
    return {name: kind for name, kind in kinds.items() if any(line[0] in curves.series for line in kind.lines)}


def panels(
    curves: RunCurves, kinds: dict[str, PanelKind], *, axis: Axis, is_log: bool, best_step: float | None
) -> tuple[Panel, ...]:
    """The panels as the chart draws them: the first two large, the best step marked in those of validation."""
    to_x, _title, _format = x_axis(curves, axis)
    drawn = []
    for place, (name, kind) in enumerate(kinds.items()):
        lines = tuple(
            _line(curves.series[metric], title, role, to_x, kind.scale)
            for metric, title, role in kind.lines
            if metric in curves.series
        )
        has_validation = any(line.role == "val" for line in lines)
        mark = _x_of_step(curves, best_step, to_x) if has_validation and best_step is not None else None
        size: Literal["large", "small"] = "large" if place < 2 else "small"
        log = is_log and name == LOSS
        values = (value for line in lines for value in line.y)
        span = None if kind.from_zero else constant_range(values, kind.card, is_log=log)
        drawn.append(
            Panel(
                name,
                kind.title,
                lines,
                size,
                log=log,
                mark=mark,
                from_zero=kind.from_zero,
                span=span,
                x_span=_around_one(lines),
            )
        )
    return tuple(drawn)


def _around_one(lines: tuple[Line, ...]) -> tuple[float, float] | None:
    """What the x axis shows around the only place that has points; None where there are several, or none.

    Left to itself, plotly shows what lies between such a point and its mark: the last digits of one number.
    """
    places = {x for line in lines for x in line.x}
    if len(places) != 1:
        return None
    [x] = places
    return 0.0, 2 * x or 1.0


def x_axis(curves: RunCurves, axis: Axis) -> tuple[Callable[[Series], NDArray], str, str]:
    """How positions are taken from a series, the title of the axis, and the format of its values."""
    if axis == "epoch":
        return (lambda series: np.array(series.epoch)), _("Epoch"), ".4~g"
    if axis == "step":
        return (lambda series: np.array(series.step)), _("Step"), ",d"
    start = curves.start or 0.0
    latest = max((series.time[-1] for series in curves.series.values()), default=start)
    units = ((3 * 3600, 3600, _("Time (h)")), (600, 60, _("Time (min)")), (0, 1, _("Time (s)")))
    unit, title = next((unit, title) for least, unit, title in units if latest - start >= least)
    return (lambda series: (np.array(series.time) - start) / unit), title, ".3~f"


def _line(
    series: Series,
    name: str,
    role: Literal["train", "val", "plain", "second"],
    to_x: Callable[[Series], NDArray],
    scale: float,
) -> Line:
    values = np.array(series.value) * scale
    x, y = thin(to_x(series), values, MAX_POINTS)
    newest = number(float(f"{values[-1]:.4g}")) if len(values) else ""
    return Line(name, role, _rounded(x), _rounded(y), newest)


def _rounded(values: NDArray) -> list[float]:
    """Seven digits: more than can be seen, and half of what would be sent."""
    return [float(f"{value:.7g}") for value in values]


def _x_of_step(curves: RunCurves, step: float, to_x: Callable[[Series], NDArray]) -> float | None:
    """Where a step lies on the axis, by the validation loss that was measured there."""
    series = curves.series.get("val/loss")
    if not series:
        return None
    steps = np.array(series.step)
    return float(to_x(series)[int(np.abs(steps - step).argmin())])
