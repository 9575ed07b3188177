"""What pages call things; `_` itself, through which all their text passes, is the core's (`leyden.words`)."""

from leyden.words import _ as _
from leyden.words import count as count

STATES: dict[str, str] = {
    "queued": _("Waiting"),
    "running": _("Running"),
    "finished": _("Finished"),
    "failed": _("Failed"),
    "stopped": _("Stopped"),
}
"""States of runs and jobs as people read them."""

KINDS: dict[str, str] = {
    "number": _("Number"),
    "category": _("Category"),
    "datetime": _("Date"),
    "text": _("Text"),
    "image": _("Image"),
    "ignored": _("Ignored"),
}
"""Kinds of columns as people read them."""

KIND_HELP: dict[str, str] = {
    "number": _("A quantity: more or less of it means something."),
    "category": _("One of several names; their order means nothing."),
    "datetime": _("A moment: becomes year, month, weekday, hour."),
    "text": _("Free text, read word by word or character by character."),
    "image": _("A picture per row."),
    "ignored": _("Not used: says nothing, or would give the answer away."),
}
"""What a kind means, in one sentence."""

MODALITIES: dict[str, str] = {
    "tabular": _("table values"),
    "image": _("pictures"),
    "text": _("texts"),
}
"""What an architecture reads, where a run has several."""

DEVICES: dict[str, str] = {"auto": _("Automatic"), "cpu": _("CPU"), "mps": _("Apple GPU")}


def device_name(device: str) -> str:
    """A device as people read it: the choice of none, the processor; a GPU by the number it is asked for."""
    return DEVICES.get(device, device)


def with_processes(device: str, num_processes: int) -> str:
    """A device as people read it, with the number of processes on it where there are several."""
    if num_processes == 1:
        return device
    return _("{device}, {n} processes").format(device=device, n=num_processes)
