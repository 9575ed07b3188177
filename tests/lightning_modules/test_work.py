"""The jobs as the child process calls them, on real workspaces."""

import json

import pandas as pd
import pytest

import lightning_modules
from leyden.errors import RunError, StoreError
from leyden.jobs.context import JobStopped
from leyden.reports.model import Report
from lightning_modules import work
from lightning_modules.training.module import SupervisedModule
from tests.lightning_modules import workspace
from tests.lightning_modules.workspace import claim, request_stop

NAMES = {"train/loss", "val/loss", "val/accuracy", "val/f1_macro", "train/accuracy", "lr"}


def test_a_run_from_rows_to_report(home, store, flowers_run):
    run = flowers_run({"optimisation.epochs": 15, "architecture.tabular.options.width": 32})
    result = work.train(claim(home, store))

    folder = home.run(run.id)
    report = Report.model_validate_json((folder / "report-val.json").read_bytes())
    assert result["figures"] == report.figures and report.figures["accuracy"] > 0.9
    assert report.part == "val" and report.checkpoint == "best" and report.classes == ("iris", "rose", "tulip")
    stored = store.reports.get(run.id, "val")
    assert stored.figures == report.figures and stored.headline == "accuracy"
    assert stored.num_rows == report.num_rows == 18

    names = {"best.ckpt", "last.ckpt", "weights.safetensors", "spec.json", "report-val.json"}
    names |= {"predictions-val.csv", "predictions-val.parquet"}
    assert names <= {file.name for file in folder.iterdir()}
    assert json.loads((folder / "spec.json").read_text()) == run.spec.model_dump(mode="json")
    assert store.runs.get(run.id).num_parameters > 1000
    model = store.models.get(run.id)
    assert set(model.files) == {"best.ckpt", "weights.safetensors"}
    assert (home.root / model.files["best.ckpt"]["path"]).stat().st_size == model.files["best.ckpt"]["bytes"]

    points, _ = store.metrics.read(run.id)
    assert {point.name for point in points} >= NAMES
    assert points[0].name == "train/loss" and points[0].step == 1
    assert sum(point.name == "val/loss" for point in points) <= 15
    assert store.jobs.get(run.job.id).saved_step == points[-1].step


def test_test_rows_stay_sealed_until_they_are_opened(home, store, flowers_run):
    run = flowers_run()
    work.train(claim(home, store))
    assert not list(home.run(run.id).glob("*test*"))
    assert store.reports.num_openings("d1", run.split_hash) == 0

    store.jobs.add("evaluate", lane="light", subject=run.id, run_id=run.id, payload={"part": "test"})
    result = work.evaluate(claim(home, store, "light"))
    assert store.reports.num_openings("d1", run.split_hash) == 1
    assert result["figures"] == store.reports.get(run.id, "test").figures
    val, test = (pd.read_parquet(home.run(run.id) / f"predictions-{part}.parquet") for part in ("val", "test"))
    assert not set(val.index) & set(test.index)


def test_a_report_made_later_is_that_of_the_training(home, store, flowers_run):
    run = flowers_run()
    trained = work.train(claim(home, store))
    store.reports.remove(run.id, "val")
    (home.run(run.id) / "weights.safetensors").unlink()
    store.jobs.add("evaluate", lane="light", subject=run.id, run_id=run.id, payload={"part": "val"})
    assert work.evaluate(claim(home, store, "light")) == trained
    assert store.reports.get(run.id, "val").figures == trained["figures"]
    assert (home.run(run.id) / "weights.safetensors").is_file()
    assert store.reports.num_openings(*run.sealed) == 0


def test_training_never_reads_test_rows(home, store, flowers_run, monkeypatch):
    run = flowers_run()
    parts = []
    from lightning_modules.data import prepared
    from lightning_modules.evaluation import evaluate

    def noting(home, data, split_hash, part, **options):
        parts.append(part)
        return read_part(home, data, split_hash, part, **options)

    read_part = prepared.read_part
    for module in (prepared, evaluate):
        monkeypatch.setattr(module, "read_part", noting)
    work.train(claim(home, store))
    assert set(parts) == {"train", "val"}, run.id


def test_a_stop_request_saves_reports_and_ends_as_stopped(home, store, flowers_run, monkeypatch):
    run = flowers_run({"optimisation.epochs": 1000, "optimisation.early_stopping.patience": 0})
    context = claim(home, store)
    count = SupervisedModule._count_step

    def count_and_stop(module):
        count(module)
        if module.position.step == 30:
            request_stop(context)

    monkeypatch.setattr(SupervisedModule, "_count_step", count_and_stop)
    with pytest.raises(JobStopped) as stopped:
        work.train(context)
    assert stopped.value.result["figures"] == store.reports.get(run.id, "val").figures
    assert 30 <= store.jobs.get(run.job.id).saved_step < 200

    store.jobs.end(context.job.id, context.owner, "stopped")
    store.runs.continue_training(run.id, epochs=20)
    monkeypatch.setattr(SupervisedModule, "_count_step", count)
    work.train(claim(home, store))
    assert store.metrics.last(run.id)["val/loss"].epoch == 20


