"""What people do to a workspace: the one set of verbs behind the pages and the command line.

Each verb writes the store first and wakes the supervisor last, so that nothing is lost in between.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from leyden.catalogue import Catalogue
from leyden.damaged_files import require_way_on
from leyden.datasets.profile import ColumnKind, Part, Profile, ReadOptions
from leyden.engine.local import wake_supervisor
from leyden.errors import DataError, RunError, SpecError, StoreError
from leyden.home import Home
from leyden.jobs.baselines import add_baselines
from leyden.jobs.table import JOB_KINDS
from leyden.lost_files import lost_files
from leyden.machine import require_devices
from leyden.run_folder import BEST
from leyden.spec.model import Spec
from leyden.store.records import STOP_GENTLY, Job, QueueSettings, Run, StoredReport
from leyden.store.store import Store

MEASURE_PRIORITY = 10
"""Somebody looks at the form and waits for the answer."""


def profile_of(home: Home, store: Store, dataset_id: str) -> Profile:
    """A dataset's profile, with the column kinds that a person chose."""
    from leyden.datasets.read import load_profile

    dataset = store.datasets.get(dataset_id)
    return load_profile(home, dataset_id).with_kinds(dataset.kinds)


def import_path(
    home: Home,
    store: Store,
    path: Path,
    *,
    name: str | None = None,
    options: ReadOptions | None = None,
    kinds: dict[str, ColumnKind] | None = None,
    remove_source: bool = False,
    parent: str | None = None,
) -> Job:
    """Queues the import of a file or folder of this machine.

    Args:
        home: The workspace.
        store: Its store.
        path: The file or folder.
        name: What the dataset is called; None: after the file.
        options: How to read it; what is None is detected.
        kinds: Column kinds that are chosen instead of the inferred ones.
        remove_source: Whether the file is an upload, to be removed once read.
        parent: Id of the dataset that this is another version of.

    Raises:
        DataError: When there is nothing at `path`.
    """
    path = path.expanduser().resolve()
    if not path.exists():
        raise DataError("path_missing", path=str(path))
    payload = {
        "path": str(path),
        "name": name or path.stem,
        "options": (options or ReadOptions()).model_dump(mode="json"),
        "kinds": kinds or {},
        "remove_source": remove_source,
        "parent": parent,
    }
    return _queue(home, store, "ingest", subject=name or path.name, payload=payload)


def submit_run(
    home: Home,
    store: Store,
    catalogue: Catalogue,
    spec: Spec,
    *,
    name: str | None = None,
    parent: str | None = None,
) -> Run:
    """Checks a spec, writes its split, and queues the run.

    Args:
        home: The workspace.
        store: Its store.
        catalogue: What can be chosen.
        spec: What decides the run.
        name: What it is called; None: by what is not as usual about it.
        parent: Id of the run that it was cloned from, if that is still there: its name tells what was changed first.

    Raises:
        SpecError: With all that does not fit.
        DataError: When the split cannot be drawn.
    """
    from leyden.datasets.splits import make_split
    from leyden.spec.check import require
    from leyden.spec.naming import telling_name

    profile = profile_of(home, store, spec.data.dataset).with_kinds(spec.data.inputs)
    spec = require(spec, profile, catalogue)
    require_devices(spec.hardware)
    if spec.data.test_dataset is not None:
        _require_test_dataset(home, store, spec, spec.data.test_dataset)
    split = make_split(
        home,
        profile,
        spec.data.dataset,
        spec.data.target,
        spec.split,
        is_number="number" in catalogue.tasks[spec.task.name].target_kinds,
        has_separate_test=spec.data.test_dataset is not None,
    )
    if name is None:
        cloned = store.runs.find(parent) if parent else None
        dataset = store.datasets.get(spec.data.dataset)
        name = telling_name(dataset.name, spec, profile, catalogue, cloned.spec if cloned else None)
    run = store.runs.submit(spec, split_hash=split.hash, name=name)
    queue_baselines(home, store, catalogue, run, "val")
    wake_supervisor(home)
    return run


def queue_baselines(home: Home, store: Store, catalogue: Catalogue, run: Run, part: Part) -> Job | None:
    """Queues the training of the baselines that a run is held against, judged on the rows of a part.

    Runs that ask the same share them. Test rows are the caller's to have opened.

    Returns:
        The job that is queued or running, or None when they are there already.
    """
    job = add_baselines(store, catalogue, run, part)
    wake_supervisor(home)
    return job


def stop_job(home: Home, store: Store, job_id: int, level: int = STOP_GENTLY) -> Job:
    """Asks a job to stop: gently, or by killing its process."""
    job = store.jobs.request_stop(job_id, level)
    wake_supervisor(home)
    return job


def change_queue(home: Home, store: Store, **changes: Any) -> QueueSettings:
    """Pauses the queue, lets it go on, or changes how much works at once."""
    changed = store.settings.change_queue(**changes)
    wake_supervisor(home)
    return changed


def resume_run(home: Home, store: Store, run_id: str, *, epochs: int | None = None) -> Run:
    """Goes on with an ended run from its last checkpoint; `epochs` is a new total, None keeps the old one.

    A run whose checkpoints are gone is trained anew.

    Raises:
        RunError: When the total is not more than what has been trained, nothing is left to train, or all that it
            could go on from is damaged.
        SpecError: When this machine has not the devices that it was started on.
        StoreError: When the run is unknown, or active.
    """
    run = store.runs.get(run_id)
    if run.job.is_active:
        raise StoreError("run_active", run=run_id)
    trained = _epochs_trained(store, run)
    if epochs is not None and epochs <= trained:
        raise RunError("nothing_to_resume", epochs=epochs, trained=trained)
    # The same total means the same end: early stopping keeps its patience.
    is_same = epochs in (None, run.epochs)
    if is_same and run.state == "finished" and BEST not in lost_files(home, store, run):
        raise RunError("already_finished", run=run_id, trained=trained, epochs=run.epochs)
    require_devices(run.spec.hardware)
    require_way_on(home.run(run_id))
    run = store.runs.continue_training(run_id, epochs=epochs)
    wake_supervisor(home)
    return run


