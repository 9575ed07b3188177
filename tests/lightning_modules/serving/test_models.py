"""Which models are in memory, and when they are read again."""

import pytest

from leyden import actions
from leyden.errors import RunError, StoreError
from leyden.prediction.signature import read_signature
from leyden.run_folder import SIGNATURE
from lightning_modules.serving import models as module
from lightning_modules.serving.models import Models


@pytest.fixture
def models(home, store, trained):
    held = Models(home, store)
    yield held
    held.close()


@pytest.fixture
def second(store, home, trained):
    """A copy of the trained model under another id."""
    store.models.put("copy", kind="run", run_id=trained.id, files=store.models.get(trained.id).files)
    return "copy"


def test_a_model_is_loaded_once(models, trained):
    assert models.get(trained.id) is models.get(trained.id)
    assert models.waiting(trained.id) is None


def test_a_file_that_was_written_anew_is_loaded_anew(models, trained, home):
    first = models.get(trained.id)
    path = home.run(trained.id) / "best.ckpt"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)
    assert models.get(trained.id) is not first


def test_the_least_recently_used_is_forgotten(models, trained, second, monkeypatch):
    monkeypatch.setattr(module, "MOST_MODELS", 1)
    first = models.get(trained.id)
    models.get(second)
    assert models.ids == (second,)
    assert models.get(trained.id) is not first


def test_memory_bounds_what_is_held_but_not_the_one_that_is_asked_for(home, store, trained, second):
    models = Models(home, store, most_bytes=1)
    models.get(trained.id)
    models.get(second)
    assert models.ids == (second,)
    models.close()


def test_a_deleted_model_is_unknown_and_forgotten(models, trained, home, store):
    models.get(trained.id)
    job = store.runs.get(trained.id).job
    store.jobs.end(job.id, job.owner, "finished")
    actions.delete_run(home, store, trained.id)
    with pytest.raises(StoreError, match="no model"):
        models.get(trained.id)
    assert models.ids == ()


def test_a_broken_checkpoint_is_told_and_tried_again(models, trained, home):
    path = home.run(trained.id) / "best.ckpt"
    content = path.read_bytes()
    path.write_bytes(content[:1000])
    with pytest.raises(RunError, match=r"best checkpoint of this run .* is damaged"):
        while models.waiting(trained.id):
            pass
    path.write_bytes(content)
    assert models.get(trained.id).target == "kind"


def test_a_model_beyond_the_free_memory_is_refused(models, trained, monkeypatch):
    monkeypatch.setattr(module, "LOADING_FACTOR", 1e12)
    with pytest.raises(RunError, match="GB are free"):
        models.get(trained.id)


def test_a_missing_signature_is_written(models, trained, home):
    written = read_signature(home, trained.id)
    (home.run(trained.id) / SIGNATURE).unlink()
    models.get(trained.id)
    assert read_signature(home, trained.id) == written
    assert written.classes == ("iris", "rose", "tulip")
    assert [column.name for column in written.columns] == ["length", "width", "colour"]
