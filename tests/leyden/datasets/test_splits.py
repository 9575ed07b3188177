from pathlib import Path

import pytest

from leyden.datasets.ingest import ingest
from leyden.datasets.profile import PART
from leyden.datasets.read import read_frame
from leyden.datasets.splits import make_split, read_split
from leyden.errors import DataError
from leyden.home import Home
from leyden.spec.model import Split
from tests.leyden.datasets.pictures import distinct, write_zip


def table(bench, labels: list[str], kind: str | None = None):
    made = bench.read("x,label\n" + "".join(f"{i}.5,{label}\n" for i, label in enumerate(labels)))
    return made.dataset_id, made.profile.with_kinds({"label": kind or "category"})


def split_of(home: Home, made, split: Split | None = None, has_test: bool = False):
    dataset_id, profile = made
    is_number = profile.column("label").kind == "number"
    return make_split(
        home, profile, dataset_id, "label", split or Split(), is_number=is_number, has_separate_test=has_test
    )


def test_shares_and_layout(home: Home, bench):
    made = table(bench, ["a", "b", "c", "c"] * 50)
    result = split_of(home, made)
    assert result.counts == {"train": 140, "val": 30, "test": 30}
    frame = read_split(home, result.hash)
    assert frame.index.name == "__row_id"
    assert frame.index.tolist() == list(range(200))
    assert frame.index.dtype == "int64"
    assert (frame["fold"] == 0).all()
    assert frame["part"].value_counts().to_dict() == result.counts


def test_each_class_has_its_share_in_each_part(home: Home, bench):
    made = table(bench, ["a"] * 160 + ["b"] * 40)
    split = read_split(home, split_of(home, made).hash)
    labels = read_frame(home, made[0])["label"]
    for part, rows in split.groupby("part"):
        share = (labels[rows.index] == "b").mean()
        assert share == pytest.approx(0.2, abs=0.02), part


def test_equal_questions_have_equal_answers(home: Home, bench, tmp_path: Path):
    made = table(bench, ["a", "b"] * 50)
    first = split_of(home, made)
    home.split(first.hash).unlink()
    again = split_of(home, made)
    assert again == first
    other = split_of(home, made, Split(seed=1))
    assert other.hash != first.hash
    assert not read_split(home, other.hash)["part"].equals(read_split(home, first.hash)["part"])


def test_rare_classes_never_crash(home: Home, bench):
    labels = ["common"] * 60 + ["single"] + ["pair"] * 2 + [f"only{i}" for i in range(5)]
    assert sum(split_of(home, table(bench, labels)).counts.values()) == 68
    assert sum(split_of(home, table(bench, ["common"] * 60 + ["single"])).counts.values()) == 61
    assert sum(split_of(home, table(bench, [f"only{i}" for i in range(30)])).counts.values()) == 30


def test_numbers_are_stratified_by_quantile(home: Home, bench):
    made = table(bench, [str(i * i) for i in range(400)], "number")
    split = read_split(home, split_of(home, made).hash)
    labels = read_frame(home, made[0])["label"]
    medians = {part: labels[rows.index].median() for part, rows in split.groupby("part")}
    middle = labels.median()
    assert all(abs(median - middle) < 0.12 * labels.max() for median in medians.values())


def test_random_split(home: Home, bench):
    result = split_of(
        home, table(bench, ["a", "b"] * 50), Split(method="random", val_fraction=0.2, test_fraction=0.1)
    )
    assert result.counts == {"train": 70, "val": 20, "test": 10}


def test_rows_without_a_target_are_in_no_part(home: Home, bench):
    made = table(bench, ["a", "b", "", "NA"] * 25)
    split = read_split(home, split_of(home, made).hash)
    assert len(split) == 50
    assert read_frame(home, made[0])["label"][split.index].notna().all()
    numbers = table(bench, [str(i + 0.5) for i in range(90)] + ["unknown"] * 10, "number")
    assert len(read_split(home, split_of(home, numbers).hash)) == 90


def test_test_rows_of_another_dataset(home: Home, bench):
    assert split_of(home, table(bench, ["a", "b"] * 50), has_test=True).counts == {
        "train": 85,
        "val": 15,
        "test": 0,
    }


def test_the_test_rows_do_not_depend_on_the_validation_share(home: Home, bench):
    made = table(bench, ["a", "b"] * 100)
    parts = [read_split(home, split_of(home, made, Split(val_fraction=f)).hash)["part"] for f in (0.1, 0.3)]
    tests = [part.index[part == "test"].tolist() for part in parts]
    assert tests[0] == tests[1]


def test_too_few_rows(home: Home, bench):
    with pytest.raises(DataError, match="must be at least one"):
        split_of(home, table(bench, ["a", "b"]))


@pytest.fixture
def folders(home: Home, tmp_path: Path):
    def make(*parts: str):
        contents = iter(distinct(400))
        files = {f"{part}/{label}/{i}.png": next(contents) for part in parts for label in "ab" for i in range(20)}
        files["train/stray.png"] = next(contents)
        made = ingest(home, write_zip(tmp_path / f"{'-'.join(parts)}.zip", files))
        return made.dataset_id, made.profile

    return make


def test_predefined_parts(home: Home, folders):
    made = folders("train", "val", "test")
    result = split_of(home, made, Split(method="predefined"))
    assert result.counts == {"train": 40, "val": 40, "test": 40}
    own = read_frame(home, made[0], columns=[PART])[PART]
    split = read_split(home, result.hash)
    assert split["part"].tolist() == own[split.index].tolist()


def test_predefined_without_validation_or_test(home: Home, folders):
    predefined = Split(method="predefined", val_fraction=0.25)
    assert split_of(home, folders("train", "test"), predefined).counts == {"train": 30, "val": 10, "test": 40}
    assert split_of(home, folders("train", "val"), predefined).counts == {"train": 40, "val": 40, "test": 0}


def test_predefined_where_nothing_is(home: Home, bench):
    with pytest.raises(DataError, match="train, val and test folders"):
        split_of(home, table(bench, ["a", "b"] * 50), Split(method="predefined"))
