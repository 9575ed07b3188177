"""Jobs to test with."""

from leyden.store.records import Job
from leyden.store.store import Store
from tests.leyden.factories import CPU


def add(store: Store, **options) -> Job:
    return store.jobs.add("ingest", lane="light", subject="file", payload={}, **options)


def running(store: Store, owner: str = "child") -> Job:
    add(store)
    job = store.queue.claim_next("light", "supervisor", **CPU)
    return store.jobs.adopt(job.id, "supervisor", owner, pid=1)
