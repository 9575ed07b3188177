"""Search, filters, order and page of the runs table: kept in the address, so that a link shows the same list."""

from dataclasses import dataclass
from typing import Any, get_args

import streamlit as st

from leyden.catalogue import Catalogue
from leyden.store.listing import is_sort_key
from leyden.store.records import Dataset, RunRow, State
from leyden.store.store import Store
from ui import state
from ui.runs_rows import architecture_title
from ui.words import STATES, _

PARAMETERS = ("q", "data", "architecture", "state", "sort", "page")
PER_PAGE = 100
NEWEST_FIRST = "-created_at"


@dataclass(frozen=True)
class Filters:
    """Which runs are listed, and in which order."""

    search: str = ""
    dataset_id: str | None = None
    architecture: str | None = None
    states: tuple[State, ...] | None = None
    sort: str = "created_at"
    descending: bool = True

    def count(self, store: Store) -> int:
        """How many runs they let through."""
        return store.runs.count(
            dataset_id=self.dataset_id, architecture=self.architecture, states=self.states, search=self.search
        )

    def page(self, store: Store, number: int) -> list[RunRow]:
        """The runs of one page, from 0."""
        return store.runs.list(
            dataset_id=self.dataset_id,
            architecture=self.architecture,
            states=self.states,
            search=self.search,
            sort=self.sort,
            descending=self.descending,
            limit=PER_PAGE,
            offset=number * PER_PAGE,
        )


def filters_here() -> Filters:
    """The filters of this address; what makes no sense is left out."""
    given = state.parameter("sort") or NEWEST_FIRST
    sort = given.removeprefix("-")
    # In the order they were picked, which the input keeps.
    states = tuple(dict.fromkeys(n for n in (state.parameter("state") or "").split(",") if n in get_args(State)))
    return Filters(
        search=state.parameter("q") or "",
        dataset_id=state.parameter("data"),
        architecture=state.parameter("architecture"),
        states=states or None,  # type: ignore[arg-type]
        sort=sort if is_sort_key(sort) else "created_at",
        descending=given.startswith("-"),
    )


def sort_by(filters: Filters, key: str) -> None:
    """Orders by another column, or the other way round by the same one."""
    starts_down = key in ("created_at", "duration_s")
    descending = not filters.descending if key == filters.sort else starts_down
    _set("sort", f"-{key}" if descending else key)


def filter_bar(filters: Filters, datasets: list[Dataset], catalogue: Catalogue) -> None:
    """Draws the row of filters."""
    names = {dataset.id: dataset.name for dataset in datasets}
    architectures = [name for table in catalogue.architectures.values() for name in table]
    if filters.architecture and filters.architecture not in architectures:
        architectures.append(filters.architecture)
    columns = st.columns([3, 2, 2, 3], vertical_alignment="bottom")
    with columns[0]:
        st.text_input(
            _("Search"),
            placeholder=_("Name, data, architecture or id"),
            value=filters.search,
            type="search",
            live="300ms",
            **_bound("q", filters.search),
        )
    with columns[1]:
        dataset_id = filters.dataset_id if filters.dataset_id in names else ""
        st.selectbox(
            _("Data"),
            ["", *names],
            index=["", *names].index(dataset_id),
            format_func=lambda name: names.get(name, _("All")),
            **_bound("data", dataset_id),
        )
    with columns[2]:
        st.selectbox(
            _("Architecture"),
            ["", *architectures],
            index=["", *architectures].index(filters.architecture or ""),
            format_func=lambda name: architecture_title(name, catalogue) if name else _("All"),
            **_bound("architecture", filters.architecture or ""),
        )
    with columns[3]:
        st.multiselect(
            _("State"),
            list(STATES),
            default=list(filters.states or ()),
            format_func=lambda name: STATES[name],
            placeholder=_("All"),
            **_bound("state", list(filters.states or ())),
        )


def _bound(parameter: str, value: str | list[State]) -> dict[str, Any]:
    """Arguments that make a widget whose default is a parameter of the address write it there."""
    key = state.widget_key(f"runs.{parameter}", value)

    def write() -> None:
        chosen = state.recall(key, value)
        _set(parameter, ",".join(chosen) if isinstance(chosen, list) else chosen)

    return {"key": key, "on_change": write}


def _set(parameter: str, value: str) -> None:
    state.set_parameter(parameter, value or None)
    state.set_parameter("page", None)
