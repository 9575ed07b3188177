"""All figures of the runs, with the best of each marked and their intervals."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from leyden.catalogue import Catalogue, MetricCard
from leyden.reports.comparison import Ranked, rank
from leyden.reports.model import Interval
from leyden.reports.numbers import figure_text
from leyden.reports.rivals import Rival
from leyden.store.records import Run
from ui import layout
from ui.compare_ranking import run_html
from ui.compare_runs import Compared, left_out, training_s
from ui.format import duration, number
from ui.words import _


def figures_view(compared: Compared, catalogue: Catalogue, rivals: Sequence[Rival]) -> None:
    """Draws the table of figures, a column for each run with the goal at hand, and each baseline."""
    reported = compared.reported
    if not reported:
        layout.quiet(_("None of these runs has a report."))
        left_out(compared, compared.alike)
        return
    runs = [run for run in compared.alike if run.id in reported]
    cards = [
        card
        for card in compared.metrics(catalogue).values()
        if any(card.name in report.figures for report in reported.values())
    ]
    heads = "".join(f"<th scope=col>{run_html(run, compared)}</th>" for run in runs)
    heads += "".join(
        f'<th scope=col title="{escape(_(one.summary))}">{escape(_(one.title))}</th>' for one in rivals
    )
    rows = [_row(card, runs, compared, rivals) for card in cards] + _facts(runs, len(rivals))
    st.html(
        f'<div class="ly-scroll-x"><table class="ly-compare ly-wide" data-testid="figures"><thead><tr>'
        f"<th scope=col>{escape(_('Validation rows'))}</th>{heads}</tr></thead><tbody>{''.join(rows)}</tbody>"
        f"</table></div>"
    )
    layout.quiet(_("Bold: the best run. Below a figure: between which values it lies with a certainty of 95 %."))
    left_out(compared, [run for run in compared.alike if run.id not in reported])


def _row(card: MetricCard, runs: list[Run], compared: Compared, rivals: Sequence[Rival]) -> str:
    places = {
        place.run_id: place for place in rank(compared.reported, card.name, higher_is_better=card.higher_is_better)
    }
    cells = "".join(_cell(places.get(run.id)) for run in runs)
    cells += "".join(_rival_cell(rival, card) for rival in rivals)
    arrow = _("higher is better") if card.higher_is_better else _("lower is better")
    sign = "↑" if card.higher_is_better else "↓"
    return (
        f'<tr><th scope=row title="{escape(_(card.summary))}">{escape(_(card.title))} '
        f'<em title="{escape(arrow)}">{sign}</em></th>{cells}</tr>'
    )


def _cell(place: Ranked | None) -> str:
    if place is None:
        return '<td class="ly-num ly-dim">–</td>'
    value = figure_text(place.value)
    if place.is_best:
        value = f'<b title="{escape(_("the best"))}">{value}</b>'
    return f'<td class="ly-num">{value}{_ends(place.interval)}</td>'


def _rival_cell(rival: Rival, card: MetricCard) -> str:
    value = rival.figures.get(card.name)
    text = "–" if value is None else f"{figure_text(value)}{_ends(rival.intervals.get(card.name))}"
    return f'<td class="ly-num ly-dim">{text}</td>'


def _ends(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f"<small>{figure_text(interval.low)} – {figure_text(interval.high)}</small>"


def _facts(runs: list[Run], num_rivals: int) -> list[str]:
    """What the runs cost; of baselines that is not told."""
    facts = (
        (_("Parameters"), [number(run.num_parameters) for run in runs]),
        (_("Training took"), [duration(training_s(run)) for run in runs]),
    )
    return [
        f"<tr><th scope=row>{escape(title)}</th>"
        + "".join(f'<td class="ly-num">{escape(text)}</td>' for text in texts)
        + "<td></td>" * num_rivals
        + "</tr>"
        for title, texts in facts
    ]
