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
from leyden.reports.thresholds import thresholds_of
from leyden.store.records import Run

MAX_EXAMPLES = 12
SIDE = 128
NO_PICTURE = "data:,"


def outcomes_of(home: Home, run: Run, report: Report) -> Outcomes | None:
    """The judged rows of a report, or None when its predictions are not on disk."""
    try:
        return read_outcomes(home.run(run.id), report)
    except OSError:
        return None


def threshold_curves(outcomes: Outcomes) -> Curves | None:
    """Precision, recall and F1 by threshold; None where there are not two classes, or no answers."""
    if not outcomes.is_binary:
        return None
    assert outcomes.classes is not None
    thresholds = thresholds_of(outcomes)
    if not len(thresholds.scores):
        return None
    return Curves(
        title="Thresholds",
        x_title=f"Probability of {outcomes.classes[1]} from which it is answered",
        y_title="Figure",
        lines=thresholds.lines(),
    )


def mistakes(home: Home, run: Run, report: Report, outcomes: Outcomes) -> Table | str | None:
    """The worst mistakes, as a table or, with pictures or texts, as HTML; None when there are none."""
    positions = picked(outcomes, Pick(MISTAKES))[:MAX_EXAMPLES].tolist()
    examples = read_examples(home, run, report, outcomes, positions)
    if not examples:
        return None
    if is_plain_table(examples):
        return examples_table(examples, "Mistakes", is_number=outcomes.classes is None)
    return cards_html(examples, lambda sha256: _inside(home, sha256))


def _inside(home: Home, sha256: str) -> str:
    """A small picture as an address that holds it."""
    try:
        content = thumbnail(home, sha256, SIDE).read_bytes()
    except DataError:
        return NO_PICTURE
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
