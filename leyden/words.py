"""The one gate through which every text that people see passes, so that the interface can be translated.

It stands in the core because the file of a report passes it as its page does. Failure reasons and problems do not
stand here: they are codes, rendered by `leyden.messages`.
"""


def _(text: str) -> str:
    """The text in the reader's language; today that is always the English it was written in.

    Placeholders stay in the text (`_("{n} runs").format(n=3)`), so that a translation may move them.
    """
    return text


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: `count(1, "row", "rows")` is "1 row", of 1,200 it is "1,200 rows"."""
    return f"{number:,} {_(one) if number == 1 else _(many)}"
