"""Compare: which run is better, by how much, and what was different."""

import streamlit as st

from leyden.catalogue import MetricCard
from ui import layout, state
from ui.address import bound, one_of, tabs
from ui.compare_curves import curves_view
from ui.compare_figures import figures_view
from ui.compare_pictures import pictures_view
from ui.compare_ranking import ranking
from ui.compare_relations import relations_view
from ui.compare_rows import rows_view
from ui.compare_runs import compared_here
from ui.compare_settings import settings_view
from ui.compare_words import cannot_be_compared, choose_goal, choose_runs, summary
from ui.live import live
from ui.words import _

REFRESH_S = 2.0
PARAMETERS = ("runs", "about", "metric", "tab")
OF_VIEWS = ("curves", "x", "smooth", "log", "axes", "kept", "against", "picture", "from", "to", "show", "rows")

state.own_parameters(*PARAMETERS, *OF_VIEWS)
store, catalogue = state.store(), state.catalogue()


def body() -> bool:
    """The ranking and the chosen view; the part that is refreshed while a run is at work."""
    compared = compared_here()
    card = choose_metric(compared.metrics(catalogue))
    rivals = compared.rivals(catalogue)
    ranking(compared, card, rivals)
    views = {
        _("Curves"): lambda: curves_view(compared, card, catalogue),
        _("Settings"): lambda: settings_view(compared, catalogue),
        _("Figures"): lambda: figures_view(compared, catalogue, rivals),
        _("What made the difference"): lambda: relations_view(compared, card, catalogue),
        _("Reports side by side"): lambda: pictures_view(compared),
        _("Row by row"): lambda: rows_view(compared, card, catalogue),
    }
    for title, place in tabs("compare", {title: title for title in views}).items():
        if place.open:
            with place:
                views[title]()
    return any(run.job.is_active for run in compared.runs)


def choose_metric(cards: dict[str, MetricCard]) -> MetricCard | None:
    """The figure that the runs are compared by."""
    if not cards:
        return None
    usual = next(iter(cards))
    name = one_of("metric", cards, usual)
    st.selectbox(
        _("Compare by"),
        list(cards),
        index=list(cards).index(name),
        format_func=lambda one: _(cards[one].title),
        help=_(cards[name].summary),
        width=300,
        **bound("compare", "metric", name, usual=usual),
    )
    return cards[name]


compared = compared_here()
layout.link(_("Runs"), "runs", icon=":material/arrow_back:")
with layout.header(_("Compare"), summary(compared)):
    choose_runs(compared)
cannot_be_compared(compared)
if not compared.runs:
    teaching = _(
        "Tick two or more runs in the list, and press Compare: figures, settings and answers side by side."
    )
    with layout.empty(_("Nothing to compare"), teaching, icon=":material/compare_arrows:"):
        layout.link(_("All runs"), "runs", icon=":material/arrow_forward:")
    st.stop()
choose_goal(compared)
live(body, is_active=any(run.job.is_active for run in compared.runs), every_s=REFRESH_S)
