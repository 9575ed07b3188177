"""The live chart: panels of curves that are redrawn in place, so that a person's zoom survives every new point.

Only the drawing is here; which curves a run has, and how they are thinned, is `ui.run_curves`.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

from leyden.palette import DARK, LIGHT, Palette
from ui import state
from ui.plotly_loader import LOADER
from ui.words import _

HERE = Path(__file__).parent

_CHART = st.components.v2.component(
    "leyden_live_chart",
    html="""<div class="leyden-charts" data-testid="live-chart">
<p class="leyden-note" hidden></p><div class="leyden-grid"></div>
</div>""",
    css=(HERE / "chart.css").read_text(encoding="utf-8"),
    js=LOADER + (HERE / "chart.js").read_text(encoding="utf-8"),
    # Plotly puts its own styles into the document's head, where a shadow root does not see them.
    isolate_styles=False,
)


@dataclass(frozen=True)
class Line:
    """One curve of a panel; x and y are thinned, `newest` is the last value as people read it."""

    name: str
    role: Literal["train", "val", "plain", "second"]
    x: list[float]
    y: list[float]
    newest: str
    format: str = ".4~g"


@dataclass(frozen=True)
class Panel:
    """One small chart. `mark` is the x of a dotted line; amounts are drawn from zero."""

    id: str
    title: str
    lines: tuple[Line, ...]
    size: Literal["large", "small"] = "small"
    log: bool = False
    mark: float | None = None
    from_zero: bool = False
    top: float | None = None
    """The most there can be, a little below the end of the y axis; None: it ends where the curves do."""
    span: tuple[float, float] | None = None
    """What the y axis shows, as exponents where it is logarithmic; None: what the curves reach."""
    x_span: tuple[float, float] | None = None
    """The same of the x axis."""


def live_chart(
    panels: tuple[Panel, ...], *, revision: str, x_title: str, x_format: str, empty: str, key: str
) -> None:
    """Draws the panels.

    Args:
        panels: In the order they are drawn.
        revision: While this stays the same, zoom and pan of the person are kept.
        x_title: Unit of all x axes.
        x_format: d3 format of x in hovers.
        empty: What is said when there are no panels yet.
        key: Of the element.
    """
    data = {
        "panels": [asdict(panel) for panel in panels],
        "revision": revision,
        "x_title": x_title,
        "x_format": x_format,
        "empty": empty,
        "best": _("best"),
        "unavailable": _("The charts could not be loaded. Reload the page."),
        "plotly": state.url("api/plotly.js"),
        "colours": {"light": _colours(LIGHT), "dark": _colours(DARK)},
    }
    _CHART(data=data, key=key, height="content")


def _colours(palette: Palette) -> dict[str, str]:
    return {
        "train": palette.train,
        "val": palette.val,
        "plain": palette.accent,
        "second": palette.muted,
        "muted": palette.muted,
    }
