"""Turns a stored code with parameters into the sentence people read.

Reasons and problems are stored as codes, so that the interface can be translated later: this is the one place
that renders them. The sentences themselves stand in the other modules of this package, by area.
"""

from collections.abc import Mapping

from pydantic import Field

from leyden.messages import data, predict, progress, run, spec, store, web
from leyden.records import Record

Param = str | int | float | None

SENTENCES: Mapping[str, str] = {
    **data.SENTENCES,
    **predict.SENTENCES,
    **progress.SENTENCES,
    **run.SENTENCES,
    **spec.SENTENCES,
    **store.SENTENCES,
    **web.SENTENCES,
}


class Message(Record):
    """A code with parameters, and the sentence they make."""

    code: str
    params: dict[str, Param] = Field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence, or the bare code with its parameters when a newer Leyden wrote a code unknown here."""
        template = SENTENCES.get(self.code)
        if template is None:
            return f"{self.code} {self.params}" if self.params else self.code
        return template.format_map({name: show(value) for name, value in self.params.items()})


def show(value: Param) -> str:
    """A value as people read it: thousands separated, at most four significant digits after a point, a minus sign."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return value
    style = "," if isinstance(value, int) else ",.4g" if not 1e3 <= abs(value) < 1e15 else ",.0f"
    return format(value, style).replace("-", "−")
