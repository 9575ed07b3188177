"""Judges a run's best checkpoint on the rows of a part, and writes report and predictions."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from leyden.datasets.profile import FILE, Part
from leyden.datasets.read import load_profile
from leyden.errors import RunError
from leyden.home import Home
from leyden.prediction.columns import target_column
from leyden.reports.model import Report
from leyden.run_folder import predictions_file, predictions_table, report_file
from leyden.store.records import Run
from leyden.store.store import Store
from lightning_modules.catalog import catalogue
from lightning_modules.checkpoint import Checkpoint, load_best
from lightning_modules.data.pixel_cache import CachedImages, Progress
from lightning_modules.data.rows import read_part
from lightning_modules.devices import Device
from lightning_modules.files import write_atomically, write_text
from lightning_modules.predictor import Predictor


@dataclass(frozen=True)
class Judged:
    """A run's predictions for the rows of a part."""

    frame: pd.DataFrame
    outputs: np.ndarray
    predictions: pd.DataFrame


def evaluate(
    home: Home, store: Store, run: Run, part: Part, device: Device, progress: Progress = lambda share: None
) -> Report:
    """Predicts the rows of a part with the best checkpoint, and records how good that is.

    Args:
        home: The workspace.
        store: Its store.
        run: The run.
        part: Which rows. Test rows are the caller's to count as opened, before this.
        device: Where to compute.
        progress: Told the share of pictures that are decoded, then of rows that are predicted; may raise to break off.

    Raises:
        RunError: There is no checkpoint, or the part has no rows.
    """
    folder = home.run(run.id)
    checkpoint = load_best(folder)
    judged = _predict(home, run, part, Predictor(checkpoint, device.torch), progress)
    report = _report(run, part, checkpoint, judged)
    _write_predictions(folder, part, run.target, report.classes, judged)
    write_text(folder / report_file(part), report.model_dump_json())
    headline = catalogue().tasks[report.task].headline
    store.reports.put(run.id, part, headline=headline, figures=report.figures, num_rows=report.num_rows)
    return report


def forget_outdated_test(home: Home, store: Store, run_id: str, step: int) -> None:
    """Removes the test report of a run whose best checkpoint is another one by now."""
    folder = home.run(run_id)
    path = folder / report_file("test")
    if not path.exists() or Report.model_validate_json(path.read_bytes()).step == step:
        return
    store.reports.remove(run_id, "test")
    for name in (report_file("test"), predictions_file("test"), predictions_table("test")):
        (folder / name).unlink(missing_ok=True)


def _predict(home: Home, run: Run, part: Part, predictor: Predictor, progress: Progress) -> Judged:
    dataset_id = run.spec.data.dataset_of(part)
    has_file = load_profile(home, dataset_id).is_folder and FILE not in (*run.spec.data.inputs, run.target)
    frame = read_part(home, run.spec.data, run.split_hash, part, extra=(FILE,) if has_file else ())
    if frame.empty:
        raise RunError("no_rows_in_part", part={"train": "training", "val": "validation", "test": "test"}[part])
    outputs = predictor.outputs(frame, CachedImages(home, dataset_id, progress), progress)
    return Judged(frame, outputs, predictor.columns(outputs, frame.index))


def _report(run: Run, part: Part, checkpoint: Checkpoint, judged: Judged) -> Report:
    task = checkpoint.fitted.task
    judgement = task.judge(judged.outputs, judged.frame[run.target], judged.frame.index.to_numpy())
    assert part != "train", "training rows are not reported on"
    return Report(
        run=run.id,
        part=part,
        checkpoint="best",
        epoch=checkpoint.epoch,
        step=checkpoint.step,
        num_rows=len(judged.frame),
        task=task.name,
        target=run.target,
        classes=task.classes,
        positive=judgement.positive,
        figures=judgement.figures,
        intervals=judgement.intervals,
        sections=judgement.sections,
        notes=judgement.notes,
    )


def _write_predictions(
    folder: Path, part: Part, target: str, classes: tuple[str, ...] | None, judged: Judged
) -> None:
    """Parquet keyed by row id for programs; CSV with row numbers, from 1 as people count, for people."""
    frame = judged.predictions.copy()
    frame.insert(0, target_column(target, classes), judged.frame[target])
    if FILE in judged.frame.columns and FILE not in frame.columns:
        frame.insert(0, FILE, judged.frame[FILE])
    frame.index.name = "row_id"
    write_atomically(folder / predictions_file(part), lambda file: frame.to_parquet(file))
    frame.index = pd.Index(frame.index + 1, name="row")
    write_atomically(folder / predictions_table(part), lambda file: frame.to_csv(file, encoding="utf-8-sig"))
