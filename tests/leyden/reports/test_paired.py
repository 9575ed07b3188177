import numpy as np
import pytest
from sklearn.metrics import f1_score, r2_score

from leyden.reports.comparison import rank
from leyden.reports.counts import count_intervals
from leyden.reports.paired import paired_differences
from tests.leyden.reports.judged import classified, measured
from tests.leyden.reports.test_comparison import report

CLASSES = ("cat", "dog", "fox")
ROWS = 300


def answered(folder, true, said):
    return classified(folder, [CLASSES[place] for place in true], np.eye(3)[said].tolist(), CLASSES)


@pytest.fixture
def truth():
    return np.random.default_rng(1).integers(3, size=ROWS)


def with_mistakes(truth, rows):
    said = truth.copy()
    said[rows] = (said[rows] + 1) % 3
    return said


def test_a_lead_on_the_same_rows_is_found_where_own_intervals_overlap(tmp_path, truth):
    best = with_mistakes(truth, np.arange(60))
    other = with_mistakes(truth, np.arange(72))
    own = [count_intervals(truth, said, 3)["accuracy"] for said in (best, other)]
    assert own[1].high > own[0].low, "alone they do not tell the two apart"
    found = paired_differences(answered(tmp_path / "a", truth, best), answered(tmp_path / "b", truth, other))
    assert 0 < found["accuracy"].low < 12 / ROWS < found["accuracy"].high


def test_a_lead_by_other_mistakes_may_be_chance(tmp_path, truth):
    first = answered(tmp_path / "a", truth, with_mistakes(truth, np.arange(60)))
    second = answered(tmp_path / "b", truth, with_mistakes(truth, np.arange(100, 165)))
    found = paired_differences(first, second)
    assert found["accuracy"].low < 0 < found["accuracy"].high
    turned = paired_differences(second, first)
    assert turned["f1_macro"].low == pytest.approx(-found["f1_macro"].high, abs=0.01)


def test_the_differences_are_those_of_resampled_rows(tmp_path, truth):
    said = with_mistakes(truth, np.arange(60)), with_mistakes(truth, np.arange(30, 110))
    found = paired_differences(*(answered(tmp_path / str(place), truth, one) for place, one in enumerate(said)))
    rng = np.random.default_rng(7)
    drawn = rng.integers(ROWS, size=(600, ROWS))
    by_hand = [
        f1_score(truth[rows], said[0][rows], average="macro")
        - f1_score(truth[rows], said[1][rows], average="macro")
        for rows in drawn
    ]
    low, high = np.percentile(by_hand, (2.5, 97.5))
    assert (found["f1_macro"].low, found["f1_macro"].high) == pytest.approx((low, high), abs=0.012)


def test_classes_in_blocks_and_cell_by_cell(tmp_path, truth, monkeypatch):
    both = [
        answered(tmp_path / name, truth, with_mistakes(truth, rows))
        for name, rows in (("a", np.arange(60)), ("b", np.arange(30, 110)))
    ]
    exact = paired_differences(*both)["f1_macro"]
    monkeypatch.setattr("leyden.reports.paired.MAX_BLOCKS", 7)
    blocks = paired_differences(*both)["f1_macro"]
    assert (blocks.low, blocks.high) != (exact.low, exact.high)
    monkeypatch.setattr("leyden.reports.paired.MAX_BLOCKS", 8)
    assert paired_differences(*both)["f1_macro"].low == pytest.approx(exact.low, abs=0.05)


def test_of_numbers_in_blocks_and_row_by_row(tmp_path, monkeypatch):
    rng = np.random.default_rng(3)
    true = rng.normal(2000, 5, size=900)
    noise = rng.normal(size=900)
    near, far = true + noise, true + 1.2 * noise
    outcomes = [
        measured(tmp_path / name, true.tolist(), said.tolist()) for name, said in (("a", near), ("b", far))
    ]
    found = paired_differences(*outcomes)
    gap = r2_score(true, near) - r2_score(true, far)
    assert 0 < found["r2"].low < gap < found["r2"].high
    assert found["mae"].high < 0 and found["rmse"].high < 0
    monkeypatch.setattr("leyden.reports.paired.MAX_BLOCKS", 200)
    assert paired_differences(*outcomes)["r2"].low == pytest.approx(found["r2"].low, rel=0.2)


def test_nothing_is_said_of_other_rows_other_truths_or_missing_answers(tmp_path, truth):
    first = answered(tmp_path / "a", truth, truth)
    fewer = answered(tmp_path / "b", truth[1:], truth[1:])
    other = answered(tmp_path / "c", truth[::-1], truth[::-1])
    assert paired_differences(first, fewer) == {} == paired_differences(first, other)
    numbers = [measured(tmp_path / name, [1.0, 2.0], said) for name, said in (("d", [1, 2]), ("e", [1, np.nan]))]
    assert paired_differences(*numbers) == {}


def test_the_ranking_goes_by_differences_where_there_are_any():
    reports = {
        "best": report("best", {"mae": 1.0}, mae=(0.8, 1.2)),
        "behind": report("behind", {"mae": 1.1}, mae=(0.9, 1.3)),
        "unknown": report("unknown", {"mae": 1.15}, mae=(0.9, 1.3)),
    }
    known = {("best", "behind"): {"mae": report("x", {}, mae=(-0.15, -0.05)).intervals["mae"]}}
    ranked = rank(
        reports, "mae", higher_is_better=False, differences=lambda first, second: known.get((first, second), {})
    )
    assert [place.may_be_chance for place in ranked] == [False, False, True]
    assert ranked[1].behind is not None and (ranked[1].behind.low, ranked[1].behind.high) == (0.05, 0.15)
