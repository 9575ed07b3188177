"""The table of runs: real links, headers that sort, ticks that select, a sparkline per run.

A grid of Streamlit's own draws on a canvas, where a name is no link and cannot be opened in a new tab. What the
columns hold is `ui.runs_rows`.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import streamlit as st

from ui import state
from ui.words import _

HERE = Path(__file__).parent

_TABLE = st.components.v2.component(
    "leyden_runs_table",
    html="""<div class="scroll">
<table data-testid="runs-table"><thead></thead><tbody></tbody></table>
</div>""",
    css=(HERE / "table.css").read_text(encoding="utf-8"),
    js=(HERE / "table.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class TableColumn:
    """One column: where its cells lie in a row, how they are drawn, and what sorting by it is called."""

    key: str
    title: str
    kind: Literal["star", "name", "state", "text", "figures", "spark", "time", "value", "note"]
    sort: str | None = None


class Clicks(NamedTuple):
    """What a click in the table does: each is called at once, before the table is drawn anew."""

    sort: Callable[[str], None]
    """Is told by what to sort: a column's `sort`."""
    tag: Callable[[str], None]
    """Is told the tag that was clicked."""
    star: Callable[[str], None]
    """Is told the id of the run whose star was clicked."""


@dataclass(frozen=True)
class TableEvent:
    """What a person did in the table."""

    selected: frozenset[str]
    opened: str | None
    is_listed_anew: bool
    """Whether the order or the filters were changed by the click that this is drawn for."""


def runs_table(
    columns: tuple[TableColumn, ...],
    rows: list[dict[str, Any]],
    *,
    sort: str,
    descending: bool,
    key: str,
    clicks: Clicks,
) -> TableEvent:
    """Draws the table.

    Every row has `id`, `name`, `number`, `label`, `href`, `tags`, `note`, `starred` and `colours` (light, dark)
    beside its cells; a cell that is left out is drawn as a dash.
    """
    known: Mapping[str, Any] = state.widget_value(key, {})
    data = {
        "columns": [asdict(column) for column in columns],
        "rows": rows,
        "sort": sort,
        "descending": descending,
        "selected": known.get("selected") or [],
        "label": _("Runs"),
        "all": _("Select all"),
        "select": _("Select {name}"),
        "star": _("Star {name}"),
        "with_tag": _("Only runs with the tag {tag}"),
    }
    result = _TABLE(
        data=data,
        key=key,
        height="content",
        default={"selected": []},
        on_selected_change=lambda: None,
        on_open_change=lambda: None,
        on_sort_change=lambda: clicks.sort(_clicked(key, "sort")),
        on_star_change=lambda: clicks.star(_clicked(key, "star")),
        on_tag_change=lambda: clicks.tag(_clicked(key, "tag")),
    )
    shown = {row["id"] for row in rows}
    selected = frozenset(result.selected or ()) & shown
    opened = result.open if result.open in shown else None
    return TableEvent(selected, opened, is_listed_anew=bool(result.sort or result.tag))


def _clicked(key: str, what: str) -> str:
    """What was clicked, to the callback of the click."""
    return str(state.widget_value(key, {what: ""})[what])
