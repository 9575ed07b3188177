from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leyden.reports.answers import flips, most_telling_first, read_answers


@pytest.fixture
def classes(tmp_path: Path) -> dict[str, Path]:
    """Two runs over five rows; the second one predicted a row more. The target's name is that of a column."""
    truth = ["a", "b", "a", "b", "猫"]
    first = pd.DataFrame({"target": truth, "prediction": ["a", "a", "b", "b", "b"], "p_a": 0.2, "p_b": 0.6})
    second = pd.DataFrame({"target": truth, "prediction": ["a", "b", "b", "a", "a"], "p_a": 0.7, "p_b": 0.1})
    first.index = pd.Index([3, 5, 7, 9, 11], name="row_id")
    second.index = first.index
    extra = pd.DataFrame({"target": ["a"], "prediction": ["a"], "p_a": [1.0], "p_b": [0.0]}, index=[1])
    paths = {"one": tmp_path / "one.parquet", "two": tmp_path / "two.parquet"}
    first.to_parquet(paths["one"])
    pd.concat([second, extra]).to_parquet(paths["two"])
    return paths


def test_answers_are_laid_side_by_side_by_row(classes: dict[str, Path]):
    answers = read_answers(classes, is_number=False)
    assert answers.row_ids.tolist() == [3, 5, 7, 9, 11]
    assert answers.truth.tolist() == ["a", "b", "a", "b", "猫"]
    assert answers.predictions["two"].tolist() == ["a", "b", "b", "a", "a"]
    assert answers.certainties["one"].tolist() == pytest.approx([0.6] * 5)
    assert answers.certainties["two"].tolist() == pytest.approx([0.7] * 5)


def test_what_the_second_fixed_and_broke(classes: dict[str, Path]):
    answers = read_answers(classes, is_number=False)
    moved = flips(answers, "one", "two")
    assert answers.row_ids[moved.fixed].tolist() == [5]
    assert answers.row_ids[moved.broken].tolist() == [9]
    assert answers.row_ids[moved.both_right].tolist() == [3]
    assert answers.row_ids[moved.both_wrong].tolist() == [7, 11]
    back = flips(answers, "two", "one")
    assert (back.fixed == moved.broken).all() and (back.broken == moved.fixed).all()


@pytest.mark.parametrize(
    ("truth", "names"),
    [
        ([True, False, True], ["true", "false", "true"]),
        ([1.0, 2.0, 1.0], ["1", "2", "1"]),
        ([" a", "b ", "a"], ["a", "b", "a"]),
    ],
)
def test_the_truth_is_called_as_the_answers_are(tmp_path: Path, truth: list[object], names: list[str]):
    path = tmp_path / "predictions.parquet"
    frame = pd.DataFrame({"label": truth, "prediction": names, f"p_{names[0]}": 0.5}, index=[2, 0, 1])
    frame.to_parquet(path)
    answers = read_answers({"one": path}, is_number=False)
    assert answers.errors["one"].tolist() == [0, 0, 0]
    assert answers.truth.tolist() == [names[1], names[2], names[0]]


def test_rows_without_a_truth_are_not_judged(tmp_path: Path):
    path = tmp_path / "predictions.parquet"
    pd.DataFrame({"label": ["a", None, "b"], "prediction": ["a", "b", None], "p_a": 0.5}).to_parquet(path)
    answers = read_answers({"one": path}, is_number=False)
    assert answers.row_ids.tolist() == [0, 2] and answers.errors["one"].tolist() == [0, 1]
    assert answers.predictions["one"].tolist() == ["a", "–"]


def test_of_many_probabilities_only_the_largest_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "predictions.parquet"
    random = np.random.default_rng(0)
    shares = pd.DataFrame(random.random((50, 30)), columns=[f"p_{n}" for n in range(30)])
    frame = pd.concat([pd.DataFrame({"label": ["0"] * 50, "prediction": ["0"] * 50}), shares], axis=1)
    frame.to_parquet(path)
    asked = []
    read = pd.read_parquet

    def reading(path: Path, columns: list[str]) -> pd.DataFrame:
        asked.extend(columns)
        return read(path, columns=columns)

    monkeypatch.setattr(pd, "read_parquet", reading)
    certainty = read_answers({"one": path}, is_number=False).certainties["one"]
    assert asked == ["label", "prediction"]
    assert certainty.tolist() == pytest.approx(shares.max(axis=1).tolist())


def test_rows_that_changed_come_first(classes: dict[str, Path]):
    answers = read_answers(classes, is_number=False)
    order = answers.row_ids[most_telling_first(answers, "one", "two")].tolist()
    # Changed sides; wrong in both, but differently; wrong in both alike; right in both.
    assert set(order[:2]) == {5, 9} and order[2:] == [11, 7, 3]


def test_numbers_are_compared_by_how_far_off_they_are(tmp_path: Path):
    rows = pd.Index([1, 2, 3], name="row_id")
    paths = {}
    for name, predictions in (("one", [10.0, 25.0, 30.0]), ("two", [11.0, 20.0, 30.0])):
        paths[name] = tmp_path / f"{name}.parquet"
        frame = pd.DataFrame({"price": [10.0, 20.0, 31.0], "prediction": predictions}, index=rows)
        frame.to_parquet(paths[name])
    answers = read_answers(paths, is_number=True)
    assert answers.errors["one"].tolist() == [0, 5, 1] and answers.certainties == {}
    moved = flips(answers, "one", "two")
    assert (moved.fixed.tolist(), moved.broken.tolist()) == ([False, True, False], [True, False, False])
    assert (moved.both_right.any(), moved.both_wrong.tolist()) == (False, [False, False, True])
    assert answers.row_ids[most_telling_first(answers, "one", "two")].tolist() == [2, 1, 3]
    assert np.issubdtype(answers.truth.dtype, np.floating)
