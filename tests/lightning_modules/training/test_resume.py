"""A run that was killed and resumed ends with the weights of one that was not."""

import errno

import pytest
import torch

from leyden.run_folder import BEST, LAST, LAST_BEFORE, ROWS
from lightning_modules import work
from lightning_modules.checkpoint import load_checkpoint
from lightning_modules.data.prepared import Prepared
from lightning_modules.training import checkpoints, fit
from lightning_modules.training.module import SupervisedModule
from lightning_modules.training.ranks import Ranks
from tests.lightning_modules.workspace import claim

STEPS_PER_EPOCH = 11  # 84 training rows in batches of 8
CHANGES = {
    "optimisation.epochs": 4,
    "architecture.tabular.options.dropout": 0.3,
    "architecture.tabular.options.batch_norm": True,
    "optimisation.schedule": "plateau",
}


class Killed(BaseException):
    """What no code catches, as no code can catch a kill."""


@pytest.fixture
def saving_always(monkeypatch):
    monkeypatch.setattr(checkpoints, "BETWEEN_EPOCHS_S", 0.0)
    monkeypatch.setattr(checkpoints, "WITHIN_EPOCH_S", 0.0)


def kill_after(monkeypatch, step):
    count = SupervisedModule._count_step

    def count_or_die(module):
        count(module)
        if module.position.step == step:
            raise Killed

    monkeypatch.setattr(SupervisedModule, "_count_step", count_or_die)
    return lambda: monkeypatch.setattr(SupervisedModule, "_count_step", count)


def train(home, store):
    context = claim(home, store)
    try:
        work.train(context)
    except Killed:
        store.queue.mark_vanished(context.job.id, context.owner)
        return False
    store.jobs.end(context.job.id, context.owner, "finished")
    return True


def weights(home, run, name):
    return load_checkpoint(home.run(run.id) / name).weights


def assert_equal(one, other):
    assert one.keys() == other.keys()
    for name, tensor in one.items():
        assert torch.equal(tensor, other[name]), name


@pytest.mark.parametrize("step", [1, 2, 7, STEPS_PER_EPOCH, STEPS_PER_EPOCH + 1, 27, 43])
def test_killed_at_any_step_and_resumed(home, store, flowers_run, monkeypatch, saving_always, step):
    whole = flowers_run(CHANGES)
    assert train(home, store)
    broken = flowers_run(CHANGES)
    revive = kill_after(monkeypatch, step)
    assert not train(home, store)
    revive()
    assert train(home, store)
    assert store.jobs.latest(kind="train", run_id=broken.id).attempt == 2
    for name in (BEST, LAST):
        assert_equal(weights(home, whole, name), weights(home, broken, name))
    assert store.reports.get(whole.id, "val").figures == store.reports.get(broken.id, "val").figures


def test_points_are_there_once_after_a_resumption(home, store, flowers_run, monkeypatch, saving_always):
    run = flowers_run(CHANGES)
    revive = kill_after(monkeypatch, 25)
    train(home, store)
    revive()
    train(home, store)
    points, _ = store.metrics.read(run.id, names=["val/loss"])
    assert [point.step for point in points] == [11, 22, 33, 44]
    assert [point.epoch for point in points] == [1, 2, 3, 4]
    assert store.runs.get(run.id).generation == 2


def test_a_broken_last_checkpoint_falls_back(home, store, flowers_run, monkeypatch, saving_always):
    whole = flowers_run(CHANGES)
    train(home, store)
    broken = flowers_run(CHANGES)
    revive = kill_after(monkeypatch, 25)
    train(home, store)
    revive()
    last = home.run(broken.id) / LAST
    last.write_bytes(last.read_bytes()[:1000])
    assert (home.run(broken.id) / LAST_BEFORE).exists()
    assert train(home, store)
    assert_equal(weights(home, whole, LAST), weights(home, broken, LAST))


def test_training_longer_goes_on_with_a_stretched_schedule(home, store, flowers_run):
    run = flowers_run({"optimisation.epochs": 2, "optimisation.schedule": "cosine", "optimisation.warmup": 0})
    train(home, store)
    before = [point.value for point in store.metrics.read(run.id, names=["lr"])[0]]
    store.runs.continue_training(run.id, epochs=4)
    train(home, store)
    points = store.metrics.read(run.id, names=["lr"])[0]
    assert [point.value for point in points[: len(before)]] == before
    assert points[-1].step == 4 * STEPS_PER_EPOCH and points[-1].value == pytest.approx(0, abs=1e-6)
    # Half of the longer course is done: the rate rises to where such a run would be.
    middle = next(point for point in points if point.step == 2 * STEPS_PER_EPOCH + 1)
    assert middle.value == pytest.approx(run.spec.optimisation.lr / 2, rel=0.1)


def test_a_finished_run_that_is_resumed_reports_again(home, store, flowers_run):
    run = flowers_run()
    train(home, store)
    before = weights(home, run, LAST)
    store.runs.continue_training(run.id)
    assert train(home, store)
    assert_equal(before, weights(home, run, LAST))


def test_rows_that_a_killed_attempt_has_left_are_gone(home, store, flowers_run, monkeypatch, saving_always):
    run = flowers_run(CHANGES)
    home.run(run.id).mkdir(parents=True)
    (home.run(run.id) / ROWS).write_bytes(b"of several processes")
    kill_after(monkeypatch, 1)
    assert not train(home, store)
    assert not (home.run(run.id) / ROWS).exists()


def test_rows_that_could_not_be_saved_do_not_fill_the_disk(home, store, flowers_run, monkeypatch):
    def save(prepared, file):
        file.write_bytes(b"half of them")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Prepared, "save", save)
    run, context = flowers_run(CHANGES), claim(home, store)
    home.run(run.id).mkdir(parents=True)
    with pytest.raises(OSError, match="No space"):
        fit._prepare(run, context, None, Ranks(0, 2))
    assert not (home.run(run.id) / ROWS).exists()


def test_a_finished_run_whose_best_checkpoint_was_deleted_reports_on_its_last(home, store, flowers_run):
    run = flowers_run()
    train(home, store)
    (home.run(run.id) / BEST).unlink()
    store.runs.continue_training(run.id)
    assert train(home, store)
    assert_equal(weights(home, run, BEST), weights(home, run, LAST))
    assert store.reports.get(run.id, "val").figures
