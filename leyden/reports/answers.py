"""What several runs predict for the same rows: which rows one got right that another did not."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from leyden.datasets.values import category_strings, number_values
from leyden.prediction.columns import PREDICTION, PROBABILITY
from leyden.reports.outcomes import largest_probability

NO_ANSWER = "–"
"""Where a model has none for a row."""


@dataclass(frozen=True)
class Answers:
    """What several runs predict for the same rows. All arrays have the rows in one order, that of `row_ids`."""

    row_ids: NDArray
    """int64, shape (N,)."""
    truth: NDArray
    """Shape (N,): numbers, or the names of classes."""
    predictions: dict[str, NDArray]
    """By run, shape (N,)."""
    certainties: dict[str, NDArray]
    """By run, float32, shape (N,), from 0 to 1: the probability of the predicted class. Empty for numbers."""
    errors: dict[str, NDArray]
    """By run, shape (N,): how far off it is; for classes 0 where it is right and 1 where it is not."""
    is_number: bool


def read_answers(files: Mapping[str, Path], *, is_number: bool) -> Answers:
    """Reads the predictions of several runs for the rows that all of them predicted.

    Args:
        files: The Parquet file of each run, as an evaluation writes it.
        is_number: Whether numbers are predicted, and not classes.
    """
    frames = {run_id: _read(path, is_number=is_number) for run_id, path in files.items()}
    rows = None
    for frame in frames.values():
        rows = frame.index if rows is None else rows.intersection(frame.index)
    assert rows is not None, "there is at least one run"
    frames = {run_id: frame.loc[rows.sort_values()] for run_id, frame in frames.items()}
    first = next(iter(frames.values()))
    truth = first["truth"].to_numpy()
    predictions = {run_id: frame[PREDICTION].to_numpy() for run_id, frame in frames.items()}
    errors = {
        run_id: np.abs(values - truth) if is_number else (values != truth).astype(float)
        for run_id, values in predictions.items()
    }
    certainties = {} if is_number else {run_id: frame["certainty"].to_numpy() for run_id, frame in frames.items()}
    return Answers(first.index.to_numpy(), truth, predictions, certainties, errors, is_number)


def _read(path: Path, *, is_number: bool) -> pd.DataFrame:
    """Columns `truth`, `prediction` and, with classes, `certainty`: of the judged rows, and nothing else is kept."""
    names = pq.read_schema(path).names
    # The truth stands right before the prediction, whatever the target is called.
    place = names.index(PREDICTION)
    found = pd.read_parquet(path, columns=[names[place - 1], PREDICTION])
    truth, predicted = found.iloc[:, 0], found.iloc[:, 1]
    if is_number:
        frame = pd.DataFrame({"truth": number_values(truth), "prediction": number_values(predicted)})
    else:
        certainty = largest_probability(
            path, [name for name in names[place + 1 :] if name.startswith(PROBABILITY)]
        )
        answers = predicted.astype("string").fillna(NO_ANSWER)
        frame = pd.DataFrame({"truth": category_strings(truth), "prediction": answers}).astype(object)
        frame["certainty"] = certainty
    return frame.dropna(subset=["truth"])


class Flips(NamedTuple):
    """How two runs differ, row by row: masks over the rows of `Answers`, each of shape (N,)."""

    fixed: NDArray
    """The second is right, or closer, where the first is wrong, or farther off."""
    broken: NDArray
    """The other way round."""
    both_right: NDArray
    both_wrong: NDArray


def flips(answers: Answers, first: str, second: str) -> Flips:
    """Which rows the second run fixed, and which it broke; of numbers, those that moved by more than rounding."""
    before, after = answers.errors[first], answers.errors[second]
    if answers.is_number:
        tolerance = 1e-6 * max(float(np.nanmax(np.abs(answers.truth), initial=0.0)), 1e-12)
        fixed, broken = after < before - tolerance, after > before + tolerance
        same = ~(fixed | broken)
        return Flips(fixed, broken, same & (after <= tolerance), same & (after > tolerance))
    return Flips(
        (before > 0) & (after == 0),
        (before == 0) & (after > 0),
        (before == 0) & (after == 0),
        (before > 0) & (after > 0),
    )


def most_telling_first(answers: Answers, first: str, second: str) -> NDArray:
    """Places of all rows, shape (N,): those where the two runs differ most come first.

    Classes: a row that changed sides, the surest answers first; then rows where both say something else; then the
    rest. Numbers: by how much nearer or farther the second is.
    """
    before, after = answers.errors[first], answers.errors[second]
    moved = np.abs(after - before)
    if answers.is_number:
        return np.argsort(-np.nan_to_num(moved), kind="stable")
    says_other = answers.predictions[first] != answers.predictions[second]
    sureness = answers.certainties[first] + answers.certainties[second]
    return np.lexsort((-sureness, -before, ~says_other, -moved))
