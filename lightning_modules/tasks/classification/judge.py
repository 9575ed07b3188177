"""Judges a classification: figures, intervals and the sections of its report. No torch."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from leyden.datasets.order import in_order
from leyden.datasets.read import category_strings
from leyden.messages.render import Message
from leyden.reports.counts import Counts, count, count_figures, count_intervals, wilson
from leyden.reports.model import Confusion, Interval, Section, Table
from lightning_modules.tasks.classification.calibration import calibrate, confidences
from lightning_modules.tasks.classification.card import CARD
from lightning_modules.tasks.classification.curves import (
    OneAgainstRest,
    one_against_rest,
    precision_recall_section,
    roc_section,
)
from lightning_modules.tasks.classification.intervals import area_interval, mean_interval
from lightning_modules.tasks.classification.target import find_positive
from lightning_modules.tasks.figures import all_figures, headline
from lightning_modules.tasks.judgement import Judgement

HEADLINE = ("accuracy", "precision_macro", "recall_macro", "f1_macro")
NOT_RESAMPLED = (
    "; for a share of all rows Wilson's interval, for ROC AUC DeLong's, for log loss 1.96 standard errors"
)
MAX_CONFUSION = 60
"""Beyond this many classes a matrix cannot be read, and the most frequent confusions are listed instead."""
MAX_CONFUSIONS_LISTED = 100


@dataclass(frozen=True)
class Answers:
    """What is judged. Indices are into `classes`: first those that were trained on, then the others."""

    classes: tuple[str, ...]
    num_trained: int
    true: np.ndarray
    predicted: np.ndarray
    probabilities: np.ndarray
    notes: tuple[Message, ...]

    @property
    def trained(self) -> tuple[str, ...]:
        """The classes that the model can answer."""
        return self.classes[: self.num_trained]

    @property
    def counts(self) -> Counts:
        """Rows by class."""
        return count(self.true, self.predicted, len(self.classes))


def judge(
    outputs: np.ndarray, values: pd.Series, classes: tuple[str, ...], class_counts: tuple[int, ...]
) -> Judgement:
    """Judges probabilities (N, C) against the target column of the same rows.

    Args:
        outputs: Probabilities of the trained classes.
        values: The target column; rows without a class are left out.
        classes: The trained classes.
        class_counts: Training rows of each: the most frequent one is the blind answer.
    """
    strings = category_strings(values)
    has_class = strings.notna().to_numpy()
    if not has_class.any():
        return Judgement({}, {}, (), ())
    answers = _answers(outputs[has_class], strings[has_class], classes, class_counts)
    positive = find_positive(classes, class_counts) if len(classes) == 2 else None
    sides = one_against_rest(answers.true, answers.probabilities, answers.trained, positive)
    areas = [side.roc_auc for side in sides]
    figures = {name: float(value) for name, value in count_figures(answers.counts).items()}
    figures |= {"roc_auc": float(np.mean(areas))} if areas else {}
    losses = _log_losses(answers)
    figures |= {"log_loss": float(losses.mean())} if len(losses) else {}
    calibration = calibrate(answers.probabilities.max(axis=1), answers.true == answers.predicted)
    figures["calibration_error"] = calibration.error
    found = {"roc_auc": area_interval(sides), "log_loss": mean_interval(losses)}
    intervals = _intervals(answers) | {name: interval for name, interval in found.items() if interval}
    majority = int(np.argmax(class_counts))
    blind_note = Message(code="blind_majority", params={"answer": classes[majority]})
    blind = float(np.mean(answers.true == majority))
    sections: list[Section] = [headline(CARD, HEADLINE, figures, intervals, blind, blind_note)]
    sections += [_confusion(answers), _by_class(answers, figures)]
    sections += [*_curves(sides, areas), calibration, confidences(calibration)]
    sections.append(all_figures(CARD, figures, intervals, otherwise=NOT_RESAMPLED))
    notes = answers.notes + _undefined(answers) + _faultless(answers)
    name = None if positive is None else classes[positive]
    return Judgement(figures, intervals, tuple(sections), notes, name)


def _faultless(answers: Answers) -> tuple[Message, ...]:
    """What no mistake among few rows leaves open."""
    rows = len(answers.true)
    if (answers.true != answers.predicted).any():
        return ()
    percent = 100 * (1 - wilson(rows, rows).low)
    return (Message(code="no_mistakes", params={"rows": rows, "percent": float(f"{percent:.2g}")}),)


def _intervals(answers: Answers) -> dict[str, Interval]:
    """Shares of all rows have Wilson's interval, other figures that of resampling.

    Without a mistake there is nothing to resample: every draw would be without one, too.
    """
    hits, rows = int((answers.true == answers.predicted).sum()), len(answers.true)
    has_mistakes = hits < rows
    found = count_intervals(answers.true, answers.predicted, len(answers.classes)) if has_mistakes else {}
    return found | dict.fromkeys(("accuracy", "recall_weighted"), wilson(hits, rows))


def _answers(
    outputs: np.ndarray, strings: pd.Series, classes: tuple[str, ...], class_counts: tuple[int, ...]
) -> Answers:
    unseen = in_order(set(strings.unique()) - set(classes))
    index = {name: position for position, name in enumerate((*classes, *unseen))}
    is_finite = np.isfinite(outputs).all(axis=1)
    shares = np.asarray(class_counts, dtype=np.float64) / sum(class_counts)
    probabilities = np.where(is_finite[:, None], outputs.astype(np.float64), shares)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    true = strings.map(index).to_numpy(dtype=np.int64)
    notes = []
    if unseen:
        rows = int((true >= len(classes)).sum())
        names = ", ".join(unseen[:5]) + (" ..." if len(unseen) > 5 else "")
        notes.append(Message(code="classes_not_trained", params={"rows": rows, "classes": names}))
    if not is_finite.all():
        params = {"rows": int((~is_finite).sum()), "of": len(outputs)}
        notes.append(Message(code="outputs_not_finite", params=params))
    predicted = probabilities.argmax(axis=1)
    return Answers((*classes, *unseen), len(classes), true, predicted, probabilities, tuple(notes))


def _log_losses(answers: Answers) -> np.ndarray:
    """Of each row whose class has a probability at all."""
    known = np.flatnonzero(answers.true < answers.num_trained)
    shares = answers.probabilities[known, answers.true[known]]
    # As scikit-learn's `log_loss`: a class that was ruled out costs much, and not everything.
    return np.asarray(-np.log(np.maximum(shares, np.finfo(np.float64).eps)))


def _curves(sides: list[OneAgainstRest], areas: list[float]) -> list[Section]:
    if not sides:
        return []
    precisions = [side.average_precision for side in sides]
    return [
        roc_section(list(zip(sides, areas, strict=True))),
        precision_recall_section(list(zip(sides, precisions, strict=True))),
    ]


def _undefined(answers: Answers) -> tuple[Message, ...]:
    """Says which classes the judged rows lack: nothing is known about them."""
    absent = [answers.classes[index] for index in np.flatnonzero(answers.counts.true == 0)]
    if not absent:
        return ()
    names = ", ".join(absent[:5]) + (" ..." if len(absent) > 5 else "")
    return (Message(code="classes_not_judged", params={"count": len(absent), "classes": names}),)


def _confusion(answers: Answers) -> Confusion | Table:
    size = len(answers.classes)
    cells = answers.true * size + answers.predicted
    if size <= MAX_CONFUSION:
        counts = np.bincount(cells, minlength=size * size).reshape(size, size)
        rows = tuple(tuple(row) for row in counts.tolist())
        return Confusion(title="Confusion matrix", classes=answers.classes, counts=rows)
    wrong, times = np.unique(cells[answers.true != answers.predicted], return_counts=True)
    order = np.argsort(-times, kind="stable")[:MAX_CONFUSIONS_LISTED]
    names = [answers.classes[index] for index in range(size)]
    listed = tuple((names[wrong[i] // size], names[wrong[i] % size], int(times[i])) for i in order)
    return Table(title="Most frequent confusions", columns=("True class", "Answered", "Rows"), rows=listed)


def _by_class(answers: Answers, figures: dict[str, float]) -> Table:
    counts = answers.counts
    order = [index for index in np.argsort(counts.f1, kind="stable") if counts.occurs[index]]
    columns = (counts.precision, counts.recall, counts.f1)
    rows: list[tuple[str | int | float | None, ...]] = [
        (answers.classes[index], *(float(column[index]) for column in columns), int(counts.true[index]))
        for index in order
    ]
    for average, title in (("macro", "Mean of the classes"), ("weighted", "Mean by rows")):
        means = (figures[f"{name}_{average}"] for name in ("precision", "recall", "f1"))
        rows.append((title, *means, len(answers.true)))
    return Table(
        title="By class, worst first",
        columns=("Class", "Precision", "Recall", "F1", "Rows"),
        rows=tuple(rows),
        help="Precision: of the rows answered with this class, the share that is of it. Recall: of the rows of "
        "this class, the share that was found. F1 is their harmonic mean.",
    )
