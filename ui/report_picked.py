"""What is picked in a report: the address keeps it, and its rows stand there until they are closed.

A report has several parts that are drawn apart from each other, and each keeps a pick of its own.
"""

import streamlit as st

from leyden.reports.model import Report
from leyden.reports.outcomes import Outcomes
from leyden.reports.picks import Pick, parse_pick, picked
from leyden.store.records import Run
from ui import layout, state
from ui.report_rows import rows_view, title_of
from ui.words import _

PICK, BETWEEN = "pick", "~"
"""The address has `pick=val.1.cell:0,0~test.examples.unsure`."""
SECTIONS, THRESHOLD, EXAMPLES = "sections", "threshold", "examples"
"""The parts that keep a pick; places in the sections are numbers."""


def key_of(report: Report, place: str) -> str:
    """What the widgets of a place in a report are told by."""
    return f"report.{report.run}.{report.part}.{place}"


def closed_key(key: str) -> str:
    """Where it is counted how often the rows of a place were closed."""
    return f"{key}.closed"


def let_go(key: str) -> None:
    """Has a browser forget what it keeps selected in the chart of a place."""
    state.change(closed_key(key), 0, lambda times: times + 1)


def place_in(part: str, where: str) -> str | None:
    """At which place something is picked in a part of a report."""
    return next((entry.split(".", 2)[1] for entry in _entries() if _owner(entry) == (part, where)), None)


def chosen_in(where: str, report: Report, outcomes: Outcomes | None) -> tuple[str, Pick] | None:
    """Where in a part of this report something is picked, and what."""
    if outcomes is None:
        return None
    entry = next((entry for entry in _entries() if _owner(entry) == (report.part, where)), "..")
    _part, place, text = entry.split(".", 2)
    pick = parse_pick(text, outcomes)
    return (place, pick) if pick else None


def keep_pick(part: str, place: str, text: str | None) -> None:
    """Keeps what was picked at a place, instead of what was in the same part of the report; None lets go of it."""
    others = [entry for entry in _entries() if _owner(entry) != (part, _part_of(place))]
    entries = [*others, f"{part}.{place}.{text}"] if text else others
    state.set_parameter(PICK, BETWEEN.join(entries) or None)


def picked_view(run: Run, report: Report, outcomes: Outcomes, place: str, pick: Pick) -> None:
    """The rows of a pick, with the way to close them."""
    key = key_of(report, place)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        layout.section(title_of(pick, outcomes))
        st.button(
            _("Close"),
            icon=":material/close:",
            type="tertiary",
            key=f"report.close.{report.part}.{_part_of(place)}",
            on_click=_close,
            args=(report, place),
        )
    rows_view(run, report, outcomes, picked(outcomes, pick), f"{key}.rows.{pick}", pick)


def _close(report: Report, place: str) -> None:
    keep_pick(report.part, place, None)
    let_go(key_of(report, place))


def _entries() -> list[str]:
    """What is picked in each part: the part, the place and the pick, of which only the last has more points."""
    return [entry for entry in (state.parameter(PICK) or "").split(BETWEEN) if entry.count(".") >= 2]


def _owner(entry: str) -> tuple[str, str]:
    part, place, _text = entry.split(".", 2)
    return part, _part_of(place)


def _part_of(place: str) -> str:
    return place if place in (THRESHOLD, EXAMPLES) else SECTIONS
