"""What a task wrote into a report, in the reader's language; names from the data stay as they are."""

from typing import Any

from leyden.reports.model import Calibration, Figure, Headline, Section, Table
from leyden.reports.numbers import figure_text
from leyden.words import _


def translated(section: Section) -> Section:
    """A section with its titles, heads and explanations in the reader's language; names from the data stay.

    A calibration's title gives its error, which would else stand far from its points, among all figures.
    """
    changes: dict[str, Any] = {
        name: _(text) for name in ("title", "help", "x_title", "y_title") if (text := getattr(section, name, ""))
    }
    if isinstance(section, Table):
        changes["columns"] = tuple(_(head) for head in section.columns)
    if isinstance(section, Calibration):
        title = _("{title} · expected calibration error {error}")
        changes["title"] = title.format(title=changes["title"], error=figure_text(section.error))
    if isinstance(section, Headline):
        changes["figures"] = tuple(_figure(figure) for figure in section.figures)
        changes["blind"] = section.blind and _figure(section.blind)
    return section.model_copy(update=changes)


def _figure(figure: Figure) -> Figure:
    return figure.model_copy(update={"title": _(figure.title), "summary": figure.summary and _(figure.summary)})
