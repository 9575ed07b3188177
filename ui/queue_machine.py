"""What the machine does, as small live charts: processor, memory, and each GPU."""

import time
from collections.abc import Callable, Sequence

from leyden.machine import Machine
from leyden.machine_history import Sample
from ui.format import number, size
from ui.live_chart.component import Line, Panel, live_chart
from ui.words import _
from ui.workspace import machine_history

GIGABYTE = 1e9


def machine_charts(machine: Machine) -> None:
    """Draws the last ten minutes."""
    history = machine_history()
    history.look()
    live_chart(
        machine_panels(history.samples, machine, time.time()),
        revision="machine",
        x_title=_("Minutes, until now"),
        x_format=".1f",
        empty=_("The first measurement comes in a moment."),
        key="queue.machine",
    )


def machine_panels(samples: Sequence[Sample], machine: Machine, now: float) -> tuple[Panel, ...]:
    """Processor and memory, then use and memory of each GPU; every axis ends at what there is."""
    x = [round((sample.time - now) / 60, 3) for sample in samples]

    def panel(name: str, title: str, about: str, unit: float, top: float, values: list[float]) -> Panel:
        newest = _percent(values[-1]) if unit == 1 else size(values[-1])
        line = Line(about, "plain", x, [float(f"{value / unit:.4g}") for value in values], newest)
        return Panel(name, title, (line,), from_zero=True, top=top / unit)

    def percents(name: str, title: str, about: str, value_of: Callable[[Sample], float]) -> Panel:
        return panel(name, title, about, 1, 100, [value_of(sample) for sample in samples])

    def memories(name: str, title: str, total: int, value_of: Callable[[Sample], float]) -> Panel:
        about = _("of {total}").format(total=size(total))
        return panel(name, title, about, GIGABYTE, total, [value_of(sample) for sample in samples])

    if not samples:
        return ()
    cores = _("{n} cores").format(n=number(machine.num_cpus))
    panels = [
        percents("processor", _("Processor (%)"), cores, lambda sample: sample.cpu_percent),
        memories("memory", _("Memory (GB)"), machine.memory_total, lambda sample: sample.memory_used),
    ]
    for place, gpu in enumerate(machine.gpus):
        use, memory = _("{device} (%)"), _("{device}, memory (GB)")
        panels += [
            percents(gpu.device, use.format(device=gpu.device), gpu.name, _nth("gpu_percent", place)),
            memories(
                f"{gpu.device}-memory",
                memory.format(device=gpu.device),
                gpu.memory_total,
                _nth("gpu_memory_used", place),
            ),
        ]
    return tuple(panels)


def _nth(name: str, place: int) -> Callable[[Sample], float]:
    """The value of one GPU; 0 while its driver did not answer."""

    def value(sample: Sample) -> float:
        values: tuple[float, ...] = getattr(sample, name)
        return values[place] if place < len(values) else 0.0

    return value


def _percent(value: float) -> str:
    return f"{value:.0f} %"
