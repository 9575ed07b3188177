"""A table file from upload to predictions, by the real readers."""

import pandas as pd
import pytest

from leyden.datasets.ingest import ingest
from leyden.errors import DataError
from lightning_modules import work
from tests.lightning_modules.workspace import claim, flowers, submit


@pytest.fixture
def predict(home, store, tmp_path):
    """Trains on a messy CSV file, and predicts others."""
    frame = flowers().assign(day=[f"{1 + row % 28:02}.03.2024" for row in range(120)])
    path = tmp_path / "flowers.csv"
    frame.to_csv(path, index=False, sep=";", decimal=",", na_rep="NA", encoding="gb18030")
    made = ingest(home, path)
    store.datasets.add(made.dataset_id, name="flowers", profile=made.profile, size_bytes=1)
    changes = {"optimisation.epochs": 10, "optimisation.batch_size": 8}
    run = submit(home, store, "kind", changes, dataset=made.dataset_id)
    assert set(run.spec.data.inputs) == {"length", "width", "colour", "day"}
    work.train(claim(home, store))

    def predict(content):
        source, out = tmp_path / "new.csv", tmp_path / "out.csv"
        content.to_csv(source, index=False)
        payload = {"path": str(source), "out": str(out)}
        store.jobs.add("predict", lane="light", subject=run.id, run_id=run.id, payload=payload)
        answers = work.predict(claim(home, store, "light"))
        assert answers["rows"] == len(content)
        return pd.read_csv(out), answers

    return predict, frame, pd.read_parquet(home.run(run.id) / "predictions-val.parquet")


def test_values_mean_what_they_meant_in_training(predict):
    predict, frame, reported = predict
    found, _answers = predict(frame.drop(columns="kind"))
    assert list(found.columns) == ["prediction", "p_iris", "p_rose", "p_tulip"]
    expected = reported[found.columns].reset_index(drop=True)
    again = found.loc[reported.index].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, expected, rtol=1e-4, check_dtype=False)


def test_missing_columns_are_named(predict):
    predict, frame, _ = predict
    with pytest.raises(DataError, match="missing: width"):
        predict(frame.drop(columns="width"))


def test_texts_among_numbers_and_dates_are_told_as_such(predict):
    predict, frame, _ = predict
    rows = frame.drop(columns="kind").head(4).astype(object)
    rows.loc[0, "length"], rows.loc[1, "length"], rows.loc[2, "day"] = "ca. 5", None, "someday"
    found, answers = predict(rows)
    assert found["prediction"].notna().all()
    told = {(one["column"], one["code"]): one for one in answers["outside"]}
    assert told["length", "number_unreadable"]["num_rows"] == told["day", "date_unreadable"]["num_rows"] == 1
    assert "'ca. 5'" in told["length", "number_unreadable"]["example"]
