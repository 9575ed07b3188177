"""Where two classes are told apart: what each threshold of the positive one's probability finds, misses and costs."""

from dataclasses import dataclass

import numpy as np

from leyden.reports.model import Line
from leyden.reports.outcomes import Outcomes

MAX_POINTS = 200
STEPS = 1000
"""Between 0 and 1, where a threshold can lie: sure models of rare classes need them near the ends."""


@dataclass(frozen=True)
class Decision:
    """What one threshold leads to: a row is answered as positive when its probability is at least that."""

    threshold: float
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def precision(self) -> float | None:
        """Of the rows answered as positive, the share that is; None when there are none."""
        return _share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float | None:
        """Of the positive rows, the share that was found; None when there are none."""
        return _share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float | None:
        """Their harmonic mean; None without any positive row or answer."""
        return _share(
            2 * self.true_positives, 2 * self.true_positives + self.false_positives + self.false_negatives
        )

    @property
    def accuracy(self) -> float | None:
        """Share of rows answered rightly; None without any row."""
        right = self.true_positives + self.true_negatives
        return _share(right, right + self.false_positives + self.false_negatives)

    def cost(self, of_false_positive: float, of_false_negative: float) -> float:
        """What the mistakes cost in all."""
        return self.false_positives * of_false_positive + self.false_negatives * of_false_negative


@dataclass(frozen=True, eq=False)
class Thresholds:
    """Rows by the probability of the positive class.

    Args:
        scores: (N,) float32, ascending.
        positives_below: (N + 1,) int64, positive rows among the first i.
        num_left_out: Rows that no threshold decides, and that count nowhere here: the model had no answer, or they
            are of a class that it was not trained on.
    """

    scores: np.ndarray
    positives_below: np.ndarray
    num_left_out: int = 0

    def at(self, threshold: float) -> Decision:
        """What a threshold leads to."""
        below = int(np.searchsorted(self.scores, np.float32(threshold), side="left"))
        misses, positives = int(self.positives_below[below]), int(self.positives_below[-1])
        found, answered = positives - misses, len(self.scores) - below
        return Decision(threshold, found, answered - found, misses, below - misses)

    def cheapest(self, of_false_positive: float, of_false_negative: float) -> float:
        """The thousandth whose mistakes cost least as a threshold; of equal ones, the one nearest to a half."""
        grid = [place / STEPS for place in range(STEPS + 1)]
        return min(
            grid, key=lambda one: (self.at(one).cost(of_false_positive, of_false_negative), abs(one - 0.5), one)
        )

    def lines(self) -> tuple[Line, ...]:
        """Precision, recall and F1 by threshold, where they are defined."""
        grid = [self.at(threshold) for threshold in np.linspace(0, 1, MAX_POINTS + 1).tolist()]
        lines = []
        for name, figure in (("Precision", "precision"), ("Recall", "recall"), ("F1", "f1")):
            points = [(one.threshold, value) for one in grid if (value := getattr(one, figure)) is not None]
            lines.append(Line(name=name, x=tuple(x for x, _ in points), y=tuple(y for _, y in points)))
        return tuple(lines)


def thresholds_of(outcomes: Outcomes, positive: int = 1) -> Thresholds:
    """The thresholds of a report between two classes.

    Args:
        outcomes: Of the report.
        positive: Index of the class that is looked for.
    """
    assert outcomes.is_binary
    scores = outcomes.probability(positive)
    is_decided = np.isfinite(scores) & (outcomes.true < outcomes.num_trained)
    scores, true = scores[is_decided], outcomes.true[is_decided]
    order = np.argsort(scores, kind="stable")
    positives = np.cumsum(true[order] == positive)
    return Thresholds(scores[order], np.concatenate([[0], positives]), int(np.sum(~is_decided)))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