def open_test(home: Home, store: Store, run_id: str) -> Job:
    """Queues the evaluation of the sealed test rows; the opening is counted when it happens.

    Raises:
        RunError: There is no validation report yet: nobody can know that this is the model to judge.
        StoreError: The run is unknown, or still at work.
    """
    report_of(store, run_id, "val")
    return evaluate(home, store, run_id, "test")


def evaluate(home: Home, store: Store, run_id: str, part: Part) -> Job:
    """Queues a report of a run's best checkpoint, unless that waits already.

    Raises:
        RunError: It has no checkpoint yet, or none any more.
        StoreError: The run is unknown, or still at work: its best checkpoint may change.
    """
    run = store.runs.get(run_id)
    if run.job.is_active:
        raise StoreError("run_active", run=run_id)
    _require_checkpoint(home, store, run)
    waiting = [job for job in store.jobs.list(kinds=("evaluate",), run_id=run_id) if job.payload["part"] == part]
    if waiting:
        return waiting[0]
    return _queue(home, store, "evaluate", subject=run_id, run_id=run_id, payload={"part": part})


def report_of(store: Store, run_id: str, part: Part) -> StoredReport:
    """The figures of a run on a part.

    Raises:
        RunError: There are none yet.
    """
    found = store.reports.get(run_id, part)
    if found is None:
        raise RunError("no_report_yet", run=run_id)
    return found


def measure(home: Home, store: Store, spec: Spec) -> Job:
    """Queues the counting of a network's parameters, outside of this process."""
    payload = {"spec": spec.model_dump(mode="json")}
    return _queue(home, store, "measure", subject=spec.fingerprint, payload=payload, priority=MEASURE_PRIORITY)


def predict_file(
    home: Home, store: Store, run_id: str, path: Path, out: Path, *, remove_source: bool = False
) -> Job:
    """Queues the prediction of every row of a file, or every image of a folder or archive, into a CSV file.

    Args:
        home: The workspace.
        store: Its store.
        run_id: Whose best checkpoint predicts.
        path: What to predict.
        out: The CSV file.
        remove_source: Whether the file is an upload, to be removed once read.

    Raises:
        DataError: When there is nothing at `path`, or no file can be written at `out`.
        RunError: When the run has no checkpoint yet, or none any more.
    """
    path, out = path.expanduser().resolve(), out.expanduser().resolve()
    run = store.runs.get(run_id)
    if not path.exists():
        raise DataError("path_missing", path=str(path))
    _require_checkpoint(home, store, run)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        is_writable = os.access(out.parent, os.W_OK)
    except OSError:
        is_writable = False
    if not is_writable:
        raise DataError("out_unwritable", path=str(out), folder=str(out.parent))
    payload = {"path": str(path), "out": str(out), "remove_source": remove_source}
    return _queue(home, store, "predict", subject=run_id, run_id=run_id, payload=payload)


def delete_run(home: Home, store: Store, run_id: str) -> int:
    """Removes a run with everything it wrote.

    Returns:
        Bytes freed on disk.

    Raises:
        StoreError: While the run has work queued or running.
    """
    store.runs.delete(run_id)
    store.free_space()
    return remove_folder(home.run(run_id))


def delete_dataset(home: Home, store: Store, dataset_id: str) -> int:
    """Removes a dataset, its files, and the media that no other dataset shows.

    Returns:
        Bytes freed on disk.

    Raises:
        StoreError: While runs refer to it.
    """
    from leyden.datasets.media import delete_dataset_files

    store.datasets.delete(dataset_id)
    store.free_space()
    return delete_dataset_files(home, dataset_id)


def remove_folder(folder: Path) -> int:
    """Removes a folder; returns the bytes it took."""
    if not folder.exists():
        return 0
    freed = sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file())
    shutil.rmtree(folder)
    return freed


def _queue(
    home: Home,
    store: Store,
    kind: str,
    *,
    subject: str,
    payload: dict[str, Any],
    run_id: str | None = None,
    priority: int = 0,
) -> Job:
    job = store.jobs.add(
        kind,
        lane=JOB_KINDS[kind].lane,
        subject=subject,
        payload=payload,
        run_id=run_id,
        wanted_device="cpu",
        priority=priority,
    )
    wake_supervisor(home)
    return job


def _epochs_trained(store: Store, run: Run) -> int:
    """Whole epochs behind a run."""
    last = store.metrics.last(run.id).get("val/loss")
    if last is None:
        return run.epochs if run.state == "finished" else 0
    return int(last.epoch)


def _require_checkpoint(home: Home, store: Store, run: Run) -> None:
    if (home.run(run.id) / BEST).exists():
        return
    had_one = run.state == "finished" or store.models.get(run.id) is not None
    raise RunError("model_file_gone", model=run.id) if had_one else RunError("no_checkpoint_yet", run=run.id)


def _require_test_dataset(home: Home, store: Store, spec: Spec, test_dataset: str) -> None:
    """A separate test dataset must be another one, with every column that the run reads."""
    if test_dataset == spec.data.dataset:
        raise SpecError("test_is_training_data", dataset=test_dataset)
    profile = profile_of(home, store, test_dataset)
    kinds = profile.kinds
    missing = [name for name in (*spec.data.inputs, spec.data.target) if name not in kinds]
    if missing:
        raise DataError("test_columns_missing", columns=", ".join(missing), dataset=test_dataset)
