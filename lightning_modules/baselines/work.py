"""The job that trains a run's baselines, in a light process without torch: what is left of the processor does it."""

import importlib
import time
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from leyden.catalogue import BaselineCard
from leyden.datasets.profile import Part
from leyden.datasets.read import load_profile
from leyden.datasets.staging import files_lock
from leyden.errors import LeydenError, RunError
from leyden.factory import imported
from leyden.jobs.context import JobContext, JobStopped
from leyden.messages.render import Message
from leyden.prediction.columns import PREDICTION, target_column
from leyden.spec.model import Spec
from leyden.store.records import StoredBaseline, question_of
from lightning_modules.baselines.models import Setting, TaskBaselines
from lightning_modules.catalog import catalogue
from lightning_modules.data.rows import read_part
from lightning_modules.files import write_atomically

SEED = 0
MAX_DETAIL = 200


@dataclass(frozen=True)
class Rows:
    """What is learned from, what is judged, and the task between them."""

    spec: Spec
    train: pd.DataFrame
    judged: pd.DataFrame
    task: TaskBaselines


def train_baselines(context: JobContext) -> dict[str, Any]:
    """Trains every baseline that fits the inputs of a spec and is not there yet, and judges it on the rows of a part.

    One thread, and only with time that nobody else wants: a training that goes on meanwhile must not feel it.

    Returns:
        The names of those that were trained, and for each that could not be, why (a message as plain data).

    Raises:
        JobStopped: It was asked to stop; those that are done stay.
    """
    payload = context.job.payload
    spec, split_hash, part = Spec.model_validate(payload["spec"]), payload["split"], payload["part"]
    context.progress(None, "reading_rows")
    rows = _read(context, spec, split_hash, part)
    setting = Setting(
        context.home, dict(spec.data.inputs), load_profile(context.home, spec.data.dataset), rows.task
    )
    question = question_of(spec, split_hash)
    known = {one.name for one in context.store.baselines.list(question, part)}
    fitting = catalogue().baselines_for(spec.data.inputs.values())
    cards = [card for card in fitting.values() if card.name not in known]
    done, failed = [], {}
    with threadpool_limits(1), warnings.catch_warnings():
        # A hundred steps more would not change what a baseline is for.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for place, card in enumerate(cards):
            if context.is_stop_requested():
                raise JobStopped
            context.progress(place / len(cards), "training_baseline", name=card.title)
            try:
                baseline, answers = _train(card, setting, rows, part, question)
            except (ValueError, LeydenError, OSError, MemoryError) as error:
                # Scikit-learn refuses the rows, such as texts without a word, or a picture cannot be read; the
                # others are still worth having.
                traceback.print_exc()
                failed[card.name] = _reason(error).model_dump(mode="json")
                continue
            path = context.home.baseline_answers(spec.data.dataset, question, part, card.name)
            with files_lock(context.home):
                _write_answers(path, answers)
            context.store.baselines.put(spec.data.dataset, baseline)
            done.append(card.name)
    return {"baselines": done, "failed": failed}


def _reason(error: Exception) -> Message:
    if isinstance(error, LeydenError):
        return error.message
    detail = next(iter(str(error).splitlines()), "")[:MAX_DETAIL]
    return Message(code="unexpected_error", params={"kind": type(error).__name__, "detail": detail})


def _read(context: JobContext, spec: Spec, split_hash: str, part: Part) -> Rows:
    train = read_part(context.home, spec.data, split_hash, "train")
    judged = read_part(context.home, spec.data, split_hash, part)
    if judged.empty:
        raise RunError("no_rows_in_part", part={"val": "validation", "test": "test"}[part])
    module = importlib.import_module(f"lightning_modules.tasks.{spec.task.name}.baselines")
    return Rows(spec, train, judged, module.fit(train[spec.data.target]))


def _write_answers(path: Path, answers: pd.DataFrame) -> None:
    """Writes the answers beside their dataset; where that was deleted meanwhile, it must not come back as a folder.

    Raises:
        FileNotFoundError: The dataset is gone.
    """
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, lambda file: answers.to_parquet(file))


def _train(
    card: BaselineCard, setting: Setting, rows: Rows, part: Part, question: str
) -> tuple[StoredBaseline, pd.DataFrame]:
    """One baseline, fitted and judged, and what it answered."""
    started = time.monotonic()
    task, data = rows.task, rows.spec.data
    baseline = imported(card.factory)(setting)
    target = task.encode(rows.train[data.target])
    chosen = np.flatnonzero(~np.isnan(target))
    of_rows = len(chosen)
    if of_rows > baseline.most_rows:
        chosen = np.sort(np.random.default_rng(SEED).choice(chosen, baseline.most_rows, replace=False))
    inputs = list(data.inputs)
    baseline.model.fit(rows.train[inputs].iloc[chosen], target[chosen])
    outputs = task.outputs(baseline.model, rows.judged[inputs])
    values = rows.judged[data.target]
    judgement = task.judge(outputs, values)
    answers = pd.DataFrame(
        {target_column(data.target, task.classes): values, PREDICTION: task.answers(outputs)},
        index=values.index.rename("row_id"),
    )
    stored = StoredBaseline(
        key=question,
        part=part,
        name=card.name,
        headline=catalogue().tasks[rows.spec.task.name].headline,
        figures=judgement.figures,
        intervals={name: (interval.low, interval.high) for name, interval in judgement.intervals.items()},
        num_rows=len(chosen),
        of_rows=of_rows,
        duration_s=time.monotonic() - started,
    )
    return stored, answers
