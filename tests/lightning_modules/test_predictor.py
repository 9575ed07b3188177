import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import lightning_modules
from leyden.errors import DataError
from leyden.home import PROJECT
from lightning_modules import work
from lightning_modules.evaluation.take_away import WEIGHTS
from tests.lightning_modules.workspace import claim, flowers


@pytest.fixture
def trained(home, store, flowers_run):
    run = flowers_run({"optimisation.epochs": 8})
    work.train(claim(home, store))
    return home.run(run.id)


@pytest.fixture
def model(trained):
    return lightning_modules.load(trained / "best.ckpt")


def test_it_predicts_what_the_report_said(trained, model):
    reported = pd.read_parquet(trained / "predictions-val.parquet")
    predicted = model.predict(flowers().loc[reported.index])
    pd.testing.assert_frame_equal(predicted, reported[predicted.columns], check_names=False, rtol=1e-5)


def test_what_it_tells_of_itself(model):
    assert model.target == "kind" and model.classes == ("iris", "rose", "tulip")
    assert model.spec.architecture["tabular"].name == "mlp"


def test_index_order_and_columns_do_not_matter(model):
    frame = flowers()
    expected = model.predict(frame)
    shuffled = frame.sample(frac=1, random_state=0)[["colour", "width", "length"]].assign(extra=1)
    found = model.predict(shuffled)
    assert found.index.equals(shuffled.index)
    pd.testing.assert_frame_equal(found.sort_index(), expected, rtol=1e-5)
    assert list(found.columns) == ["prediction", "p_iris", "p_rose", "p_tulip"]


def test_batch_and_block_sizes_do_not_matter(model, monkeypatch):
    frame = flowers()
    expected = model.predict(frame)
    monkeypatch.setattr("lightning_modules.predictor.BLOCK_ROWS", 7)
    shares = []
    found = model.predict(frame, batch_size=3, progress=shares.append)
    pd.testing.assert_frame_equal(found, expected, rtol=1e-4)
    assert shares[-1] == 1.0 and len(shares) == 18


def test_unseen_values_and_gaps_have_an_answer(model):
    frame = pd.DataFrame({"length": [None, 1e12], "width": [0.0, None], "colour": ["ultraviolet", None]})
    probabilities = model.predict(frame).filter(like="p_").to_numpy()
    assert np.isfinite(probabilities).all() and probabilities.sum(axis=1) == pytest.approx([1, 1])


def test_a_block_of_mistakes_does_not_cost_the_others_their_answer(model, monkeypatch):
    monkeypatch.setattr("lightning_modules.predictor.BLOCK_ROWS", 2)
    frame = flowers(6).astype({"length": object})
    frame.loc[[0, 2, 3], "length"] = "?"
    found = model.predict(frame)
    pd.testing.assert_frame_equal(found, model.predict(frame.replace("?", None)))
    with pytest.raises(DataError, match=r"'length' must hold numbers.*'\?'"):
        model.predict(frame.assign(length="?"))


def test_no_rows(model):
    found = model.predict(flowers().iloc[:0])
    assert len(found) == 0 and "prediction" in found


def test_missing_columns_are_named(model):
    with pytest.raises(DataError, match=r"missing: width, colour\. Found: length"):
        model.predict(flowers()[["length"]])


def test_the_csv_is_for_people(trained):
    assert (trained / "predictions-val.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "or Excel garbles Chinese"
    csv = pd.read_csv(trained / "predictions-val.csv")
    parquet = pd.read_parquet(trained / "predictions-val.parquet")
    assert list(csv.columns) == ["row", "kind", "prediction", "p_iris", "p_rose", "p_tulip"]
    assert (csv["row"] == parquet.index + 1).all()


def test_weights_stand_alone(trained, model):
    from safetensors.torch import load_file

    weights = load_file(trained / WEIGHTS)
    assert weights.keys() == model.network.state_dict().keys()


def test_importing_the_package_does_not_import_torch():
    code = "import sys, lightning_modules; lightning_modules.load; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=PROJECT)
