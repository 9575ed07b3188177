"""Predicts what people bring: a table file, or pictures in a folder or an archive, into a CSV file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from leyden.datasets.input_file import InputFile, read_input_file
from leyden.datasets.profile import FILE, ColumnKind, Histogram, Profile
from leyden.datasets.read import load_profile
from leyden.home import Home
from leyden.prediction.columns import PREDICTION, PROBABILITY, names_beside
from leyden.prediction.files import FileAnswers, OutsideCount
from leyden.store.records import Run
from lightning_modules.checkpoint import load_best
from lightning_modules.data.kinds import hold_only_files, kind_of
from lightning_modules.data.unseen import Unseen
from lightning_modules.devices import Device
from lightning_modules.files import write_atomically
from lightning_modules.predictor import Predictor

PREVIEW_ROWS = 20
PREVIEW_CLASSES = 3
PREVIEW_DIGITS = 4
"""Of probabilities."""
MOST_CLASSES = 50
NUM_BARS = 20


def predict_file(
    home: Home, run: Run, path: Path, out: Path, device: Device, progress: Callable[[float], None]
) -> FileAnswers:
    """Writes a line per row or file, in their order: `prediction`, probabilities, and the columns of the table as they
    stand in it; of pictures and documents their `file` first.

    A picture or a document that cannot be read keeps its line, without a prediction: one broken file among a thousand
    must not cost the others their answer. Where there are other inputs beside it, they answer, as in training.

    Args:
        home: The workspace.
        run: Whose best checkpoint predicts.
        path: What to predict.
        out: The CSV file.
        device: Where to compute.
        progress: Told the share that is predicted; may raise to break off.

    Returns:
        What came of it, in short.

    Raises:
        DataError: The file cannot be read, or lacks columns that the model was trained on.
        RunError: The run has no checkpoint, or it is damaged.
    """
    predictor = Predictor(load_best(home.run(run.id)), device.torch)
    profile = load_profile(home, run.spec.data.dataset).with_kinds(run.spec.data.inputs)
    inputs = run.spec.data.inputs
    with read_input_file(home, path, profile, target=run.target) as brought:
        frame = brought.frame
        readable = frame.dropna(subset=_needed(frame, inputs, profile))
        predictions = predictor.predict(readable, progress=progress).reindex(frame.index)
        outside = predictor.unseen(readable)
        if brought.raw is None:
            predictions.insert(0, FILE, frame[FILE])
        write_atomically(out, lambda file: _write(file, predictions, brought, progress))
        return _in_short(_shown(brought, inputs), predictions, outside, readable.index)


def _write(
    file: IO[bytes], predictions: pd.DataFrame, brought: InputFile, progress: Callable[[float], None]
) -> None:
    """All lines; of the table's own columns there are never more than a block in memory. May be broken off."""
    if brought.raw is None:
        predictions.to_csv(file, index=False)
        return
    header = names_beside(list(predictions.columns), brought.names)
    pd.DataFrame(columns=[*predictions.columns, *header]).to_csv(file, index=False)
    for block in brought.cells():
        progress(1.0)
        lines = pd.concat([predictions.loc[block.index], block], axis=1)
        lines.to_csv(file, index=False, header=False)


def _shown(brought: InputFile, inputs: Mapping[str, ColumnKind]) -> pd.DataFrame:
    """The first rows as they stand in the file; of pictures their names, not where they lie."""
    files = [name for name, kind in inputs.items() if kind_of(kind).HOLDS_FILES]
    rows = next(brought.cells(), brought.frame.drop(columns=files, errors="ignore"))
    return rows.head(PREVIEW_ROWS)


def _needed(frame: pd.DataFrame, inputs: Mapping[str, ColumnKind], profile: Profile) -> list[str]:
    """Columns without which a row has no answer: the only picture, or the document that the row is."""
    is_file = profile.layout == "document_folder" or hold_only_files(inputs.values())
    return [name for name in inputs if name in frame] if is_file else []


def _in_short(
    shown: pd.DataFrame, predictions: pd.DataFrame, outside: list[Unseen], readable: pd.Index
) -> FileAnswers:
    answers = predictions[PREDICTION]
    is_number = pd.api.types.is_numeric_dtype(answers)
    preview = _preview(shown, predictions)
    return FileAnswers(
        rows=len(predictions),
        unanswered=int(answers.isna().sum()),
        columns=tuple(map(str, preview.columns)),
        preview=tuple(tuple(map(_cell, row)) for row in preview.itertuples(index=False)),
        classes={}
        if is_number
        else {str(k): int(n) for k, n in answers.value_counts().head(MOST_CLASSES).items()},
        histogram=_histogram(answers) if is_number else None,
        outside=tuple(_count(kind, readable) for kind in outside),
    )


def _preview(shown: pd.DataFrame, predictions: pd.DataFrame) -> pd.DataFrame:
    """The answers before the columns that they are for; of many classes, only the likeliest's probability."""
    answers = predictions.head(len(shown)).drop(columns=[FILE], errors="ignore")
    shares = [name for name in answers.columns if str(name).startswith(PROBABILITY)]
    if len(shares) > PREVIEW_CLASSES:
        answers = answers[[PREDICTION]].assign(probability=answers[shares].max(axis=1))
    answers = answers.round(PREVIEW_DIGITS) if shares else answers
    names = names_beside(list(answers.columns), shown.columns)
    return pd.concat([answers, shown.set_axis(names, axis=1)], axis=1)


def _cell(value: Any) -> str | float | None:
    if pd.isna(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return str(value).lower()
    if isinstance(value, (int, float, np.number)):
        return float(value) if np.isfinite(value) else None
    return str(value)[:200]


def _histogram(answers: pd.Series) -> Histogram | None:
    values = answers.to_numpy(dtype=np.float64)
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    counts, edges = np.histogram(values, bins=NUM_BARS)
    return Histogram(edges=tuple(map(float, edges)), counts=tuple(int(count) for count in counts))


def _count(kind: Unseen, readable: pd.Index) -> OutsideCount:
    position, message = next(kind.messages(1))
    return OutsideCount(
        column=kind.column,
        code=kind.code,
        num_rows=int(kind.rows.sum()),
        example=message.text,
        first_row=int(readable[position]) + 1,
    )
