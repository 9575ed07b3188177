"""Baselines as a report shows them: beside the model's headline figure, and as a table with all its figures."""

from collections.abc import Sequence

from leyden.catalogue import Catalogue
from leyden.datasets.profile import Part
from leyden.records import Record
from leyden.reports.model import Headline, Section, Table
from leyden.reports.numbers import figure_text
from leyden.store.records import Run
from leyden.store.store import Store


class Rival(Record):
    """A baseline with its figures on the rows of the report."""

    name: str
    title: str
    summary: str
    figures: dict[str, float]
    num_rows: int
    of_rows: int


def rivals_of(store: Store, catalogue: Catalogue, run: Run, part: Part) -> tuple[Rival, ...]:
    """The baselines of a run, the simplest first; none while they are being trained."""
    return tuple(
        Rival(
            name=found.name,
            title=card.title,
            summary=card.summary,
            figures=found.figures,
            num_rows=found.num_rows,
            of_rows=found.of_rows,
        )
        for found in store.baselines.list(run.question, part)
        if (card := catalogue.baselines.get(found.name))
    )


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
        ("This model", *(figure.value for figure in headline.figures), None)
    ]
    for rival in rivals:
        values = (rival.figures.get(figure.name) for figure in headline.figures)
        learned = f"{rival.num_rows:,} of {rival.of_rows:,} rows" if rival.num_rows < rival.of_rows else "all rows"
        rows.append((rival.title, *values, learned))
    return Table(
        title="Beside the baselines",
        columns=("Model", *(figure.title for figure in headline.figures), "Learned from"),
        rows=tuple(rows),
        help=" ".join(f"{rival.title}: {rival.summary}" for rival in rivals),
    )


def rival_text(headline: Headline, rival: Rival) -> str:
    """`0.9812 by the best baseline, boosted trees`."""
    value = rival.figures[headline.figures[0].name]
    return f"{figure_text(value)} by the best baseline, {rival.title[:1].lower()}{rival.title[1:]}"


def with_rivals(sections: Sequence[Section], rivals: Sequence[Rival]) -> list[Section]:
    """A report's sections with the table of baselines before the last one, which holds all numbers."""
    headline = next((section for section in sections if isinstance(section, Headline)), None)
    if headline is None or not rivals:
        return list(sections)
    return [*sections[:-1], rivals_table(headline, rivals), sections[-1]]