def test_a_loss_that_is_no_number_ends_the_run_with_a_reason(home, store, flowers_run):
    run = flowers_run(
        {
            "optimisation.optimiser": "sgd",
            "optimisation.lr": 100,
            "optimisation.clip_norm": 0,
            "loss": "mse_one_hot",
            "optimisation.epochs": 200,
            "architecture.tabular.options.layers": 8,
        }
    )
    frame = workspace.flowers()
    frame["length"] *= 1e30
    folder = home.dataset("d1")
    table = pd.read_parquet(folder / "table.parquet")
    table["length"] = frame["length"]
    table.to_parquet(folder / "table.parquet")
    unscaled = run.spec.model_copy(
        update={
            "preparation": run.spec.preparation.model_copy(
                update={"numbers": run.spec.preparation.numbers.model_copy(update={"scaling": "none"})}
            )
        }
    )
    store.jobs.request_stop(run.job.id)
    run = store.runs.submit(unscaled, split_hash=run.split_hash)
    with pytest.raises(RunError, match=r"(?s)diverged.*smaller learning rate \(it was 100\)"):
        work.train(claim(home, store))
    assert all(pd.notna(point.value) for point in store.metrics.read(run.id)[0])


def test_a_superseded_attempt_ends_without_writing(home, store, flowers_run, monkeypatch):
    run = flowers_run()
    context = claim(home, store)
    store.queue.mark_vanished(context.job.id, context.owner)
    with pytest.raises(StoreError, match="another attempt"):
        work.train(context)
    assert not list(home.run(run.id).glob("*.ckpt"))

    context = claim(home, store)
    context.is_superseded.set()
    with pytest.raises(StoreError, match="another attempt"):
        work.train(context)
    assert not list(home.run(run.id).glob("*.ckpt"))


def test_a_new_best_makes_the_test_report_outdated(home, store, flowers_run):
    run = flowers_run({"optimisation.epochs": 2})
    context = claim(home, store)
    work.train(context)
    store.jobs.end(context.job.id, context.owner, "finished")
    store.jobs.add("evaluate", lane="light", subject=run.id, run_id=run.id, payload={"part": "test"})
    work.evaluate(claim(home, store, "light"))
    store.runs.continue_training(run.id, epochs=20)
    work.train(claim(home, store))
    assert store.reports.get(run.id, "test") is None
    assert not list(home.run(run.id).glob("*test*"))
    assert store.reports.num_openings("d1", run.split_hash) == 1


def test_a_separate_test_dataset_is_the_test_part(home, store, flowers_run):
    other = workspace.flowers(50, seed=5)
    other.loc[:4, "kind"] = None
    workspace.add_table(home, store, other, "d2")
    run = flowers_run({"data.test_dataset": "d2"})
    work.train(claim(home, store))
    store.jobs.add("evaluate", lane="light", subject=run.id, run_id=run.id, payload={"part": "test"})
    work.evaluate(claim(home, store, "light"))
    assert store.reports.get(run.id, "test").num_rows == 45


def test_regression_in_the_targets_own_units(home, store):
    workspace.add_table(home, store, workspace.prices(300))
    changes = {"optimisation.epochs": 40, "optimisation.batch_size": 16}
    run = workspace.submit(home, store, "price", changes)
    figures = work.train(claim(home, store))["figures"]
    assert figures["r2"] > 0.9 and 1000 < figures["mae"] < 50_000
    model = lightning_modules.load(home.run(run.id) / "best.ckpt")
    assert model.classes is None
    predicted = model.predict(pd.DataFrame({"area": [100.0], "age": [10.0]}))
    assert predicted["prediction"].iloc[0] == pytest.approx(340_000, rel=0.2)


def test_measure_counts_what_training_builds(home, store, flowers_run):
    run = flowers_run()
    store.jobs.add("measure", lane="light", subject="x", payload={"spec": run.spec.model_dump(mode="json")})
    measured = work.measure(claim(home, store, "light"))
    work.train(claim(home, store))
    assert measured["num_parameters"] == measured["num_trainable"] == store.runs.get(run.id).num_parameters
    assert measured["num_parameters"] == sum(layer["num_parameters"] for layer in measured["layers"])
    assert measured["layers"][-1] == {"name": "head: Linear", "output": "3", "num_parameters": 27}
    assert "CPU" in measured["device"] and measured["is_estimate"]


def test_early_stopping_ends_a_run_before_its_last_epoch(home, store, flowers_run, capsys):
    changes = {"optimisation.epochs": 500, "optimisation.early_stopping.patience": 2, "optimisation.lr": 0.05}
    run = flowers_run(changes)
    context = claim(home, store)
    work.train(context)
    store.jobs.end(context.job.id, context.owner, "finished")
    losses = [point.value for point in store.metrics.read(run.id, names=["val/loss"])[0]]
    assert 3 <= len(losses) < 500
    assert min(losses) == losses[-3]
    assert "Early stopping: no better validation loss for 2 epochs." in capsys.readouterr().out
    trained = len(losses)
    store.runs.continue_training(run.id, epochs=trained + 1)
    work.train(claim(home, store))
    assert len(store.metrics.read(run.id, names=["val/loss"])[0]) == trained + 1, "another total, new patience"
