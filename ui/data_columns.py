"""A dataset's columns as cards: kind, distribution, what is missing, examples; a person may choose the kind."""

from html import escape

import streamlit as st

from leyden.datasets.profile import COLUMN_KINDS, Column, ColumnKind, Profile
from leyden.reports.numbers import NBSP
from leyden.store.records import Dataset
from ui import layout, state
from ui.data_bars import distribution_html, quotes_html
from ui.format import number, percent, shorten
from ui.words import KIND_HELP, KINDS, _

PER_PAGE = 24
SEARCH_FROM = 12
"""Columns from which on a search box helps more than it disturbs."""


def column_cards(dataset: Dataset, profile: Profile) -> None:
    """Draws a page of column cards, with a search where there are many."""
    inferred = state.inferred_profile(dataset.id)
    columns = _searched(profile.columns)
    if dataset.kinds:
        with st.container(horizontal=True, vertical_alignment="center"):
            layout.quiet(_("Chosen by you: {names}").format(names=shorten(", ".join(dataset.kinds), 120)))
            st.button(
                _("Back to the inferred kinds"),
                key="reset-kinds",
                type="tertiary",
                on_click=state.store().datasets.set_kinds,
                args=(dataset.id, {}),
            )
    number_of_page = layout.page_number(len(columns), PER_PAGE)
    with st.grid("auto", min_column_width=300, gap="small"):
        for column in columns[number_of_page * PER_PAGE : (number_of_page + 1) * PER_PAGE]:
            _card(dataset, profile, column, inferred.kinds[column.name])


def _searched(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    if len(columns) < SEARCH_FROM:
        return columns
    wanted = st.text_input(
        _("Find a column"), key="find-column", placeholder=_("Find a column"), label_visibility="collapsed"
    )
    found = tuple(column for column in columns if wanted.casefold() in column.name.casefold())
    if not found:
        layout.quiet(_("No column is called like that."))
    return found


def _card(dataset: Dataset, profile: Profile, column: Column, inferred: ColumnKind) -> None:
    with st.container(border=True, gap="xsmall", height="stretch", key=f"ly-column-{dataset.id}-{column.name}"):
        head = st.columns([3, 2], vertical_alignment="center", gap="small", wrap=False)
        head[0].html(f'<h3 class="ly-name" title="{escape(column.name)}">{escape(column.name)}</h3>')
        _kind_picker(head[1], dataset, column, inferred)
        st.html(distribution_html(column, profile.num_rows) + column_line_html(column, profile.num_rows))


def _kind_picker(
    place: st.delta_generator.DeltaGenerator, dataset: Dataset, column: Column, inferred: str
) -> None:
    key = f"kind-{dataset.id}-{column.name}"
    choices = [kind for kind in COLUMN_KINDS if kind == column.kind or kind in _possible(column)]

    def choose() -> None:
        kind: ColumnKind = state.widget_value(key, column.kind)
        state.store().datasets.set_kind(dataset.id, column.name, None if kind == inferred else kind)

    if state.widget_value(key, column.kind) != column.kind:
        state.set_widget(key, column.kind)
    place.selectbox(
        _("Kind of {column}").format(column=column.name),
        choices,
        index=choices.index(column.kind),
        format_func=lambda kind: KINDS[kind],
        label_visibility="collapsed",
        key=key,
        on_change=choose,
        filter_mode=None,
    )


def _possible(column: Column) -> set[str]:
    """Kinds that a person may give to a column."""
    if column.images is not None:
        return {"image", "ignored"}
    kinds = {"category", "text", "ignored"}
    if column.numbers is not None:
        kinds.add("number")
    if column.dates is not None or column.storage == "datetime":
        kinds.add("datetime")
    return kinds


def column_line_html(column: Column, num_rows: int) -> str:
    """What is missing, how many values differ, the middle of a quantity; examples; why it has its kind."""
    missing = _("complete")
    if column.num_missing:
        share = percent(column.num_missing / max(num_rows, 1))
        missing = _("{n} missing ({share})").format(n=number(column.num_missing), share=share)
    parts = [missing]
    # Most reasons say it, in the line below.
    if "distinct" not in column.reason.params:
        parts.append(_("{n} distinct").format(n=number(column.num_distinct)))
    if column.kind == "number" and column.numbers is not None:
        spread = _("mean {mean} ± {std}").replace(" ", NBSP)
        parts.append(spread.format(mean=number(column.numbers.mean), std=number(column.numbers.std)))
    if column.kind == "text" and column.lengths is not None:
        parts.append(_("read by characters") if column.lengths.is_cjk else _("read by words"))
    tail = _examples_html(column)
    reason = f"{KIND_HELP[column.kind]} {column.reason.text}"
    return (
        f'<p class="ly-line">{escape(" · ".join(parts))}</p>{tail}'
        f'<p class="ly-line ly-one" title="{escape(reason)}">{escape(column.reason.text)}</p>'
    )


def _examples_html(column: Column) -> str:
    """A few values; those that stand beside their bars need no repeating."""
    if column.kind == "text":
        return quotes_html(column, most=2)
    shown = () if column.kind == "category" else column.examples[:4]
    examples = ", ".join(shorten(example, 30) for example in shown)
    return f'<p class="ly-line ly-one">{escape(_("e.g."))} {escape(examples)}</p>' if examples else ""
