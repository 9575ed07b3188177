"""Texts, from a table to a report and an answer."""

import pandas as pd
import pytest
import torch

import lightning_modules
from leyden.datasets.ingest import ingest
from leyden.datasets.read import load_profile
from leyden.run_folder import LAST
from lightning_modules import work
from lightning_modules.checkpoint import load_checkpoint
from lightning_modules.measure import measure_spec
from lightning_modules.training import checkpoints
from lightning_modules.training.module import SupervisedModule
from tests.leyden.datasets.pictures import write_zip
from tests.lightning_modules.workspace import add_table, claim, reviews, submit

QUICK = {"optimisation.batch_size": 16, "optimisation.lr": 0.01, "preparation.texts.min_count": 1}


@pytest.fixture
def reviews_run(home, store):
    """Submits runs on two columns of texts, neither of which tells the class alone."""
    frame = reviews()
    add_table(home, store, frame, title="text", 正文="text")
    return lambda changes=None: submit(home, store, "mood", {**QUICK, **(changes or {})})


def train(home, store):
    work.train(claim(home, store))


@pytest.mark.parametrize("architecture", ["embedding_mean", "lstm", "textcnn", "transformer"])
def test_two_columns_of_texts_are_learned_together(home, store, reviews_run, architecture):
    run = reviews_run({"architecture.text": architecture, "optimisation.epochs": 20})
    train(home, store)
    assert store.reports.get(run.id, "val").figures["accuracy"] > 0.95
    model = lightning_modules.load(home.run(run.id) / "best.ckpt")
    reported = pd.read_parquet(home.run(run.id) / "predictions-val.parquet")
    predicted = model.predict(reviews().loc[reported.index])
    pd.testing.assert_frame_equal(predicted, reported[predicted.columns], check_names=False, rtol=1e-4)


def test_missing_and_unseen_texts_have_an_answer(home, store, reviews_run):
    run = reviews_run({"optimisation.epochs": 1})
    train(home, store)
    model = lightning_modules.load(home.run(run.id) / "best.ckpt")
    frame = pd.DataFrame(
        {"title": [None, "", "ünseen wörds 🎉", "x " * 5000], "正文": [None, "好", 5.0, "好" * 5000]}
    )
    answers = model.predict(frame, batch_size=3)
    assert answers["p_down"].between(0, 1).all()
    pd.testing.assert_frame_equal(model.predict(frame.iloc[[2]]), answers.iloc[[2]], rtol=1e-4)


def test_documents_that_cannot_be_read_keep_their_lines(home, store, tmp_path):
    moods = {"up": "A good day, number {}", "down": "A bad day, number {}"}
    files = {f"{mood}/{n}.txt": text.format(n).encode() for mood, text in moods.items() for n in range(20)}
    made = ingest(home, write_zip(tmp_path / "trained.zip", files))
    store.datasets.add(made.dataset_id, name="moods", profile=made.profile, size_bytes=1)
    run = submit(home, store, "label", QUICK | {"optimisation.epochs": 1}, dataset=made.dataset_id)
    train(home, store)
    new = write_zip(tmp_path / "new.zip", {"c.txt": b"A good day", "b.txt": b" \n", "a.txt": b"A bad day"})
    out = tmp_path / "out.csv"
    payload = {"path": str(new), "out": str(out)}
    store.jobs.add("predict", lane="light", subject=run.id, run_id=run.id, payload=payload)
    done = work.predict(claim(home, store, "light"))
    assert (done["rows"], done["unanswered"]) == (3, 1)
    found = pd.read_csv(out)
    assert found["file"].tolist() == ["a.txt", "b.txt", "c.txt"]
    assert found["prediction"].isna().tolist() == [False, True, False]


class Killed(BaseException):
    """What no code catches, as no code can catch a kill."""


@pytest.mark.parametrize("step", [3, 8])
def test_a_killed_run_of_texts_goes_on_exactly(home, store, reviews_run, monkeypatch, step):
    monkeypatch.setattr(checkpoints, "BETWEEN_EPOCHS_S", 0.0)
    monkeypatch.setattr(checkpoints, "WITHIN_EPOCH_S", 0.0)
    changes = {"optimisation.epochs": 2, "architecture.text": "lstm", "architecture.text.options.width": 4}
    whole = reviews_run(changes)
    train(home, store)
    broken = reviews_run(changes)
    context = claim(home, store)
    count = SupervisedModule._count_step

    def count_or_die(module):
        count(module)
        if module.position.step == step:
            raise Killed

    monkeypatch.setattr(SupervisedModule, "_count_step", count_or_die)
    with pytest.raises(Killed):
        work.train(context)
    store.queue.mark_vanished(context.job.id, context.owner)
    monkeypatch.setattr(SupervisedModule, "_count_step", count)
    train(home, store)
    one, other = (load_checkpoint(home.run(run.id) / LAST).weights for run in (whole, broken))
    assert all(torch.equal(tensor, other[name]) for name, tensor in one.items())


def test_the_network_that_was_measured_is_the_one_that_is_trained(home, store, reviews_run):
    run = reviews_run({"optimisation.epochs": 1})
    measured = measure_spec(home, run.spec, load_profile(home, "d1"))
    train(home, store)
    assert measured["num_parameters"] == store.runs.get(run.id).num_parameters
