"""Numbers, categories, dates and pictures in one table, from a zip to predictions."""

import io
import zipfile

import numpy as np
import pandas as pd
import pytest

import lightning_modules
from leyden.datasets.ingest import ingest
from lightning_modules import work
from tests.lightning_modules import workspace
from tests.lightning_modules.workspace import claim
from tests.mixed import mixed, write_mixed_zip

QUICK = {
    "optimisation.epochs": 30,
    "optimisation.lr": 0.01,
    "optimisation.early_stopping.patience": 8,
    "architecture.image.options.width": 8,
    "architecture.tabular.options.width": 32,
    "preparation.images.rotation": 0,
    "preparation.images.crop": 0,
    "preparation.images.colour": 0,
}


@pytest.fixture
def dataset(home, store, tmp_path):
    made = ingest(home, write_mixed_zip(tmp_path / "sparks.zip"))
    store.datasets.add(made.dataset_id, name="sparks", profile=made.profile, size_bytes=made.size_bytes)
    return made.dataset_id


def train(home, store, dataset, **without):
    """A run on all inputs, without those of `none` and their architecture."""
    removed = {name.replace("__", "."): "none" for name in without.get("none", ())}
    changes = {name: value for name, value in QUICK.items() if not any(name.startswith(gone) for gone in removed)}
    run = workspace.submit(home, store, "answer", {**changes, **removed}, dataset=dataset)
    return run, work.train(claim(home, store))["figures"]


@pytest.fixture
def trained(home, store, dataset):
    return train(home, store, dataset)


def test_all_kinds_together_learn_what_none_knows_alone(home, store, dataset, trained):
    run, figures = trained
    assert run.spec.architecture.keys() == {"tabular", "image"}
    assert run.spec.data.inputs == {"photo": "image", "charge": "number", "colour": "category", "day": "datetime"}
    assert figures["accuracy"] > 0.95
    columns = [f"data.inputs.{name}" for name in ("charge", "colour", "day")]
    _, pictures = train(home, store, dataset, none=[*columns, "architecture.tabular"])
    _, table = train(home, store, dataset, none=["data.inputs.photo", "architecture.image"])
    for alone in (pictures, table):
        assert 0.3 < alone["accuracy"] < 0.7


def test_predictions_of_frames_and_of_files_are_those_of_the_report(home, store, trained, tmp_path):
    run, _ = trained
    folder = home.run(run.id)
    reported = pd.read_parquet(folder / "predictions-val.parquet")
    frame, pictures = mixed()
    model = lightning_modules.load(folder / "best.ckpt")
    seen = frame.assign(photo=pictures).loc[reported.index]
    predicted = model.predict(seen)
    pd.testing.assert_frame_equal(predicted, reported[predicted.columns], check_names=False, atol=1e-4)

    out = tmp_path / "out.csv"
    lines = predict(home, store, run, write_mixed_zip(tmp_path / "again.zip"), out)
    assert len(lines) == 400
    assert lines["prediction"][reported.index].tolist() == reported["prediction"].tolist()
    assert np.allclose(lines["p_same"][reported.index], reported["p_same"], atol=1e-4)


def test_a_row_without_picture_or_number_is_answered(home, store, trained, tmp_path):
    run, _ = trained
    frame, pictures = mixed(4)
    model = lightning_modules.load(home.run(run.id) / "best.ckpt")
    gaps = frame.assign(photo=[None, float("nan"), pictures[2], None], charge=[1.0, None, None, None])
    answers = model.predict(gaps)
    assert answers["p_same"].between(0, 1).all()
    assert answers["p_same"][0] == pytest.approx(model.predict(gaps.iloc[[0]])["p_same"][0], abs=1e-5)

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
    assert np.allclose(lines["p_same"], expected["p_same"], atol=1e-4)


def test_a_table_beside_its_pictures_on_disk(home, store, trained, tmp_path):
    run, _ = trained
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
    assert branches == {"tabular", "image", "fusion", "head"}


def predict(home, store, run, path, out):
    payload = {"path": str(path), "out": str(out)}
    store.jobs.add("predict", lane="light", subject=run.id, run_id=run.id, payload=payload)
    work.predict(claim(home, store, "light"))
    return pd.read_csv(out)
