"""Which run is better, and by how much: the runs by the chosen figure, with intervals."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from leyden.catalogue import MetricCard
from leyden.palette import DARK, LIGHT
from leyden.reports.comparison import Ranked, goal_of, rank, share_rows
from leyden.reports.leads import lead_over_baseline, lead_over_run
from leyden.reports.model import Interval
from leyden.reports.numbers import figure_text
from leyden.reports.rivals import Rival
from leyden.store.records import Run
from ui import layout, state
from ui.compare_runs import Compared, goal_text, is_report_gone
from ui.words import _, count


def ranking(compared: Compared, card: MetricCard | None, rivals: Sequence[Rival]) -> None:
    """Draws the runs and the baselines, best first; runs without the figure come last, and say why."""
    ranked = _ranked(compared, card) if card else []
    placed = {place.run_id for place in ranked}
    rows = _placed_rows(ranked, card, rivals, compared) if card and ranked else []
    rows += [_other_row(run, compared, card) for run in compared.runs if run.id not in placed]
    title = escape(_(card.title)) if card else ""
    better = (_("higher is better") if card.higher_is_better else _("lower is better")) if card else ""
    heads = (_("Run"), _("State"), f"{title} <em>{escape(better)}</em>", _("95 % interval"), _("Behind the best"))
    head = "".join(f"<th scope=col>{text}</th>" for text in heads)
    st.html(
        f'<div class="ly-scroll-x"><table class="ly-compare ly-ranking" data-testid="ranking"><thead><tr>{head}</tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
    if len(ranked) > 1:
        layout.quiet(_verdict(ranked, compared))


def _placed_rows(
    ranked: Sequence[Ranked], card: MetricCard, rivals: Sequence[Rival], compared: Compared
) -> list[str]:
    """The runs and the baselines that have the figure, best first."""
    runs = {run.id: run for run in compared.runs}
    best, beside = runs[ranked[0].run_id], [rival for rival in rivals if card.name in rival.figures]
    scale = _scale([*(place.interval for place in ranked), *(rival.intervals.get(card.name) for rival in beside)])
    rows = [(place.value, _ranked_row(place, ranked[0], runs[place.run_id], compared, scale)) for place in ranked]
    for rival in beside:
        row = _rival_row(rival, card, ranked[0], _lead(best, rival, card, compared), scale)
        rows.append((rival.figures[card.name], row))
    rows.sort(key=lambda one: one[0], reverse=card.higher_is_better)
    return [row for _value, row in rows]


def _ranked(compared: Compared, card: MetricCard) -> list[Ranked]:
    def differences(first: str, second: str) -> Mapping[str, Interval]:
        return lead_over_run(state.home(), compared.reported[first], compared.reported[second])

    return rank(compared.reported, card.name, higher_is_better=card.higher_is_better, differences=differences)


def _lead(best: Run, rival: Rival, card: MetricCard, compared: Compared) -> Interval | None:
    """How far the best run is ahead of a baseline, in whichever direction is better."""
    found = lead_over_baseline(state.home(), best, compared.reported[best.id], rival.name).get(card.name)
    return found if found is None or card.higher_is_better else found.negated


def run_html(run: Run, compared: Compared) -> str:
    """A run as a swatch in its colour and a link; where the name is cut, the number behind it stays."""
    label, address = escape(compared.labels[run.id]), escape(state.url("run", run=run.id))
    name = f'<span class="ly-run-name">{escape(run.name)}</span> <span class="ly-run-number">#{run.number}</span>'
    return (
        f'<span class="ly-run">{swatch_html(run, compared)}'
        f'<a href="{address}" target="_self" title="{label}">{name}</a></span>'
    )


def swatch_html(run: Run, compared: Compared) -> str:
    """A short piece of a run's line, as charts draw it."""
    light, dark = LIGHT.run_colour(run.number), DARK.run_colour(run.number)
    style = {"solid": "solid", "dash": "dashed", "dot": "dotted", "dashdot": "double"}[compared.dashes[run.id]]
    return f'<i class="ly-swatch" style="border-top:3px {style} light-dark({light},{dark})"></i>'


def _ranked_row(
    place: Ranked, best: Ranked, run: Run, compared: Compared, scale: tuple[float, float] | None
) -> str:
    mark = f'<span class="ly-best">{escape(_("best run"))}</span>' if place.is_best else ""
    colour = f"light-dark({LIGHT.run_colour(run.number)},{DARK.run_colour(run.number)})"
    words = [_("may be chance")] * place.may_be_chance
    behind = "" if place.is_best else _difference_html(place.value - best.value, place.behind, words)
    return (
        f"<tr><td>{run_html(run, compared)}</td><td>{layout.state_html(run.state)}</td>"
        f"<td class=ly-num><b>{figure_text(place.value)}</b> {mark}</td>"
        f"<td>{_interval_html(place.value, place.interval, colour, scale)}</td>"
        f"<td class=ly-num>{behind}</td></tr>"
    )


