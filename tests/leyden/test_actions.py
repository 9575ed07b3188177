"""The verbs: what they refuse before anything is queued."""

from zipfile import ZipFile

import pytest

from leyden import actions
from leyden.errors import RunError, SpecError, StoreError
from leyden.home import Home
from leyden.store.records import Point, Run
from leyden.store.store import Store
from lightning_modules.catalog import catalogue
from tests.leyden.factories import CPU, add_dataset, add_run, profile, spec


@pytest.fixture(autouse=True)
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """No supervisor: these tests look at what is queued."""
    monkeypatch.setattr(actions, "wake_supervisor", lambda home: False)


@pytest.fixture
def dataset(home: Home, store: Store) -> str:
    add_dataset(store)
    folder = home.dataset("d1")
    folder.mkdir(parents=True)
    (folder / "profile.json").write_text(profile().model_dump_json())
    return "d1"


def ended(store: Store, run: Run, *, epochs: int, state: str = "stopped") -> None:
    job = store.queue.claim_next("device", "s", **CPU)
    store.metrics.write(run.id, job.id, [Point(name="val/loss", step=1, epoch=epochs, value=1.0, time=0.0)])
    store.jobs.end(job.id, "s", state)


def test_a_device_that_is_not_here_is_refused_instead_of_waited_for(home: Home, store: Store, dataset: str):
    with pytest.raises(SpecError, match="cuda:7"):
        actions.submit_run(home, store, catalogue(), spec(device="cuda:7"))
    assert store.runs.count() == 0


def test_the_data_trained_on_cannot_be_the_test_data(home: Home, store: Store, dataset: str):
    own = spec()
    same = own.model_copy(update={"data": own.data.model_copy(update={"test_dataset": "d1"})})
    with pytest.raises(SpecError, match="must be another one"):
        actions.submit_run(home, store, catalogue(), same)


def test_resuming_to_fewer_epochs_than_trained_is_refused(home: Home, store: Store):
    run = add_run(store)
    ended(store, run, epochs=20)
    with pytest.raises(RunError, match="already trained"):
        actions.resume_run(home, store, run.id, epochs=10)
    assert actions.resume_run(home, store, run.id, epochs=30).epochs == 30


def test_a_finished_run_goes_on_only_with_more_epochs(home: Home, store: Store):
    run = add_run(store)
    ended(store, run, epochs=20, state="finished")
    for same in (None, run.epochs):
        with pytest.raises(RunError, match=f"after 20 of {run.epochs} epochs; .* give another number"):
            actions.resume_run(home, store, run.id, epochs=same)
    with pytest.raises(RunError, match="more than the 20 already trained"):
        actions.resume_run(home, store, run.id, epochs=20)
    assert actions.resume_run(home, store, run.id, epochs=30).epochs == 30, "early stopping had ended it"


def test_test_rows_stay_sealed_while_a_run_is_at_work(home: Home, store: Store):
    run = add_run(store)
    with pytest.raises(RunError, match="no validation report"):
        actions.open_test(home, store, run.id)
    store.reports.put(run.id, "val", headline="accuracy", figures={"accuracy": 1.0}, num_rows=3)
    with pytest.raises(StoreError, match="stop it first"):
        actions.open_test(home, store, run.id)
    ended(store, run, epochs=20)
    with pytest.raises(RunError, match="no checkpoint"):
        actions.open_test(home, store, run.id)
    home.run(run.id).mkdir(parents=True)
    (home.run(run.id) / "best.ckpt").touch()
    job = actions.open_test(home, store, run.id)
    assert actions.open_test(home, store, run.id) == job
    assert actions.evaluate(home, store, run.id, "val").id != job.id


def test_deleting_a_run_frees_what_it_wrote(home: Home, store: Store):
    run = add_run(store)
    ended(store, run, epochs=1)
    home.run(run.id).mkdir(parents=True)
    (home.run(run.id) / "best.ckpt").write_bytes(b"x" * 1000)
    assert actions.delete_run(home, store, run.id) == 1000
    assert not home.run(run.id).exists()


def test_a_run_that_cannot_go_on_stays_as_it_is(home: Home, store: Store):
    run = add_run(store)
    ended(store, run, epochs=20, state="finished")
    folder = home.run(run.id)
    folder.mkdir(parents=True)
    for name in ("last.ckpt", "last-1.ckpt"):
        (folder / name).write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(RunError, match=r"its best checkpoint .* cannot be read either"):
        actions.resume_run(home, store, run.id, epochs=99)
    with ZipFile(folder / "best.ckpt", "w") as archive:
        archive.writestr("data.pkl", b"x")
    with pytest.raises(RunError, match="is readable and still predicts"):
        actions.resume_run(home, store, run.id, epochs=99)
    kept = store.runs.get(run.id)
    assert (kept.state, kept.name, kept.epochs) == ("finished", run.name, run.epochs)
    with ZipFile(folder / "last-1.ckpt", "w") as archive:
        archive.writestr("data.pkl", b"x")
    assert actions.resume_run(home, store, run.id, epochs=99).state == "queued"


def test_a_finished_run_whose_checkpoint_is_gone_is_trained_anew(home: Home, store: Store):
    run = add_run(store)
    ended(store, run, epochs=20, state="finished")
    store.models.put(run.id, kind="run", run_id=run.id, files={})
    again = actions.resume_run(home, store, run.id)
    assert (again.state, again.job.attempt) == ("queued", run.job.attempt + 1)
