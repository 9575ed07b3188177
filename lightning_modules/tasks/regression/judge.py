"""Judges a regression: figures, intervals and the sections of its report. No torch."""

import numpy as np

from leyden.messages.render import Message
from leyden.reports.model import Bars, Interval, Scatter, Section
from leyden.reports.residuals import residual_figures, residual_intervals, residual_sums
from lightning_modules.tasks.figures import all_figures, headline
from lightning_modules.tasks.judgement import Judgement
from lightning_modules.tasks.regression.card import CARD

HEADLINE = ("r2", "mae", "rmse")
MAX_POINTS = 2_000
MAX_BINS = 60
SEED = 0


def judge(
    predicted: np.ndarray, true: np.ndarray, row_ids: np.ndarray, blind_answer: float, column: str
) -> Judgement:
    """Judges predictions (N,) against true values (N,), both float64 and finite where there is a value.

    Args:
        predicted: In the column's own units.
        true: Likewise; NaN where there is no number.
        row_ids: Names of the rows, for the points.
        blind_answer: Mean of the training rows.
        column: Name of the target, for the axes.
    """
    has_value = np.isfinite(true)
    predicted, true, row_ids = predicted[has_value], true[has_value], row_ids[has_value]
    is_finite = np.isfinite(predicted)
    params = {"rows": int((~is_finite).sum()), "of": len(true)}
    notes = () if is_finite.all() else (Message(code="outputs_not_finite", params=params),)
    predicted = np.where(is_finite, predicted, blind_answer)
    if not len(true):
        return Judgement({}, {}, (), notes)
    figures, intervals = _figures(predicted, true), _intervals(predicted, true)
    blind = _figures(np.full_like(true, blind_answer), true).get(CARD.headline)
    if blind is not None:
        # The mean of other rows is a hair away from their own: R2 is then a rounding below 0, which says nothing.
        blind = round(blind, 4) + 0.0
    blind_note = Message(code="blind_mean", params={"answer": blind_answer})
    sections: list[Section] = [headline(CARD, HEADLINE, figures, intervals, blind, blind_note)]
    sections += _scatters(predicted, true, row_ids, column)
    sections += [_residual_bars(predicted - true), all_figures(CARD, figures, intervals)]
    return Judgement(figures, intervals, tuple(sections), notes)


def _figures(predicted: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Those of the card that are defined."""
    found = residual_figures(residual_sums(predicted, true).sum(axis=0))
    return {name: float(value) for name, value in found.items() if CARD.metric(name) and np.isfinite(value)}


def _intervals(predicted: np.ndarray, true: np.ndarray) -> dict[str, Interval]:
    found = residual_intervals(residual_sums(predicted, true))
    return {name: interval for name, interval in found.items() if CARD.metric(name)}


def _scatters(predicted: np.ndarray, true: np.ndarray, row_ids: np.ndarray, column: str) -> list[Section]:
    kept = np.arange(len(true))
    if len(true) > MAX_POINTS:
        kept = np.sort(np.random.default_rng(SEED).choice(len(true), MAX_POINTS, replace=False))
    error = predicted - true
    rows = tuple(row_ids[kept].tolist())
    return [
        Scatter(
            title="Predicted against true",
            x_title=f"True {column}",
            y_title=f"Predicted {column}",
            x=tuple(true[kept].tolist()),
            y=tuple(predicted[kept].tolist()),
            row_ids=rows,
            reference="diagonal",
            help="Each point is a row; on the diagonal, the prediction is right.",
        ),
        Scatter(
            title="Errors by prediction",
            x_title=f"Predicted {column}",
            y_title="Predicted minus true",
            x=tuple(predicted[kept].tolist()),
            y=tuple(error[kept].tolist()),
            row_ids=rows,
            reference="zero",
            help="A cloud around zero without a pattern is good; a funnel or a bend shows where the model errs.",
        ),
    ]


def _residual_bars(error: np.ndarray) -> Bars:
    counts, edges = np.histogram(error, bins=min(MAX_BINS, max(5, int(np.sqrt(len(error))))))
    return Bars(
        title="How large the errors are",
        x_title="Predicted minus true",
        edges=tuple(edges.tolist()),
        counts=tuple(counts.tolist()),
        help="Rows by error; above zero the prediction was too high.",
        picks_errors=True,
    )
