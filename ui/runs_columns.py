"""The columns of the runs table: what there is to show, which of it a person has chosen, and the picker.

The choice stands in the address, so that a link shows the same table.
"""

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from leyden.catalogue import Catalogue, MetricCard
from leyden.spec.fields import stored_fields
from leyden.store.listing import FIGURE
from ui import state
from ui.address import bound, some_of
from ui.format import told_apart
from ui.runs_table.component import TableColumn
from ui.words import _

PARAMETER = "columns"
OWN = {
    "state": TableColumn("state", _("State"), "state", "state"),
    "dataset": TableColumn("dataset", _("Data"), "text", "dataset_name"),
    "target": TableColumn("target", _("Target"), "text", "target"),
    "architecture": TableColumn("architecture", _("Architecture"), "text", "architecture"),
    "figures": TableColumn("figures", _("Validation"), "figures"),
    "spark": TableColumn("spark", _("Validation loss"), "spark"),
    "age": TableColumn("age", _("Created"), "time", "created_at"),
    "took": TableColumn("took", _("Took"), "time", "duration_s"),
    "parameters": TableColumn("parameters", _("Parameters"), "value", "num_parameters"),
    "note": TableColumn("note", _("Note"), "note", "note"),
}
USUAL = ("state", "dataset", "architecture", "figures", "spark", "age", "took")
ALWAYS = (
    TableColumn("starred", "★", "star", "is_starred"),
    TableColumn("name", _("Name"), "name", "name"),
)
NOT_OFFERED = ("version", "data.dataset", "data.target", "hardware.device")


class Chosen(NamedTuple):
    """The columns to draw, and the settings whose values they need."""

    columns: tuple[TableColumn, ...]
    settings: tuple[str, ...]


def offered(catalogue: Catalogue, tasks: tuple[str, ...]) -> dict[str, TableColumn]:
    """Every column that can be chosen, by its key: Leyden's own, then figures of these tasks, then settings."""
    found = dict(OWN)
    for name, card in figures_of(catalogue, tasks).items():
        key = f"{FIGURE}{name}"
        found[key] = TableColumn(key, _(card.title), "value", key)
    for dotted, field in stored_fields(catalogue).items():
        if dotted not in NOT_OFFERED:
            found[dotted] = TableColumn(dotted, _(field.title), "value", dotted)
    titles = told_apart({key: column.title for key, column in found.items()}, _group_of)
    return {key: replace(column, title=titles[key]) for key, column in found.items()}


def _group_of(dotted: str) -> str:
    """`categories` of `preparation.categories.min_count`."""
    return dotted.rpartition(".")[0].rpartition(".")[2]


def figures_of(catalogue: Catalogue, tasks: tuple[str, ...]) -> dict[str, MetricCard]:
    """The metrics of these tasks by name."""
    cards = [card for name in tasks if name in catalogue.tasks for card in catalogue.tasks[name].metrics]
    return {card.name: card for card in cards}


def chosen_columns(offers: dict[str, TableColumn]) -> Chosen:
    """The columns of this address, or the usual ones."""
    keys = some_of(PARAMETER, offers, USUAL)
    columns = [offers[key] for key in keys]
    # The name comes first, but behind a state that was asked for first.
    place = 1 if keys[:1] == ["state"] else 0
    columns[place:place] = ALWAYS
    settings = tuple(key for key in keys if key not in OWN and not key.startswith(FIGURE))
    return Chosen(tuple(columns), settings)


def column_picker(offers: dict[str, TableColumn]) -> None:
    """Draws the picker."""
    keys = some_of(PARAMETER, offers, USUAL)
    with st.popover(_("Columns"), icon=":material/view_column:", width="content"):
        st.multiselect(
            _("Columns beside the name, in the order they are picked"),
            list(offers),
            default=keys,
            format_func=lambda name: offers[name].title,
            width=420,
            **bound("runs", PARAMETER, keys, usual=list(USUAL)),
        )
        if tuple(keys) != USUAL:
            st.button(
                _("The usual columns"),
                type="tertiary",
                key="runs.usual",
                on_click=state.set_parameter,
                args=(PARAMETER, None),
            )
