import csv
import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from leyden.palette import LIGHT
from leyden.reports.counts import wilson
from leyden.reports.exploring import slices_figure
from leyden.reports.groups import groups_of
from leyden.reports.model import Interval
from leyden.reports.slice_table import slices_csv, slices_plain, slices_table
from leyden.reports.slices import Slices, slices
from tests.leyden.reports.judged import classified, measured

CLASSES = ("a", "b", "c")


def answered(folder, num_classes: int, num_rows: int = 300):
    """Rows of two groups, four in five answered rightly: true, answered, group, and their slices."""
    rng = np.random.default_rng(0)
    true = rng.integers(0, num_classes, num_rows)
    answer = np.where(rng.random(num_rows) < 0.8, true, rng.integers(0, num_classes, num_rows))
    names = np.array(CLASSES[:num_classes])
    group = rng.choice(["x", "y"], num_rows, p=[0.7, 0.3])
    probabilities = (np.eye(num_classes)[answer] * 0.8 + 0.1).tolist()
    outcomes = classified(folder, names[true].tolist(), probabilities, CLASSES[:num_classes])
    return names[true], names[answer], group, slices(outcomes, groups_of(pd.Series(group), "category"))


def by_name(found: Slices) -> dict:
    return {one.name: one for one in (found.whole, *found.groups)}


def test_with_several_classes_figures_are_scikit_learns_means_of_the_classes(tmp_path):
    true, answer, group, found = answered(tmp_path, 3)
    for name, one in by_name(found).items():
        rows = np.full(len(true), True) if name == "All rows" else group == name
        assert one.num_rows == rows.sum() and one.num_positive is None
        assert one.figures["accuracy"] == pytest.approx(metrics.accuracy_score(true[rows], answer[rows]))
        for figure in ("precision", "recall", "f1"):
            expected = getattr(metrics, f"{figure}_score")(true[rows], answer[rows], average="macro")
            assert one.figures[f"{figure}_macro"] == pytest.approx(expected)
            interval = one.intervals[f"{figure}_macro"]
            assert interval.low < expected < interval.high


def test_with_two_classes_they_are_those_of_the_positive_one(tmp_path):
    true, answer, group, found = answered(tmp_path, 2)
    assert found.positive == "b"
    for name, one in by_name(found).items():
        rows = np.full(len(true), True) if name == "All rows" else group == name
        assert one.num_positive == (true[rows] == "b").sum()
        for figure in ("precision", "recall", "f1"):
            expected = getattr(metrics, f"{figure}_score")(true[rows], answer[rows], pos_label="b")
            assert one.figures[figure] == pytest.approx(expected)
            assert one.intervals[figure].low < expected < one.intervals[figure].high


def test_the_class_that_is_looked_for_may_be_the_first(tmp_path):
    true, answers = ["a", "b", "b", "b"] * 10, [[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.1, 0.9]] * 10
    outcomes = classified(tmp_path, true, answers, ("a", "b"))
    found = slices(outcomes, groups_of(pd.Series(["x"] * 40), "category"), 0)
    assert found.positive == "a" and found.whole.num_positive == 10
    assert found.whole.figures["recall"] == 1.0 and found.whole.figures["precision"] == 0.5


def test_what_is_not_defined_is_left_out_and_a_share_of_few_rows_is_uncertain(tmp_path):
    true = ["a"] * 60 + ["b"] * 2 + ["a"] * 40
    outcomes = classified(tmp_path, true, [[0.9, 0.1]] * 102, ("a", "b"))
    group = pd.Series(["x"] * 62 + ["y"] * 40)
    x, y = slices(outcomes, groups_of(group, "category")).groups
    assert x.figures["recall"] == 0.0 and "precision" not in x.figures, "nothing was answered with b"
    assert not x.is_uncertain() and x.is_uncertain("recall"), "there are but two such rows"
    assert set(y.figures) == set(y.intervals) == {"accuracy"}


def test_a_share_has_wilson_s_interval_and_few_rows_are_uncertain(tmp_path):
    true = ["a"] * 40 + ["b"] * 10
    outcomes = classified(tmp_path, true, [[0.9, 0.1]] * 50, ("a", "b"))
    many, few = slices(outcomes, groups_of(pd.Series(true), "category")).groups
    assert (many.figures["accuracy"], few.figures["accuracy"]) == (1.0, 0.0)
    # From statsmodels.stats.proportion.proportion_confint(40, 40, method="wilson") and (0, 10).
    assert many.intervals["accuracy"].low == pytest.approx(0.91238, abs=1e-4)
    assert few.intervals["accuracy"].high == pytest.approx(0.27753, abs=1e-4)
    assert few.is_uncertain() and not many.is_uncertain()


def test_f1_has_the_interval_of_the_share_that_it_follows_from(tmp_path):
    _true, _answer, _group, found = answered(tmp_path, 2)
    interval, over = found.whole.intervals["f1"], found.whole.over["f1"]
    hits = round(found.whole.figures["recall"] * found.whole.over["recall"])
    share = wilson(hits, over)
    assert interval.low == pytest.approx(2 * share.low / (1 + share.low))
    assert found.whole.figures["f1"] == pytest.approx(2 * hits / (over + hits))