def _difference_html(difference: float, behind: Interval | None, words: Sequence[str]) -> str:
    """How far a model is from the best run, the ends of that where they are known, and what it is worth."""
    ends, told = "", ", ".join(words)
    if behind is not None:
        text = _("{low} to {high}").format(low=figure_text(behind.low), high=figure_text(behind.high))
        about = escape(_("95 % interval of the difference, on the same rows"))
        ends = f' <small title="{about}">{escape(text)}</small>'
    return f"{figure_text(abs(difference))}{ends}" + (f" <small>{escape(told)}</small>" if told else "")


def _rival_row(
    rival: Rival, card: MetricCard, best: Ranked, lead: Interval | None, scale: tuple[float, float] | None
) -> str:
    """A baseline: what a simple model reaches on the same rows. One of an older version kept no answers: then the
    best run's own interval must do."""
    value = rival.figures[card.name]
    is_ahead = value > best.value if card.higher_is_better else value < best.value
    near = (
        lead.low <= 0 <= lead.high if lead else best.interval and best.interval.low <= value <= best.interval.high
    )
    words = [_("ahead")] * is_ahead + [_("may be chance")] * bool(near)
    behind = lead.negated if lead and is_ahead else lead
    difference = _difference_html(value - best.value, behind, words) if value != best.value else ""
    return (
        f'<tr class="ly-dim"><td title="{escape(_(rival.summary))}"><i class="ly-swatch"></i>{escape(_(rival.title))}'
        f"</td><td>{escape(_('Baseline'))}</td><td class=ly-num>{figure_text(value)}</td>"
        f"<td>{_interval_html(value, rival.intervals.get(card.name), 'currentColor', scale)}</td>"
        f"<td class=ly-num>{difference}</td></tr>"
    )


def _other_row(run: Run, compared: Compared, card: MetricCard | None) -> str:
    """A run that has no place, and why."""
    if goal_of(run) != compared.about:
        why = _("Predicts something else: {what}").format(what=goal_text(goal_of(run)))
    elif run.job.is_active:
        why = _so_far(run, card) or _("No figure yet")
    elif run.id in compared.reports:
        why = _("Its report does not have this figure")
    elif is_report_gone(run):
        why = _("Its report is gone from the workspace")
    else:
        why = _("It has no report")
    return (
        f"<tr><td>{run_html(run, compared)}</td><td>{layout.state_html(run.state)}</td>"
        f'<td colspan=3 class="ly-dim">{escape(why)}</td></tr>'
    )


def _so_far(run: Run, card: MetricCard | None) -> str:
    newest = state.store().metrics.last(run.id).get(f"val/{card.name}") if card and card.is_live else None
    if newest is None:
        return ""
    text = _("{value} so far, in epoch {epoch}")
    return text.format(value=figure_text(newest.value), epoch=f"{newest.epoch:.4g}")


def _scale(intervals: Sequence[Interval | None]) -> tuple[float, float] | None:
    """The range that all intervals lie in."""
    known = [one for one in intervals if one is not None]
    if not known:
        return None
    low, high = min(one.low for one in known), max(one.high for one in known)
    return (low, high) if high > low else None


def _interval_html(value: float, interval: Interval | None, colour: str, scale: tuple[float, float] | None) -> str:
    """An interval in numbers, and on a line that all rows share; nothing for none."""
    if interval is None:
        return ""
    text = _("{low} to {high}").format(low=figure_text(interval.low), high=figure_text(interval.high))
    return f"{_strip(value, interval, colour, scale) if scale else ''}<small>{escape(text)}</small>"


def _strip(value: float, interval: Interval, colour: str, scale: tuple[float, float]) -> str:
    low, high = scale

    def at(place: float) -> float:
        return round(100 * (place - low) / (high - low), 2)

    start, end = at(interval.low), at(interval.high)
    span = f"left:{start}%;width:{round(end - start, 2)}%;background:{colour}"
    return (
        f'<span class="ly-range" aria-hidden="true"><i style="{span}"></i><b style="left:{at(value)}%"></b></span>'
    )


def _verdict(ranked: Sequence[Ranked], compared: Compared) -> str:
    """What the order is worth, in one or two sentences."""
    labels: Mapping[str, str] = compared.labels
    best = [place for place in ranked if place.is_best]
    close = [place for place in ranked if place.may_be_chance]
    if len(best) > 1:
        text = _("{n} runs share the best value.").format(n=len(best))
    elif close:
        text = _("{name} is ahead, but its lead over {others} may be chance: with other rows of the kind the order "
                 "could turn.").format(
                     name=labels[best[0].run_id], others=count(len(close), "other", "others"))  # fmt: skip
    elif all(place.interval is None and place.behind is None for place in ranked):
        text = _("{name} is ahead; this figure has no intervals, so that the difference may be chance.").format(
            name=labels[best[0].run_id]
        )
    else:
        text = _("{name} is ahead of the other runs by more than chance explains.").format(
            name=labels[best[0].run_id]
        )
    runs = [run for run in compared.runs if any(run.id == place.run_id for place in ranked)]
    if not share_rows(runs):
        text += " " + _("They were judged on different rows (other splits), which alone moves figures a little.")
    return text
