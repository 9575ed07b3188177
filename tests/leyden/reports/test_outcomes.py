import numpy as np
import pytest

from leyden.reports import picks
from leyden.reports.picks import Pick, frequent_confusions, parse_pick, picked
from tests.leyden.reports.judged import classified, measured

CLASSES = ("cat", "dog", "鸟")
TRUE = ["cat", "cat", "dog", "鸟", None, "fox"]
PROBABILITIES = [
    [0.7, 0.2, 0.1],
    [0.05, 0.9, 0.05],
    [0.4, 0.6, 0.0],
    [0.5, 0.1, 0.4],
    [1.0, 0.0, 0.0],
    [0.1, 0.1, 0.8],
]


@pytest.fixture
def outcomes(tmp_path):
    return classified(tmp_path, TRUE, PROBABILITIES, CLASSES)


@pytest.fixture
def numbers(tmp_path):
    return measured(tmp_path, [1.0, 2.0, None, 4.0, 5.0], [1.5, 2.0, 3.0, 1.0, np.nan])


def rows(outcomes, text):
    pick = parse_pick(text, outcomes)
    assert pick is not None and str(pick) == text
    return outcomes.row_ids[picked(outcomes, pick)].tolist()


def test_rows_without_a_class_are_left_out_and_new_classes_come_last(outcomes):
    assert outcomes.row_ids.tolist() == [10, 11, 12, 13, 15]
    assert outcomes.classes == ("cat", "dog", "鸟", "fox") and outcomes.num_trained == 3
    assert outcomes.true.tolist() == [0, 0, 1, 2, 3] and outcomes.predicted.tolist() == [0, 1, 1, 0, 2]
    assert outcomes.confidence == pytest.approx([0.7, 0.9, 0.6, 0.5, 0.8])
    assert outcomes.probability(2) == pytest.approx([0.1, 0.05, 0.0, 0.4, 0.8])


@pytest.mark.parametrize("target", ["prediction", "p_cat"])
def test_a_target_that_is_called_like_one_of_our_columns(tmp_path, target):
    found = classified(tmp_path, TRUE, PROBABILITIES, CLASSES, target=target)
    assert found.true.tolist() == [0, 0, 1, 2, 3]


def test_numbers_that_were_written_as_numbers_are_classes_by_name(tmp_path):
    found = classified(tmp_path, [1.0, 2.0, 2.0], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], ("1", "2"))
    assert found.true.tolist() == [0, 1, 1] and found.is_binary


@pytest.mark.parametrize(
    ("pick", "expected"),
    [
        ("mistakes", [11, 15, 13]),
        ("unsure", [13, 12, 10, 15, 11]),
        ("cell:0,1", [11]),
        ("cell:0,0", [10]),
        ("cell:1,0", []),
        ("sure:0.666667,0.933333", [11, 15, 10]),
        ("near:1,0.5", [12, 10, 11, 13, 15]),
        ("row:13", [13]),
    ],
)
def test_picks_show_the_most_telling_rows_first(outcomes, pick, expected):
    assert rows(outcomes, pick) == expected


@pytest.mark.parametrize(
    ("pick", "expected"),
    [("mistakes", [13, 10, 11]), ("error:-3,0", [13, 11]), ("error:0.1,9", [10]), ("row:11", [11])],
)
def test_numbers_are_picked_by_their_error(numbers, pick, expected):
    assert rows(numbers, pick) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cell",
        "cell:0",
        "cell:0,9",
        "cell:a,b",
        "near:3,0.5",
        "near:-1,0.5",
        "error:0,1",
        "sure:nan,1",
        "what:1",
    ],
)
def test_an_address_that_says_nothing_picks_nothing(outcomes, text):
    assert parse_pick(text, outcomes) is None


def test_picks_of_classes_fit_no_numbers(numbers):
    assert [parse_pick(text, numbers) for text in ("cell:0,0", "unsure", "near:0,0.5", "sure:0,1")] == [None] * 4


def test_confusions_come_most_frequent_first(tmp_path):
    found = classified(tmp_path, ["a", "a", "a", "b"], [[0, 1], [0, 1], [1, 0], [1, 0]], ("a", "b"))
    assert frequent_confusions(found, 5) == [Pick(picks.CELL, (0, 1)), Pick(picks.CELL, (1, 0))]
    assert frequent_confusions(found, 1) == [Pick(picks.CELL, (0, 1))]
