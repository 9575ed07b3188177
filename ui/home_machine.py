"""What the machine has, and how much of it is in use."""

from html import escape

import streamlit as st

from leyden.machine import Machine, cpu_percent
from ui.format import percent, size
from ui.layout import meter_html
from ui.words import _, count


def machine_html(machine: Machine, busy_percent: float) -> str:
    """Devices, memory and disk as short bars with their figures; `busy_percent` is that of the processors."""
    rows = [
        _row(gpu.name, _("{percent} busy").format(percent=percent(gpu.percent / 100)), gpu.percent / 100)
        + _row(
            _("GPU memory"),
            _free(gpu.memory_free, gpu.memory_total),
            1 - gpu.memory_free / max(gpu.memory_total, 1),
        )
        for gpu in machine.gpus
    ]
    if machine.has_mps:
        rows.append(_row(_("Apple GPU"), _("available"), None))
    cores = count(machine.num_cpus, "core", "cores")
    busy = _("{percent} busy").format(percent=percent(round(busy_percent) / 100))
    memory_free = machine.memory_total - machine.memory_used
    rows += [
        _row(_("Processor"), f"{cores}, {busy}", busy_percent / 100, machine.cpu_name),
        _row(_("Memory"), _free(memory_free, machine.memory_total), machine.memory_used / machine.memory_total),
        _row(_("Disk"), _free(machine.disk_free, machine.disk_total), 1 - machine.disk_free / machine.disk_total),
    ]
    return f'<div class="ly-machine">{"".join(rows)}</div>'


def draw_machine(machine: Machine) -> None:
    """Draws the machine."""
    st.html(machine_html(machine, cpu_percent()))


def _free(free: int, total: int) -> str:
    return _("{free} of {total} free").format(free=size(free), total=size(total))


def _row(name: str, value: str, used: float | None, title: str = "") -> str:
    bar = "" if used is None else meter_html(used)
    help_text = f' title="{escape(title)}"' if title else ""
    return f"<div{help_text}><p><span>{escape(name)}</span><em>{escape(value)}</em></p>{bar}</div>"
