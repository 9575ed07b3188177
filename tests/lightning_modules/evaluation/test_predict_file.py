"""A table file from upload to predictions, by the real readers."""

import pandas as pd
import pytest

from leyden.datasets import input_file
from leyden.datasets.ingest import ingest
from leyden.errors import DataError
from lightning_modules import work
from tests.lightning_modules.workspace import claim, flowers, submit

TEXTS = dict.fromkeys(("length", "width", "day", "number"), "str")
"""Columns whose cells are compared as they are written."""


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
        return pd.read_csv(out, dtype=TEXTS, keep_default_na=False), answers

    return predict, frame, pd.read_parquet(home.run(run.id) / "predictions-val.parquet")


def test_values_mean_what_they_meant_in_training(predict):
    predict, frame, reported = predict
    found, _answers = predict(frame.drop(columns="kind"))
    answers = ["prediction", "p_iris", "p_rose", "p_tulip"]
    assert list(found.columns) == [*answers, "length", "width", "colour", "day"]
    found = found[answers]
    expected = reported[answers].reset_index(drop=True)
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
    assert told["day", "date_unreadable"]["first_row"] == 3, "counted from 1"


def test_all_columns_come_back_as_they_stand_in_the_file(predict, monkeypatch):
    monkeypatch.setattr(input_file, "BLOCK_CELLS", 20)
    predict, frame, _ = predict
    rows = frame.head(7).assign(
        number=[f"00{row}" for row in range(7)],
        note=['a, "b"', "line\nbreak", "企鹅\r\n", "=1+1", "NA", "", "x"],
        prediction="mine",
        p_rose="also mine",
    )
    found, answers = predict(rows)
    assert found["prediction"].isin(["iris", "rose", "tulip"]).all()
    assert (found["prediction (file)"] == "mine").all() and (found["p_rose (file)"] == "also mine").all()
    own = [*frame.columns, "number", "note"]
    expected = rows[own].fillna("").astype(str).assign(note=rows["note"].str.strip())
    assert found[own].to_dict("list") == expected.to_dict("list")
    assert "prediction (file)" in answers["columns"]
    assert answers["preview"][1][answers["columns"].index("number")] == "001"
