"""One picture of several reports, made ready to be compared by eye: over the same ranges, quick to draw.

How a picture looks is not decided here.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from leyden.reports.figures import MAX_SVG_POINTS
from leyden.reports.model import Bars, Curves, Line, Scatter, Section

MAX_POINTS = 6000
"""In all pictures together: drawn as SVG, more take a browser over a second."""
MARGIN = 0.04
"""Of a range, beyond what is furthest out: a point at the edge is seen whole."""


class Ranges(NamedTuple):
    """What both axes show; None leaves an axis to its picture."""

    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None

    def apply(self, figure: go.Figure) -> None:
        """Has a figure show these."""
        if self.x is not None:
            figure.update_xaxes(range=self.x)
        if self.y is not None:
            figure.update_yaxes(range=self.y)


def shared_ranges(sections: Sequence[Section]) -> Ranges:
    """The ranges in which there is room for all of these pictures, which are the same one of several reports."""
    points: list[Scatter | Line] = [one for one in sections if isinstance(one, Scatter)]
    points += [line for one in sections if isinstance(one, Curves) and not one.diagonal for line in one.lines]
    if points:
        return Ranges(_around(x for one in points for x in one.x), _around(y for one in points for y in one.y))
    if bars := [one for one in sections if isinstance(one, Bars)]:
        highest = max((count for one in bars for count in one.counts), default=0)
        return Ranges(_around(edge for one in bars for edge in one.edges), (0, (1 + MARGIN) * max(highest, 1)))
    return Ranges()


def _around(values: Iterable[float]) -> tuple[float, float] | None:
    """From the lowest to the highest, with a margin; None where there is nothing between them."""
    found = np.fromiter(values, float)
    found = found[np.isfinite(found)]
    if not len(found) or found.min() == found.max():
        return None
    low, high = float(found.min()), float(found.max())
    margin = MARGIN * (high - low)
    return low - margin, high + margin


def bounded(section: Scatter, num_pictures: int) -> Scatter:
    """The picture with as many of its points as it may have beside the others: evenly taken, so of the same rows."""
    num_points = min(MAX_POINTS // num_pictures, MAX_SVG_POINTS)
    if len(section.x) <= num_points:
        return section
    kept = np.linspace(0, len(section.x) - 1, num_points).round().astype(int)
    columns = {name: tuple(getattr(section, name)[place] for place in kept) for name in ("x", "y", "row_ids")}
    return section.model_copy(update=columns)


def differ_in_width(sections: Sequence[Section]) -> bool:
    """Whether these are histograms whose bars do not stand for equally wide ranges."""
    widths = [one.edges[1] - one.edges[0] for one in sections if isinstance(one, Bars)]
    return bool(widths) and max(widths) > 1.05 * min(widths)
