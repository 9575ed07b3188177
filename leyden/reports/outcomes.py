"""What a model answered for each row of a part: a few bytes a row, from which rows are picked without their data."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from leyden.datasets.order import in_order
from leyden.datasets.values import category_strings, number_values
from leyden.prediction.columns import PREDICTION, probability_column, target_column
from leyden.reports.model import Report
from leyden.run_folder import predictions_file

BATCH = 16_384
NONE = -1


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The judged rows of a report, (N,) each. With classes, true and predicted are indices into them.

    Args:
        row_ids: int64.
        true: int32 indices, or float64 values.
        predicted: Likewise; -1 or NaN where the model had no answer.
        confidence: float32, probability of the answered class, NaN where none was kept; for numbers, not used.
        classes: Those trained on, then those that only these rows have; None for numbers.
        num_trained: How many of the classes the model can answer.
        path: The predictions, for what is read only when it is asked for.
        kept: Positions of these rows in the file.
    """

    row_ids: np.ndarray
    true: np.ndarray
    predicted: np.ndarray
    confidence: np.ndarray
    classes: tuple[str, ...] | None
    num_trained: int
    path: Path
    kept: np.ndarray

    @property
    def is_binary(self) -> bool:
        """Whether it is decided between two classes."""
        return self.classes is not None and self.num_trained == 2

    @property
    def is_right(self) -> np.ndarray:
        """(N,) bool; only where there are classes."""
        return np.asarray(self.true == self.predicted)

    @property
    def error(self) -> np.ndarray:
        """(N,) float64, predicted minus true; only for numbers."""
        return np.asarray(self.predicted - self.true, dtype=np.float64)

    def probability(self, index: int) -> np.ndarray:
        """(N,) float32, what each row was given for a class that was trained on."""
        assert self.classes is not None and index < self.num_trained
        column = pq.read_table(self.path, columns=[probability_column(self.classes[index])]).column(0)
        return np.asarray(column.to_numpy(), dtype=np.float32)[self.kept]


def read_outcomes(folder: Path, report: Report) -> Outcomes:
    """The outcomes of a report, from the predictions in its run's folder.

    Raises:
        OSError: There are none.
    """
    return outcomes_in(folder / predictions_file(report.part), report.target, report.classes)


def outcomes_in(path: Path, target: str, classes: tuple[str, ...] | None) -> Outcomes:
    """The outcomes in a file of answers, those of a run or of a baseline.

    Args:
        path: Parquet, keyed by row id.
        target: The column that was predicted.
        classes: Those trained on; None for numbers.

    Raises:
        OSError: There is no such file.
    """
    column = target_column(target, classes)
    frame = pd.read_parquet(path, columns=[column, PREDICTION])
    values, predicted = frame[column], frame[PREDICTION]
    if classes is None:
        return _numbers(path, values, predicted)
    return _classes(path, values, predicted, classes)


def kept_outcomes(path: Path, target: str, classes: tuple[str, ...] | None) -> Outcomes:
    """The same, read once for as long as the file stays as it is.

    Raises:
        OSError: There is no such file.
    """
    return _kept(path, target, classes, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _kept(path: Path, target: str, classes: tuple[str, ...] | None, written_at: int) -> Outcomes:
    # `written_at` only tells answers from those that they replaced.
    return outcomes_in(path, target, classes)


def _numbers(path: Path, values: pd.Series, predicted: pd.Series) -> Outcomes:
    true = number_values(values).to_numpy()
    kept = np.flatnonzero(~np.isnan(true))
    answers = number_values(predicted).to_numpy()[kept]
    nothing = np.zeros(0, dtype=np.float32)
    return Outcomes(values.index.to_numpy()[kept], true[kept], answers, nothing, None, 0, path, kept)


def _classes(path: Path, values: pd.Series, predicted: pd.Series, trained: tuple[str, ...]) -> Outcomes:
    strings = category_strings(values)
    kept = np.flatnonzero(strings.notna().to_numpy())
    classes = (*trained, *in_order(set(strings.dropna().unique()) - set(trained)))
    index = {name: place for place, name in enumerate(classes)}
    true, answers = (
        column.map(index).fillna(NONE).to_numpy(dtype=np.int32)[kept] for column in (strings, predicted)
    )
    # Of baselines no probabilities are kept.
    known = set(pq.read_schema(path).names)
    confidence = largest_probability(path, [name for name in map(probability_column, trained) if name in known])[
        kept
    ]
    return Outcomes(values.index.to_numpy()[kept], true, answers, confidence, classes, len(trained), path, kept)


def largest_probability(path: Path, columns: Sequence[str]) -> np.ndarray:
    """The largest value of each row, read in batches: with many classes all of them would be large.

    Returns:
        (N,) float32, in the order of the file; NaN where there are no such columns.
    """
    file = pq.ParquetFile(path)
    if not columns:
        return np.full(file.metadata.num_rows, np.nan, dtype=np.float32)
    largest = [
        np.max([column.to_numpy(zero_copy_only=False) for column in batch.columns], axis=0)
        for batch in file.iter_batches(BATCH, columns=list(columns))
    ]
    return np.concatenate(largest).astype(np.float32) if largest else np.zeros(0, dtype=np.float32)
