"""Search, filters, order and page of the runs table: kept in the address, so that a link shows the same list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import streamlit as st

from leyden.catalogue import Catalogue
from leyden.store.listing import RunFilters, is_sort_key
from leyden.store.records import RunFacets, RunRow, State
from leyden.store.store import Store
from ui import state
from ui.address import bound, is_on
from ui.runs_columns import PARAMETER as COLUMNS
from ui.runs_rows import architecture_title
from ui.words import STATES, _, count

FILTERS = ("q", "data", "architecture", "state", "tag", "starred")
PARAMETERS = (*FILTERS, "sort", "page", COLUMNS)
PER_PAGE = 100
NEWEST_FIRST = "-created_at"
LARGEST_FIRST = ("created_at", "duration_s", "num_parameters", "is_starred")


@dataclass(frozen=True)
class Listed:
    """Which runs are listed, and in which order."""

    filters: RunFilters
    sort: str = "created_at"
    descending: bool = True

    def count(self, store: Store) -> int:
        """How many runs the filters let through."""
        return store.runs.count(**self.filters)

    def first(self, store: Store, limit: int) -> list[RunRow]:
        """The first so many runs of all pages."""
        return store.runs.list(sort=self.sort, descending=self.descending, limit=limit, **self.filters)

    def page(self, store: Store, number: int, settings: tuple[str, ...] = ()) -> list[RunRow]:
        """The runs of one page, from 0, with the values of these settings."""
        return store.runs.list(
            sort=self.sort,
            descending=self.descending,
            limit=PER_PAGE,
            offset=number * PER_PAGE,
            settings=settings,
            **self.filters,
        )


def listed_here() -> Listed:
    """What this address lists; what makes no sense is left out."""
    given = state.parameter("sort") or NEWEST_FIRST
    sort = given.removeprefix("-")
    # In the order they were picked, which the inputs keep.
    states = tuple(name for name in _several("state") if name in get_args(State))
    filters = RunFilters(
        search=state.parameter("q") or "",
        dataset_id=state.parameter("data"),
        architecture=state.parameter("architecture"),
        states=states or None,  # type: ignore[typeddict-item]
        tags=_several("tag"),
        is_starred=is_on("starred"),
    )
    if not is_sort_key(sort):
        given, sort = NEWEST_FIRST, NEWEST_FIRST.removeprefix("-")
    return Listed(filters, sort, given.startswith("-"))


def summary(listed: Listed, store: Store, num_all: int) -> str:
    """How many runs there are, how many of them the filters let through, how many are at work, and how many wait."""
    num_listed = listed.count(store)
    found = count(num_all, "run", "runs")
    parts = [found if num_listed == num_all else _("{n} of {runs}").format(n=f"{num_listed:,}", runs=found)]
    if num_running := store.runs.count(states=("running",)):
        parts.append(_("{n} at work").format(n=f"{num_running:,}"))
    if num_waiting := store.runs.count(states=("queued",)):
        is_paused = store.settings.queue().is_paused
        text = _("{n} waiting in the paused queue") if is_paused else _("{n} waiting")
        parts.append(text.format(n=f"{num_waiting:,}"))
    return ", ".join(parts)


def sort_by(key: str) -> None:
    """Orders by another column, or the other way round by the same one."""
    listed = listed_here()
    starts_down = key in LARGEST_FIRST or key.startswith("val/")
    descending = not listed.descending if key == listed.sort else starts_down
    _set("sort", f"-{key}" if descending else key)


def filter_by_tag(tag: str) -> None:
    """Lists only runs with this tag, beside the other filters."""
    _set("tag", ",".join(dict.fromkeys([*_several("tag"), tag])))


def clear_filters() -> None:
    """Lists all runs, in the same order and columns."""
    for name in FILTERS:
        state.set_parameter(name, None)
    state.set_parameter("page", None)


def none_fits(filters: RunFilters, facets: RunFacets, dataset_names: Mapping[str, str]) -> str:
    """That no run fits, and which filters no run at all fits, as a link from elsewhere may have them."""
    dataset, architecture = filters["dataset_id"], filters["architecture"]
    unknown = [_("the tag '{tag}'").format(tag=tag) for tag in filters["tags"] if tag not in facets.tags]
    if architecture and architecture not in facets.architectures:
        unknown.insert(0, _("the architecture '{name}'").format(name=architecture))
    if dataset and dataset not in facets.datasets:
        unknown.insert(0, _("the data '{name}'").format(name=dataset_names.get(dataset, dataset)))
    if not unknown:
        return _("No run fits these filters.")
    return _("No run fits these filters: none has {filters}.").format(filters=_(" or ").join(unknown))


def filter_bar(listed: Listed, facets: RunFacets, dataset_names: Mapping[str, str], catalogue: Catalogue) -> None:
    """Draws the filters; only what some run has is offered."""
    filters = listed.filters
    search = filters["search"]
    st.text_input(
        _("Search"),
        placeholder=_("Name, note, tag, data ..."),
        value=search,
        type="search",
        live="300ms",
        width=230,
        **bound("runs", "q", search, resets="page"),
    )
    names = {dataset_id: dataset_names.get(dataset_id, dataset_id) for dataset_id in facets.datasets}
    names = dict(sorted(names.items(), key=lambda item: item[1].lower()))
    _pick_one("data", _("Data"), filters["dataset_id"], facets.datasets, names, lambda name: names[name])
    _pick_one(
        "architecture",
        _("Architecture"),
        filters["architecture"],
        facets.architectures,
        facets.architectures,
        lambda name: architecture_title(name, catalogue),
    )
    _pick_many("state", _("State"), list(filters["states"] or ()), list(STATES), lambda name: STATES[name])
    if facets.tags or filters["tags"]:
        tags = list(dict.fromkeys([*facets.tags, *filters["tags"]]))
        _pick_many("tag", _("Tags"), list(filters["tags"]), tags, str, _("Runs that have all of these."))
    is_starred = bool(filters["is_starred"])
    st.toggle(_("Starred"), value=is_starred, **bound("runs", "starred", is_starred, usual=False, resets="page"))


def _pick_one(
    parameter: str,
    label: str,
    value: str | None,
    counts: Mapping[str, int],
    options: Mapping[str, object],
    title: Callable[[str], str],
) -> None:
    """One of several values, each with its number of runs; a value that no run has is offered while it is chosen."""
    names = ["", *options] + ([value] if value and value not in options else [])
    st.selectbox(
        label,
        names,
        index=names.index(value or ""),
        format_func=lambda name: (
            f"{title(name) if name in options else name} ({counts.get(name, 0):,})" if name else _("All")
        ),
        width=180,
        **bound("runs", parameter, value or "", resets="page"),
    )


def _pick_many(
    parameter: str,
    label: str,
    value: list[Any],
    options: list[Any],
    title: Callable[[str], str],
    help: str | None = None,
) -> None:
    st.multiselect(
        label,
        options,
        default=value,
        format_func=title,
        placeholder=_("All"),
        help=help,
        width=190,
        **bound("runs", parameter, value, usual=[], resets="page"),
    )


def _several(parameter: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in (state.parameter(parameter) or "").split(",") if part))


def _set(parameter: str, value: str) -> None:
    state.set_parameter(parameter, value or None)
    state.set_parameter("page", None)
