"""Two browsers act on one run at the same moment: one wins, the other is told, and nothing is left half done."""

import threading
from collections.abc import Callable

import pytest

from leyden import actions
from leyden.errors import LeydenError
from leyden.home import Home
from leyden.store.records import STOP_GENTLY, STOP_NOW, Run
from leyden.store.store import Store
from tests.leyden.factories import CPU, add_run

ROUNDS = 10


@pytest.fixture(autouse=True)
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "wake_supervisor", lambda home: False)


def stopped_run(home: Home, store: Store) -> Run:
    run = add_run(store)
    job = store.queue.claim_next("device", "s", **CPU)
    store.jobs.end(job.id, "s", "stopped")
    folder = home.run(run.id)
    folder.mkdir(parents=True)
    (folder / "best.ckpt").touch()
    return run


def at_once(*acts: Callable[[], object]) -> list[str | None]:
    """Does all at the same moment; returns the code of each one's refusal, or None where it was done."""
    gate, refusals = threading.Barrier(len(acts)), [None] * len(acts)

    def act(place: int) -> None:
        gate.wait()
        try:
            acts[place]()
        except LeydenError as error:
            refusals[place] = error.message.code

    threads = [threading.Thread(target=act, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


def test_one_deletes_while_the_other_resumes(home: Home, store: Store):
    for _round in range(ROUNDS):
        run = stopped_run(home, store)
        refusals = at_once(
            lambda: actions.delete_run(home, store, run.id),  # noqa: B023
            lambda: actions.resume_run(home, store, run.id),  # noqa: B023
        )
        if refusals == [None, "run_unknown"]:
            assert store.runs.find(run.id) is None
            assert not home.run(run.id).exists()
            assert store.jobs.list(run_id=run.id) == []
        else:
            assert refusals == ["run_active", None]
            assert store.runs.get(run.id).state == "queued"
            assert (home.run(run.id) / "best.ckpt").exists()
            store.jobs.request_stop(store.runs.get(run.id).job.id)


def test_both_resume(home: Home, store: Store):
    for _round in range(ROUNDS):
        run = stopped_run(home, store)
        refusals = at_once(*[lambda: actions.resume_run(home, store, run.id)] * 2)  # noqa: B023
        assert sorted(refusals, key=str) == [None, "run_active"]
        (job,) = store.jobs.list(run_id=run.id)
        assert job.attempt == 2
        store.jobs.request_stop(job.id)


def test_both_delete(home: Home, store: Store):
    for _round in range(ROUNDS):
        run = stopped_run(home, store)
        refusals = at_once(*[lambda: actions.delete_run(home, store, run.id)] * 2)  # noqa: B023
        assert sorted(refusals, key=str) == [None, "run_unknown"]
        assert not home.run(run.id).exists()


def test_one_deletes_while_the_other_evaluates(home: Home, store: Store):
    for _round in range(ROUNDS):
        run = stopped_run(home, store)
        refusals = at_once(
            lambda: actions.delete_run(home, store, run.id),  # noqa: B023
            lambda: actions.evaluate(home, store, run.id, "val"),  # noqa: B023
        )
        assert refusals in (
            [None, "run_unknown"],
            [None, "no_checkpoint_yet"],
            ["run_active", None],
        )
        for job in store.jobs.list():
            store.jobs.request_stop(job.id)


def test_both_stop_and_the_stronger_request_holds(home: Home, store: Store):
    run = add_run(store)
    job = store.queue.claim_next("device", "s", **CPU)
    assert at_once(
        lambda: actions.stop_job(home, store, job.id, STOP_GENTLY),
        lambda: actions.stop_job(home, store, job.id, STOP_NOW),
    ) == [None, None]
    assert store.jobs.get(job.id).stop_request == STOP_NOW
    store.queue.mark_vanished(job.id, "s")
    assert store.runs.get(run.id).state == "stopped"
    assert actions.stop_job(home, store, job.id).state == "stopped", "too late, and no harm"
