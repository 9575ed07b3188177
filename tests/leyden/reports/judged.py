"""A run with predictions on disk, as a child leaves them: classes, two classes, or numbers."""

from pathlib import Path

import numpy as np
import pandas as pd

from leyden.reports.model import Report, Table
from leyden.reports.outcomes import Outcomes, read_outcomes
from leyden.run_folder import predictions_file, report_file


def write(folder: Path, target: str, true: pd.Series, predictions: pd.DataFrame, classes: tuple[str, ...] | None):
    """Predictions and the report that they belong to."""
    frame = predictions.copy()
    frame.insert(0, "target" if target in frame.columns else target, true)
    frame.index.name = "row_id"
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(folder / predictions_file("val"))
    report = Report(
        run="r1", part="val", checkpoint="best", epoch=1, step=1, num_rows=len(frame), task="any", target=target,
        classes=classes, figures={}, sections=(),
    )  # fmt: skip
    (folder / report_file("val")).write_text(report.model_dump_json())
    return report


def all_figures() -> Table:
    """What every report ends with."""
    return Table(title="All figures", columns=("Figure", "Value"), rows=(("Accuracy", 0.8),))


def classified(
    folder: Path, true: list, probabilities: list[list[float]], classes: tuple[str, ...], target: str = "kind"
) -> Outcomes:
    """Rows 10, 11, ... with their probabilities."""
    values = np.asarray(probabilities, dtype=np.float32)
    index = np.arange(10, 10 + len(true))
    columns = {f"p_{name}": values[:, place] for place, name in enumerate(classes)}
    answers = np.array(classes, dtype=object)[values.argmax(axis=1)]
    predictions = pd.DataFrame({"prediction": answers, **columns}, index=index)
    report = write(folder, target, pd.Series(true, index=index), predictions, classes)
    return read_outcomes(folder, report)


def measured(folder: Path, true: list, predicted: list) -> Outcomes:
    """Rows 10, 11, ... with predicted numbers."""
    index = np.arange(10, 10 + len(true))
    predictions = pd.DataFrame({"prediction": np.asarray(predicted, dtype=np.float32)}, index=index)
    return read_outcomes(folder, write(folder, "price", pd.Series(true, index=index), predictions, None))
