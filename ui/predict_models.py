"""Choosing the model that predicts: newest first, the best of its kind and the starred ones marked."""

import streamlit as st

from leyden.catalogue import Catalogue, MetricCard
from leyden.reports.numbers import figure_text
from leyden.store.models import MOST_LISTED
from leyden.store.records import ModelRow
from ui import layout, state
from ui.address import bound
from ui.format import ago_html, shorten
from ui.layout import Fact
from ui.predict_ask import OF_QUESTION
from ui.runs_rows import architecture_title
from ui.words import _, count

SEARCH = "find"
"""The parameter of the address with what models are searched for."""
SEARCH_WIDTH = 280


def listed() -> list[ModelRow]:
    """The models to choose from: those that were searched for, or the newest and the starred ones."""
    return state.store().models.list(search=state.parameter(SEARCH) or "")


def choose_model(rows: list[ModelRow], current: ModelRow, catalogue: Catalogue) -> None:
    """Draws the picker; another choice changes the page's address, and so the page."""
    search = state.parameter(SEARCH) or ""
    # The best of all, and not only of those that a search has found.
    others = state.store().models.list() if search else []
    best = best_ids([*{row.id: row for row in [*rows, *others]}.values()], catalogue)
    by_id = {row.id: row for row in (rows if current in rows else [current, *rows])}

    def label(model_id: str) -> str:
        row = by_id[model_id]
        mark = _(" · best for {target}").format(target=row.target) if model_id in best else ""
        star = "★ " if row.is_starred else ""
        return f"{star}{shorten(row.choice, 70)} · {_figure(row, catalogue)}{mark}"

    ids = list(by_id)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            _("Model"),
            ids,
            index=ids.index(current.id),
            format_func=label,
            # Not after it is drawn: the page begins with the model of its address.
            **state.edited("predict.model", current.id, _open),
        )
        if search or len(rows) >= MOST_LISTED:
            st.text_input(
                _("Find a model"),
                value=search,
                type="search",
                placeholder=_("Name, data, target, tag or #12"),
                width=SEARCH_WIDTH,
                **bound("predict", SEARCH, search),
            )
    if search:
        layout.quiet(_("{n} found for '{search}'.").format(n=count(len(rows), "model", "models"), search=search))
    elif len(rows) >= MOST_LISTED:
        layout.quiet(
            _("The newest {n} models stand here, and starred ones; find others by name.").format(n=MOST_LISTED)
        )


def model_facts(row: ModelRow, catalogue: Catalogue) -> None:
    """What the chosen model is."""
    facts = [
        Fact(_("Predicts"), row.target),
        Fact(_("Architecture"), architecture_title(row.architecture, catalogue)),
        Fact(_("Trained"), ago_html(row.created_at), html=True),
    ]
    if (card := _card(row, catalogue)) is not None and card.name in row.figures:
        value = figure_text(row.figures[card.name])
        facts.insert(1, Fact(_(card.title), value, help=_("On the validation rows. ") + _(card.summary)))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        layout.facts(facts)
        layout.link(row.dataset_name, "dataset", icon=":material/table_view:", data=row.dataset_id)
        layout.link(_("Its run"), "run", icon=":material/model_training:", run=row.run_id, tab="report")


def best_ids(rows: list[ModelRow], catalogue: Catalogue) -> set[str]:
    """Of each dataset and target with several models, the one whose validation figure is best."""
    groups: dict[tuple[str, str, str], list[ModelRow]] = {}
    for row in rows:
        if row.headline and row.headline in row.figures:
            groups.setdefault((row.dataset_id, row.target, row.headline), []).append(row)
    best = set()
    for group in groups.values():
        card = _card(group[0], catalogue)
        if card is not None and len(group) > 1:
            sign = 1 if card.higher_is_better else -1
            best.add(max(group, key=lambda row: sign * row.figures[row.headline or ""]).id)
    return best


def _open(model_id: str) -> None:
    """Turns to the chosen model; what was asked of the model before is not asked of this one."""
    state.set_parameter("model", model_id)
    for parameter in OF_QUESTION:
        state.set_parameter(parameter, None)


def _figure(row: ModelRow, catalogue: Catalogue) -> str:
    card = _card(row, catalogue)
    if card is None or card.name not in row.figures:
        return _("no report")
    return f"{_(card.title)} {figure_text(row.figures[card.name])}"


def _card(row: ModelRow, catalogue: Catalogue) -> MetricCard | None:
    task = catalogue.tasks.get(row.task)
    return task.metric(row.headline) if task and row.headline else None
