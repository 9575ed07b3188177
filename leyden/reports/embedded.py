"""What the HTML file holds of a report's rows: the worst mistakes, with their pictures inside, and the thresholds."""

import base64

from leyden.datasets.read import thumbnail
from leyden.errors import DataError
from leyden.home import Home
from leyden.reports.cards import cards_html
from leyden.reports.examples import examples_table, is_plain_table, read_examples
from leyden.reports.model import Curves, Report, Table
from leyden.reports.outcomes import Outcomes, read_outcomes
from leyden.reports.picks import MISTAKES, Pick, picked
from leyden.reports.slices import Slices, slices
from leyden.reports.telling import telling_columns
from leyden.reports.thresholds import thresholds_of
from leyden.store.records import Run
from leyden.words import _

MAX_EXAMPLES = 12
SIDE = 128
NO_PICTURE = "data:,"


def outcomes_of(home: Home, run: Run, report: Report) -> Outcomes | None:
    """The judged rows of a report, or None when its predictions are not on disk."""
    try:
        return read_outcomes(home.run(run.id), report)
    except OSError:
        return None


def threshold_curves(report: Report, outcomes: Outcomes) -> Curves | None:
    """Precision, recall and F1 by threshold; None where there are not two classes, or no answers."""
    if not outcomes.is_binary:
        return None
    assert outcomes.classes is not None
    thresholds = thresholds_of(outcomes, report.positive_index)
    if not len(thresholds.scores):
        return None
    return Curves(
        title=_("Thresholds"),
        x_title=_("Probability of '{name}' from which it is answered").format(
            name=outcomes.classes[report.positive_index]
        ),
        y_title=_("Figure"),
        lines=tuple(line.model_copy(update={"name": _(line.name)}) for line in thresholds.lines()),
    )


def telling_slices(home: Home, run: Run, report: Report, outcomes: Outcomes) -> list[tuple[Slices, str]] | None:
    """The figures of groups by the columns that tell most, with the names of these; None where there are no groups."""
    found = telling_columns(home, run, report, outcomes)
    if found is None:
        return None
    return [(slices(outcomes, one.groups, report.positive_index), one.column) for one in found]


def mistakes(home: Home, run: Run, report: Report, outcomes: Outcomes) -> Table | str | None:
    """The worst mistakes, as a table or, with pictures or texts, as HTML; None when there are none."""
    positions = picked(outcomes, Pick(MISTAKES))[:MAX_EXAMPLES].tolist()
    examples = read_examples(home, run, report, outcomes, positions)
    if not examples:
        return None
    if is_plain_table(examples):
        return examples_table(examples, _("Mistakes"), is_number=outcomes.classes is None)
    return cards_html(examples, lambda sha256: _inside(home, sha256))


def _inside(home: Home, sha256: str) -> str:
    """A small picture as an address that holds it."""
    try:
        content = thumbnail(home, sha256, SIDE).read_bytes()
    except DataError:
        return NO_PICTURE
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
