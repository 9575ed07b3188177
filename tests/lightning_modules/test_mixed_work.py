"""Numbers, categories, dates, texts and pictures in one table, from a zip to predictions."""

import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest
import torch

import lightning_modules
from leyden.datasets.ingest import ingest
from lightning_modules import work
from lightning_modules.checkpoint import load_checkpoint
from tests.lightning_modules import workspace
from tests.lightning_modules.workspace import claim
from tests.mixed import mixed, write_mixed_zip

NUM_ROWS = 80
QUICK = {
    "optimisation.epochs": 2,
    "optimisation.lr": 0.005,
    "optimisation.early_stopping.patience": 0,
    "architecture.text": "embedding_mean",
    "architecture.image.options.width": 8,
    "architecture.tabular.options.width": 32,
    "preparation.images.rotation": 0,
    "preparation.images.crop": 0,
    "preparation.images.colour": 0,
}


def add(home, store, path):
    made = ingest(home, path)
    store.datasets.add(made.dataset_id, name="sparks", profile=made.profile, size_bytes=made.size_bytes)
    return made.dataset_id


@pytest.fixture
def dataset(home, store, tmp_path):
    return add(home, store, write_mixed_zip(tmp_path / "sparks.zip", NUM_ROWS))


def train(home, store, dataset, none=(), epochs=2, **more):
    """A run on all inputs and their architectures but those that are named."""
    changes = {name: value for name, value in QUICK.items() if not name.startswith(tuple(none))}
    changes |= {**dict.fromkeys(none, "none"), "optimisation.epochs": epochs, **more}
    run = workspace.submit(home, store, "answer", changes, dataset=dataset)
    return run, work.train(claim(home, store))["figures"]


@pytest.fixture
def trained(home, store, dataset):
    return train(home, store, dataset)[0]


def test_all_kinds_together_learn_what_none_knows_alone(home, store, tmp_path):
    dataset = add(home, store, write_mixed_zip(tmp_path / "sparks.zip", 600))
    run, figures = train(home, store, dataset, epochs=20)
    assert run.spec.architecture.keys() == {"tabular", "image", "text"}
    kinds = {"photo": "image", "charge": "number", "colour": "category", "day": "datetime", "note": "text"}
    assert run.spec.data.inputs == kinds
    assert figures["accuracy"] > 0.95
    columns = {"tabular": ("charge", "colour", "day"), "image": ("photo",), "text": ("note",)}
    for kind in columns:
        gone = [name for other in columns if other != kind for name in columns[other]]
        others = [f"architecture.{other}" for other in columns if other != kind]
        _, alone = train(home, store, dataset, none=[*others, *(f"data.inputs.{name}" for name in gone)], epochs=4)
        assert alone["accuracy"] < 0.45, kind


def test_predictions_of_frames_and_of_files_are_those_of_the_report(home, store, trained, tmp_path):
    run = trained
    folder = home.run(run.id)
    reported = pd.read_parquet(folder / "predictions-val.parquet")
    frame, pictures = mixed(NUM_ROWS)
    model = lightning_modules.load(folder / "best.ckpt")
    seen = frame.assign(photo=pictures).loc[reported.index]
    predicted = model.predict(seen)
    pd.testing.assert_frame_equal(predicted, reported[predicted.columns], check_names=False, atol=1e-4)

    out = tmp_path / "out.csv"
    lines = predict(home, store, run, write_mixed_zip(tmp_path / "again.zip", NUM_ROWS), out)
    assert len(lines) == NUM_ROWS
    assert lines["prediction"][reported.index].tolist() == reported["prediction"].tolist()
    assert np.allclose(lines["p_roar"][reported.index], reported["p_roar"], atol=1e-4)


def test_a_row_without_picture_number_or_text_is_answered(home, store, trained, tmp_path):
    run = trained
    frame, pictures = mixed(4)
    model = lightning_modules.load(home.run(run.id) / "best.ckpt")
    gaps = frame.assign(photo=[None, float("nan"), pictures[2], None], charge=[1.0, None, None, None], note=None)
    answers = model.predict(gaps)
    assert answers["p_roar"].between(0, 1).all()
    assert answers["p_roar"][0] == pytest.approx(model.predict(gaps.iloc[[0]])["p_roar"][0], abs=1e-5)
    told = {one.code: one.rows.tolist() for one in model.unseen(gaps)}
    assert told["picture_none"] == [True, True, False, True] and told["text_none"] == [True] * 4
    whole = {one.code for one in model.unseen(frame.assign(photo=pictures))}
    assert not whole & {"picture_none", "text_none"}

    path = tmp_path / "gaps.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "new.csv", frame.assign(photo=["gone.png", "bad.png", "there.png", ""]).to_csv(index=False)
        )
        archive.writestr("bad.png", b"no picture")
        file = io.BytesIO()
        pictures[2].save(file, "PNG")
        archive.writestr("there.png", file.getvalue())
    lines = predict(home, store, run, path, tmp_path / "out.csv")
    expected = model.predict(frame.assign(photo=[None, None, pictures[2], None]))
    assert np.allclose(lines["p_roar"], expected["p_roar"], atol=1e-4)


def test_checkpoints_of_before_there_was_fusion_predict_and_train_on(home, store, dataset):
    old, _ = train(home, store, dataset, **{"fusion.width": 0})
    frame, pictures = mixed(4)
    frame = frame.assign(photo=pictures)
    before = lightning_modules.load(home.run(old.id) / "best.ckpt").predict(frame)
    run = workspace.submit(home, store, "answer", {**QUICK, "optimisation.epochs": 3}, dataset=dataset)
    home.run(run.id).mkdir(exist_ok=True)
    for name in ("best.ckpt", "last.ckpt"):
        content = torch.load(home.run(old.id) / name, weights_only=True)
        spec = json.loads(content["spec"])
        del spec["fusion"]
        torch.save({**content, "spec": json.dumps(spec)}, home.run(run.id) / name)
    after = lightning_modules.load(home.run(run.id) / "best.ckpt").predict(frame)
    pd.testing.assert_frame_equal(after, before)
    assert run.spec.fusion.width > 0, "what a spec without these words comes to"
    work.train(claim(home, store))
    assert load_checkpoint(home.run(run.id) / "last.ckpt").epoch == 3
    lightning_modules.load(home.run(run.id) / "best.ckpt").predict(frame)


def test_a_table_beside_its_pictures_on_disk(home, store, trained, tmp_path):
    run = trained
    with zipfile.ZipFile(write_mixed_zip(tmp_path / "few.zip", 20)) as archive:
        archive.extractall(tmp_path / "few")
    from_folder = predict(home, store, run, tmp_path / "few", tmp_path / "out.csv")
    from_table = predict(home, store, run, tmp_path / "few" / "sparks" / "table.csv", tmp_path / "out.csv")
    pd.testing.assert_frame_equal(from_folder, from_table)
    assert len(from_folder) == 20


def test_the_measured_network_shows_every_branch(home, store, dataset):
    run = workspace.submit(home, store, "answer", dataset=dataset)
    store.jobs.add("measure", lane="light", subject="x", payload={"spec": run.spec.model_dump(mode="json")})
    measured = work.measure(claim(home, store, "light"))
    branches = {layer["name"].split(".")[0].split(":")[0] for layer in measured["layers"]}
    assert branches == {"tabular", "image", "text", "fusion", "head"}


def predict(home, store, run, path, out):
    payload = {"path": str(path), "out": str(out)}
    store.jobs.add("predict", lane="light", subject=run.id, run_id=run.id, payload=payload)
    work.predict(claim(home, store, "light"))
    return pd.read_csv(out)
