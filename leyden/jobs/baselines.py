"""The job that trains a run's baselines: runs that ask the same share it."""

from leyden.catalogue import BaselineCard, Catalogue
from leyden.datasets.profile import Part
from leyden.jobs.table import JOB_KINDS
from leyden.store.records import Job, Run
from leyden.store.store import Store

KIND = "baselines"


def add_baselines(store: Store, catalogue: Catalogue, run: Run, part: Part) -> Job | None:
    """Queues the baselines that a run is held against on the rows of a part; waking a supervisor is the caller's.

    Those that are there already are not trained once more. Test rows are the caller's to have opened.

    Returns:
        The job that is queued or running, or None when nothing is missing.
    """
    if not missing_baselines(store, catalogue, run, part):
        return None
    payload = {"spec": run.spec.model_dump(mode="json"), "split": run.split_hash, "part": part}
    lane = JOB_KINDS[KIND].lane
    return baselines_job(store, run, part) or store.jobs.add(
        KIND, lane=lane, subject=run.question, payload=payload, wanted_device="cpu"
    )


def missing_baselines(store: Store, catalogue: Catalogue, run: Run, part: Part) -> list[BaselineCard]:
    """The baselines that fit a run's inputs and are not there: nobody has trained them, or they failed."""
    known = {one.name for one in store.baselines.list(run.question, part)}
    fitting = catalogue.baselines_for(run.spec.data.inputs.values())
    return [card for name, card in fitting.items() if name not in known]


def baselines_job(store: Store, run: Run, part: Part) -> Job | None:
    """The job that trains a run's baselines for a part, while it is queued or running."""
    jobs = store.jobs.list(kinds=(KIND,), limit=None)
    return next((job for job in jobs if job.subject == run.question and job.payload["part"] == part), None)
