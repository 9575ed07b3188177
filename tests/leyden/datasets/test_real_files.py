from pathlib import Path

import pytest

from leyden.datasets.ingest import ingest
from leyden.datasets.read import read_frame
from leyden.home import Home
from tests.samples import sample

TARGETS = {
    "penguins/penguins.csv": ("species", 344, "category"),
    "mpg/mpg.csv": ("mpg", 398, "number"),
    "california_housing/housing.csv": ("median_house_value", 20640, "number"),
    "sms_spam/sms.tsv": ("column0", 5574, "category"),
    "mnist_png_mini/mnist_png_mini.zip": ("label", 1000, "category"),
}


@pytest.mark.parametrize("name", TARGETS)
def test_rows_and_suggested_target(home: Home, name: str):
    target, num_rows, kind = TARGETS[name]
    profile = ingest(home, sample(name)).profile
    assert (profile.suggested_target, profile.num_rows) == (target, num_rows)
    assert profile.column(target).kind == kind


def test_penguins(home: Home):
    profile = ingest(home, sample("penguins/penguins.csv")).profile
    assert "11 of 344 rows have no sex." in [problem.message.text for problem in profile.problems]
    assert [column.kind for column in profile.columns] == ["category"] * 2 + ["number"] * 4 + ["category"]


def test_sms_spam_reads_fully(home: Home):
    made = ingest(home, sample("sms_spam/sms.tsv"))
    assert made.profile.kinds == {"column0": "category", "column1": "text"}
    lines = Path(sample("sms_spam/sms.tsv")).read_text(encoding="utf-8").splitlines()
    frame = read_frame(home, made.dataset_id)
    expected = [[cell.strip() for cell in line.split("\t")] for line in lines]
    assert frame.to_numpy().tolist() == expected


def test_translations_have_no_header(home: Home):
    profile = ingest(home, sample("tatoeba_en_zh/cmn.txt")).profile
    assert profile.num_rows == 29155
    assert [column.kind for column in profile.columns] == ["text"] * 3
    assert [column.lengths.is_cjk for column in profile.columns] == [False, True, False]
