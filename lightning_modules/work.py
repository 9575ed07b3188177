"""The jobs that need torch, as `leyden.jobs.table` names them: train, evaluate, predict, measure."""

from pathlib import Path
from typing import Any

from leyden.datasets.read import load_profile
from leyden.errors import StoreError
from leyden.jobs.baselines import add_baselines
from leyden.jobs.context import JobContext, JobStopped
from leyden.reports.model import Report
from leyden.run_folder import SPEC
from leyden.spec.model import Spec
from leyden.store.records import Run
from lightning_modules.catalog import catalogue
from lightning_modules.data.pixel_cache import Progress
from lightning_modules.devices import device_of
from lightning_modules.evaluation.evaluate import evaluate as judge
from lightning_modules.evaluation.evaluate import forget_outdated_test
from lightning_modules.evaluation.predict_file import predict_file
from lightning_modules.evaluation.take_away import record_model
from lightning_modules.files import write_text
from lightning_modules.measure import measure_spec
from lightning_modules.training.fit import fit

Result = dict[str, Any]


def train(context: JobContext) -> Result:
    """Trains a run, reports on its best checkpoint with the validation rows, and records its model.

    Of several processes that train together, the first does all but the training alone.

    Raises:
        JobStopped: It was asked to stop; the best so far is saved and reported on.
    """
    run = _run_of(context)
    if context.rank:
        fit(run, context)
        return {}
    write_text(context.home.run(run.id) / SPEC, run.spec.model_dump_json(indent=2))
    has_finished = fit(run, context)
    context.progress(1.0 if has_finished else None, "judging")
    if context.is_superseded.is_set():
        raise StoreError("superseded", job=context.job.id)
    report = _report(context, run)
    if not has_finished:
        raise JobStopped(_result(report))
    return _result(report)


def evaluate(context: JobContext) -> Result:
    """Judges the best checkpoint of a run: on its test rows, which counts an opening, or on its validation rows."""

    def progress(share: float) -> None:
        if context.is_stop_requested():
            raise JobStopped
        context.progress(share, "judging")

    run, part = _run_of(context), context.job.payload["part"]
    context.progress(None, "judging")
    if part == "test":
        context.store.reports.count_opening(run)
    # Not before: what is known of test rows counts as an opening.
    add_baselines(context.store, catalogue(), run, part)
    if part == "val":
        return _result(_report(context, run, progress))
    return _result(judge(context.home, context.store, run, "test", device_of(context.job), progress))


def predict(context: JobContext) -> Result:
    """Predicts every row of a file, or every picture of a folder or archive, into a CSV file."""

    def progress(share: float) -> None:
        if context.is_stop_requested():
            raise JobStopped
        context.progress(share, "predicting", percent=round(100 * share))

    run, payload = _run_of(context), context.job.payload
    device = device_of(context.job)
    source = Path(payload["path"])
    try:
        answers = predict_file(context.home, run, source, Path(payload["out"]), device, progress)
    finally:
        # Also when it was stopped, or cannot be read: an upload is of no further use.
        if payload.get("remove_source"):
            source.unlink(missing_ok=True)
    return {**answers.model_dump(mode="json"), "out": payload["out"]}


def measure(context: JobContext) -> Result:
    """Counts the parameters of the network that a spec describes."""
    spec = Spec.model_validate(context.job.payload["spec"])
    profile = load_profile(context.home, spec.data.dataset)
    return measure_spec(context.home, spec, profile)


def _run_of(context: JobContext) -> Run:
    assert context.job.run_id is not None, "this kind of job belongs to a run"
    return context.store.runs.get(context.job.run_id)


def _report(context: JobContext, run: Run, progress: Progress = lambda share: None) -> Report:
    """Judges the best checkpoint on the validation rows, and records it as the run's model."""
    report = judge(context.home, context.store, run, "val", device_of(context.job), progress)
    forget_outdated_test(context.home, context.store, run.id, report.step)
    record_model(context.home, context.store, run)
    return report


def _result(report: Report) -> Result:
    return {"figures": report.figures}
