from leyden.lost_files import lost_files
from tests.leyden.factories import CPU, add_run


def train(store, run, *, saved_step):
    job = store.queue.claim_next("device", "s", **CPU)
    if saved_step:
        store.jobs.set_saved_step(job.id, "s", saved_step)
    assert lost_files(None, store, store.runs.get(run.id)) == (), "a run at work writes its files"
    store.jobs.end(job.id, "s", "stopped")
    return store.runs.get(run.id)


def test_only_what_was_written_can_be_lost(home, store):
    run = train(store, add_run(store), saved_step=0)
    assert lost_files(home, store, run) == ()


def test_what_the_store_knows_of_and_the_folder_does_not_hold_is_lost(home, store):
    run = train(store, add_run(store), saved_step=50)
    assert lost_files(home, store, run) == ("last.ckpt",)
    store.models.put(run.id, kind="run", run_id=run.id, files={})
    store.reports.put(run.id, "val", headline="accuracy", figures={"accuracy": 1.0}, num_rows=3)
    assert lost_files(home, store, run) == ("best.ckpt", "report-val.json")
    folder = home.run(run.id)
    folder.mkdir(parents=True)
    (folder / "best.ckpt").write_bytes(b"x")
    assert lost_files(home, store, run) == ("report-val.json",)


def test_a_run_that_can_go_on_from_the_checkpoint_before_the_last_has_lost_none(home, store):
    run = train(store, add_run(store), saved_step=50)
    folder = home.run(run.id)
    folder.mkdir(parents=True)
    (folder / "last-1.ckpt").write_bytes(b"x")
    assert lost_files(home, store, run) == ()
