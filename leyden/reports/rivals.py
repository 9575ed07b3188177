"""Baselines as a report shows them: beside the model's headline figure, and as a table with all its figures."""

from collections.abc import Mapping, Sequence

from leyden.catalogue import Catalogue, MetricCard
from leyden.datasets.profile import Part
from leyden.jobs.baselines import baselines_job
from leyden.messages.render import Message
from leyden.records import Record
from leyden.reports.model import Figure, Headline, Interval, Section, Table
from leyden.reports.numbers import figure_text, within_sentence
from leyden.store.records import Run
from leyden.store.store import Store
from leyden.words import _

DUST = 5e-5
"""Less than this is nothing in a figure whose best value is 1: the R2 of a constant answer would be told as -6e-07."""


class Rival(Record):
    """A baseline with its figures on the rows of the report; none of them where it could not be trained."""

    name: str
    title: str
    summary: str
    figures: dict[str, float]
    intervals: dict[str, Interval] = {}
    """Of those figures that have one, by metric name."""
    num_rows: int
    of_rows: int
    failure: Message | None = None
    more_to_come: bool = False
    """Whether others are still being trained: the best of those that are there may not be the best."""
    lead: dict[str, Interval] = {}
    """Of the model over it on the same rows, by metric name, where that was looked for and its answers are kept."""


def rivals_of(store: Store, catalogue: Catalogue, run: Run, part: Part) -> tuple[Rival, ...]:
    """The baselines of a run, the simplest first; while they are being trained, those that are there."""
    cards = {card.name: card for card in catalogue.tasks[run.task].metrics} if run.task in catalogue.tasks else {}
    known = {found.name: found for found in store.baselines.list(run.question, part)}
    failures = failures_of(store, run)
    more_to_come = baselines_job(store, run, part) is not None
    rivals = []
    for name, card in catalogue.baselines.items():
        found, failure = known.get(name), failures.get(name)
        about = {"name": name, "title": card.title, "summary": card.summary, "more_to_come": more_to_come}
        if found is not None:
            figures = _without_dust(found.figures, cards)
            intervals = {one: Interval(low=low, high=high) for one, (low, high) in found.intervals.items()}
            rows = {"num_rows": found.num_rows, "of_rows": found.of_rows}
            rivals.append(Rival(**about, figures=figures, intervals=intervals, **rows))
        elif failure is not None:
            rivals.append(Rival(**about, figures={}, num_rows=0, of_rows=0, failure=failure))
    return tuple(rivals)


def _without_dust(figures: Mapping[str, float], cards: Mapping[str, MetricCard]) -> dict[str, float]:
    """The figures, with zero for dust where the scale is known; a small error in the target's units stays."""
    to_one = {name for name, card in cards.items() if card.best == 1}
    return {name: 0.0 if name in to_one and abs(value) < DUST else value for name, value in figures.items()}


def failures_of(store: Store, run: Run) -> dict[str, Message]:
    """Why baselines could not be trained when that was last tried, by name: for validation and test rows alike."""
    job = store.jobs.latest(kind="baselines", subject=run.question)
    if job is None or job.state != "finished":
        return {}
    failed = (job.result or {}).get("failed", {})
    return {name: Message.model_validate(reason) for name, reason in failed.items()}


def best_rival(rivals: Sequence[Rival], name: str, *, higher_is_better: bool) -> Rival | None:
    """The baseline that is best in a figure; of equal ones, the simplest."""
    sign = 1 if higher_is_better else -1
    return max(
        (one for one in rivals if name in one.figures), key=lambda one: sign * one.figures[name], default=None
    )


def headline_rival(headline: Headline, rivals: Sequence[Rival]) -> Rival | None:
    """The baseline that is best in the first figure of a headline."""
    if not headline.figures:
        return None
    first = headline.figures[0]
    return best_rival(rivals, first.name, higher_is_better=first.higher_is_better)


def rivals_table(headline: Headline, rivals: Sequence[Rival]) -> Table:
    """The headline figures of the model and of every baseline, and what each learned from where it was not all."""
    rows: list[tuple[str | int | float | None, ...]] = [
        (_("This model"), *(figure.value for figure in headline.figures), None, _("The network of this run."))
    ]
    for rival in rivals:
        values = (rival.figures.get(figure.name) for figure in headline.figures)
        rows.append((_(rival.title), *values, _learned(rival), _(rival.summary)))
    return Table(
        title="Beside the baselines",
        columns=("Model", *(figure.title for figure in headline.figures), "Learned from", "What it is"),
        rows=tuple(rows),
        help="Simple models on the same rows: what they reach, the network should surpass.",
    )


def _learned(rival: Rival) -> str:
    if rival.failure is not None:
        return _("could not be trained: {reason}").format(reason=rival.failure.text)
    if rival.num_rows < rival.of_rows:
        return _("{rows} of {all} rows").format(rows=f"{rival.num_rows:,}", all=f"{rival.of_rows:,}")
    return _("all rows")


def rival_text(headline: Headline, rival: Rival) -> str:
    """`0.9812 by the best baseline, boosted trees: better than this model, by 0.0102 to 0.0305`.

    No verdict before all of them are there: another may be better.
    """
    first = headline.figures[0]
    value = rival.figures[first.name]
    title = within_sentence(_(rival.title))
    if rival.more_to_come:
        text = _("{value} by the best baseline so far, {title}: others are still to come")
        return text.format(value=figure_text(value), title=title)
    text = _("{value} by the best baseline, {title}: {verdict}")
    lead = rival.lead.get(first.name)
    verdict = (
        _verdict(first, value) if lead is None else _verdict_of(lead, higher_is_better=first.higher_is_better)
    )
    return text.format(value=figure_text(value), title=title, verdict=verdict)


def _verdict_of(lead: Interval, *, higher_is_better: bool) -> str:
    """Which of the two is better, and by how much."""
    ahead = lead if higher_is_better else lead.negated
    if ahead.low <= 0 <= ahead.high:
        return _("no clear difference")
    text = _("this model is better, by {low} to {high}")
    if ahead.high < 0:
        text, ahead = _("better than this model, by {low} to {high}"), ahead.negated
    return text.format(low=figure_text(ahead.low), high=figure_text(ahead.high))


def _verdict(figure: Figure, value: float) -> str:
    """The same from the model's own interval: a difference within it, or without one, may be chance."""
    interval = figure.interval
    if value == figure.value or interval is None or interval.low <= value <= interval.high:
        return _("no clear difference")
    is_better = (value > figure.value) == figure.higher_is_better
    return _("better than this model") if is_better else _("this model is better")


def with_rivals(sections: Sequence[Section], rivals: Sequence[Rival]) -> list[Section]:
    """A report's sections with the table of baselines before the last one, which holds all numbers."""
    headline = next((section for section in sections if isinstance(section, Headline)), None)
    if headline is None or not rivals:
        return list(sections)
    return [*sections[:-1], rivals_table(headline, rivals), sections[-1]]
