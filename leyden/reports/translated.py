"""What a task wrote into a report, in the reader's language; names from the data stay as they are."""

from typing import Any

from leyden.reports.model import Figure, Headline, Section, Table
from leyden.words import _


def translated(section: Section) -> Section:
    """A section with its titles, heads and explanations in the reader's language; names from the data stay."""
    changes: dict[str, Any] = {
        name: _(text) for name in ("title", "help", "x_title", "y_title") if (text := getattr(section, name, ""))
    }
    if isinstance(section, Table):
        changes["columns"] = tuple(_(head) for head in section.columns)
    if isinstance(section, Headline):
        changes["figures"] = tuple(_figure(figure) for figure in section.figures)
        changes["blind"] = section.blind and _figure(section.blind)
    return section.model_copy(update=changes)


def _figure(figure: Figure) -> Figure:
    return figure.model_copy(update={"title": _(figure.title), "summary": figure.summary and _(figure.summary)})
