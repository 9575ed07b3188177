import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from leyden.palette import PALETTES
from leyden.reports.embedded import threshold_curves
from leyden.reports.exploring import threshold_figure
from leyden.reports.model import Line, Report
from leyden.reports.thresholds import thresholds_of
from tests.leyden.reports.judged import classified


@pytest.fixture
def case(tmp_path):
    random = np.random.default_rng(0)
    true = random.integers(0, 2, 300)
    score = np.clip(true * 0.3 + random.random(300) * 0.7, 0, 1).round(2)
    names = np.array(["no", "yes"])[true].tolist()
    outcomes = classified(tmp_path, names, np.stack([1 - score, score], axis=1).tolist(), ("no", "yes"))
    return true, score.astype(np.float32), thresholds_of(outcomes)


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.35, 0.5, 0.77, 1.0])
def test_figures_are_scikit_learns(case, threshold):
    true, score, thresholds = case
    answers = score >= np.float32(threshold)
    found = thresholds.at(threshold)
    assert found.accuracy == pytest.approx(accuracy_score(true, answers))
    assert (found.precision or 0) == pytest.approx(precision_score(true, answers, zero_division=0))
    assert (found.recall or 0) == pytest.approx(recall_score(true, answers))
    assert (found.f1 or 0) == pytest.approx(f1_score(true, answers))


def test_either_class_can_be_looked_for(tmp_path):
    scores = [[0.9, 0.1], [0.6, 0.4], [0.3, 0.7], [0.2, 0.8]]
    found = thresholds_of(classified(tmp_path, ["no", "yes", "no", "yes"], scores, ("no", "yes")), 0)
    decision = found.at(0.55)
    assert (decision.true_positives, decision.false_positives) == (1, 1)
    assert (decision.false_negatives, decision.true_negatives) == (1, 1)
    assert found.at(0.95).recall == 0.0 and found.at(0.0).recall == 1.0


def test_without_an_answer_precision_is_not_known(tmp_path):
    found = thresholds_of(classified(tmp_path, ["no", "yes"], [[0.9, 0.1], [0.6, 0.4]], ("no", "yes")))
    assert found.at(0.5).precision is None and found.at(0.5).recall == 0.0
    precision = found.lines()[0]
    assert max(precision.x) <= 0.4 and len(precision.x) == len(precision.y)


def test_rows_that_no_threshold_decides_count_nowhere(tmp_path):
    true = ["no", "yes", "yes", "new class", "no"]
    scores = [[0.9, 0.1], [0.2, 0.8], [np.nan, np.nan], [0.3, 0.7], [np.nan, np.nan]]
    found = thresholds_of(classified(tmp_path, true, scores, ("no", "yes")))
    assert found.num_left_out == 3
    decision = found.at(0.5)
    assert (decision.true_positives, decision.true_negatives) == (1, 1)
    assert (decision.false_positives, decision.false_negatives) == (0, 0)
    assert found.at(1.0).precision is None, "no answer is not an answer at every threshold"


def test_without_any_decided_row_nothing_is_known(tmp_path):
    outcomes = classified(tmp_path, ["no", "yes"], [[np.nan, np.nan]] * 2, ("no", "yes"))
    found = thresholds_of(outcomes)
    assert found.num_left_out == 2 and found.at(0.5).accuracy is None
    report = Report.model_validate_json((tmp_path / "report-val.json").read_bytes())
    assert threshold_curves(report, outcomes) is None


@pytest.mark.parametrize("costs", [(1.0, 1.0), (1.0, 10.0), (10.0, 1.0), (0.0, 1.0)])
def test_the_cheapest_threshold_costs_no_more_than_any_other(case, costs):
    _, _, thresholds = case
    least = thresholds.at(thresholds.cheapest(*costs)).cost(*costs)
    assert least == min(thresholds.at(threshold).cost(*costs) for threshold in np.linspace(0, 1, 1001))


def test_where_all_cost_the_same_it_stays_in_the_middle(tmp_path):
    found = thresholds_of(classified(tmp_path, ["no", "yes"], [[0.9, 0.1], [0.1, 0.9]], ("no", "yes")))
    assert found.cheapest(1, 1) == pytest.approx(0.5)


def test_a_click_on_a_curve_names_the_very_threshold():
    line = Line(name="f1", x=(0.135, 0.5), y=(0.2, 0.4))
    figure = threshold_figure([line], 0.5, PALETTES["light"], "Threshold")
    assert list(figure.data[0].customdata) == ["0.135", "0.500"]
