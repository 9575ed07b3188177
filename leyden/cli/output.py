"""How the command line talks: results on stdout, everything else on stderr."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from leyden.messages.render import show
from leyden.text_width import width_of

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else there.")]


def say(text: str) -> None:
    """A word to the person at the terminal, on stderr."""
    print(text, file=sys.stderr, flush=True)


def result(value: Mapping[str, Any], lines: Sequence[str], *, as_json: bool) -> None:
    """The answer of a command, on stdout: one JSON object, or lines to read."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False) if as_json else "\n".join(lines), flush=True)


def columns(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Lines of a plain table; numbers as people read them, missing values as a dash."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(width_of(row[index]) for row in cells) for index in range(len(head))]
    return [
        "  ".join(cell + " " * (width - width_of(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def _cell(value: Any) -> str:
    return "-" if value is None or value == "" else show(value)


class Status:
    """One line on stderr that changes while something is waited for; plain lines when it is not a terminal."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._last = ""

    def update(self, text: str) -> None:
        """Shows a new state, if it is new."""
        if text == self._last:
            return
        self._last = text
        if self._is_terminal:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
        else:
            say(text)

    def close(self) -> None:
        """Ends the line."""
        if self._is_terminal and self._last:
            say("")
