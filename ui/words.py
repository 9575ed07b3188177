"""The one gate through which every text that people see passes, so that the interface can be translated.

Failure reasons and problems do not stand here: they are codes, rendered by `leyden.messages`.
"""


def _(text: str) -> str:
    """The text in the reader's language; today that is always the English it was written in.

    Placeholders stay in the text (`_("{n} runs").format(n=3)`), so that a translation may move them.
    """
    return text


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: `count(1, "row", "rows")` is "1 row", of 1,200 it is "1,200 rows"."""
    return f"{number:,} {_(one) if number == 1 else _(many)}"


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