def test_without_a_mistake_resampled_figures_have_no_interval(tmp_path):
    outcomes = classified(tmp_path, ["a", "b", "c"], np.eye(3).tolist(), CLASSES)
    (one,) = slices(outcomes, groups_of(pd.Series(["x"] * 3), "category")).groups
    assert one.figures["f1_macro"] == 1.0 and set(one.intervals) == {"accuracy"}


def test_rows_without_an_answer_are_errors_and_unseen_classes_count(tmp_path):
    probabilities = [[0.9, 0.1], [np.nan, np.nan], [0.2, 0.8]]
    outcomes = classified(tmp_path, ["a", "b", "new"], probabilities, ("a", "b"))
    outcomes.predicted[1] = -1
    (one,) = slices(outcomes, groups_of(pd.Series(["x"] * 3), "category")).groups
    assert one.num_rows == 3 and one.figures["accuracy"] == pytest.approx(1 / 3)
    assert one.over == {"precision": 1, "recall": 1, "f1": 2}


def test_averages_over_rows_of_which_one_has_no_answer_have_no_interval(tmp_path):
    rng = np.random.default_rng(0)
    true, answer = rng.integers(0, 3, (2, 80))
    outcomes = classified(tmp_path, np.array(CLASSES)[true].tolist(), np.eye(3)[answer].tolist(), CLASSES)
    outcomes.predicted[0] = -1
    found = slices(outcomes, groups_of(pd.Series(["x"] * 40 + ["y"] * 40), "category"))
    assert set(by_name(found)["x"].intervals) == set(found.whole.intervals) == {"accuracy"}
    assert "f1_macro" in by_name(found)["y"].intervals


def test_an_error_bar_never_points_inwards(tmp_path):
    _true, _answer, _group, found = answered(tmp_path, 3)
    (measure, *_others) = found.measures
    above = {measure.name: Interval(low=0.99, high=1.0)}
    below = {measure.name: Interval(low=0.0, high=0.01)}
    one, other = (replace(group, intervals=ends) for group, ends in zip(found.groups, (above, below), strict=True))
    bars = slices_figure(replace(found, groups=(one, other)), measure, LIGHT).data[0].error_x
    assert bars.arrayminus[0] == 0 and bars.array[0] > 0
    assert bars.array[1] == 0 and bars.arrayminus[1] > 0


def test_numbers_are_judged_by_scikit_learns_figures_and_their_bias(tmp_path):
    rng = np.random.default_rng(0)
    true = rng.normal(2000, 5, 200)
    predicted = (true + rng.normal(1, 2, 200)).astype(np.float32)
    group = rng.choice(["x", "y"], 200)
    found = slices(measured(tmp_path, true.tolist(), predicted), groups_of(pd.Series(group), "category"))
    for name, one in by_name(found).items():
        rows = np.full(200, True) if name == "All rows" else group == name
        expected = {
            "mae": metrics.mean_absolute_error(true[rows], predicted[rows]),
            "rmse": metrics.root_mean_squared_error(true[rows], predicted[rows]),
            "r2": metrics.r2_score(true[rows], predicted[rows]),
            "bias": np.mean(predicted[rows] - true[rows]),
        }
        assert one.figures == pytest.approx(expected, rel=1e-4)
        assert all(one.intervals[name].low < value < one.intervals[name].high for name, value in expected.items())


def test_numbers_that_were_not_answered_are_left_out(tmp_path):
    outcomes = measured(tmp_path, [1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 5.0, np.nan])
    first, second = slices(outcomes, groups_of(pd.Series(["x", "x", "y", "y"]), "category")).groups
    assert (first.figures["mae"], first.num_rows) == (0.5, 2)
    assert (second.figures["mae"], second.num_rows) == (2.0, 1)
    assert "r2" not in second.figures and not second.intervals, "one row says nothing of others"


def test_of_no_row_nothing_is_known(tmp_path):
    found = slices(measured(tmp_path, [1.0], [np.nan]), groups_of(pd.Series(["x"]), "category"))
    assert found.whole.num_rows == 0 and not found.groups
    assert slices_table(found, "g").rows[0][:2] == ("All rows", 0)


def test_the_table_starts_with_all_rows_and_says_which_groups_are_small(tmp_path):
    _true, _answer, group, found = answered(tmp_path, 2, num_rows=80)
    table = slices_table(found, "kind")
    assert table.title == "By kind" and table.columns[:4] == ("Group", "Rows", "Of 'b'", "Accuracy")
    assert [row[:2] for row in table.rows] == [("All rows", 80), ("x", 52), ("y", 28)]
    assert [row[-1] for row in table.rows] == ["", "", "under 30 rows"]
    assert np.sum(group == "y") == 28


def test_csv_and_json_have_the_intervals(tmp_path):
    _true, _answer, _group, found = answered(tmp_path, 3)
    lines = list(csv.DictReader(io.StringIO(slices_csv(found))))
    plain = slices_plain(found)
    assert [line["group"] for line in lines] == [one["group"] for one in plain] == ["All rows", "x", "y"]
    assert float(lines[1]["f1_macro_low"]) == plain[1]["intervals"]["f1_macro"]["low"]
    assert lines[1]["few_rows"] == "no" and plain[1]["few_rows"] is False
