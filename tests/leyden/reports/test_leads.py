import numpy as np
import pandas as pd
import pytest

from leyden.prediction.columns import PREDICTION
from leyden.reports.leads import lead_over_baseline, lead_over_run, with_lead
from leyden.reports.rivals import Rival
from leyden.run_folder import predictions_file
from tests.leyden.factories import add_run
from tests.leyden.reports import judged
from tests.leyden.reports.examples import headline

ROWS = 300
TRUE = pd.Series(["cat", "dog"] * (ROWS // 2), index=np.arange(ROWS))


def said(num_wrong):
    """Answers of which the first ones are wrong."""
    other = {"cat": "dog", "dog": "cat"}
    return [other[name] if row < num_wrong else name for row, name in TRUE.items()]


@pytest.fixture
def judge(home, store):
    """Runs of so many mistakes, with their reports."""

    def judge(num_wrong):
        run = add_run(store)
        predictions = pd.DataFrame({PREDICTION: said(num_wrong)}, index=TRUE.index)
        report = judged.write(home.run(run.id), run.target, TRUE, predictions, ("cat", "dog"))
        return run, report.model_copy(update={"run": run.id, "sections": (headline(),)})

    return judge


def add_baseline(home, run, name, num_wrong):
    path = home.baseline_answers(run.dataset_id, run.question, "val", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    index = TRUE.index.rename("row_id")
    pd.DataFrame({run.target: TRUE.to_numpy(), PREDICTION: said(num_wrong)}, index=index).to_parquet(path)


def test_a_run_is_ahead_of_another_and_of_a_baseline(home, judge):
    (good, first), (_bad, second) = judge(20), judge(50)
    found = lead_over_run(home, first, second)["accuracy"]
    assert 0.05 < found.low < 0.1 < found.high < 0.15
    turned = lead_over_run(home, second, first)["accuracy"]
    assert (turned.low, turned.high) == pytest.approx((found.negated.low, found.negated.high), abs=0.01)
    add_baseline(home, good, "linear", 50)
    assert lead_over_baseline(home, good, first, "linear") == lead_over_run(home, first, second)


def test_the_best_baseline_is_told_with_the_lead(home, judge):
    run, report = judge(20)
    rivals = [
        Rival(name=name, title=name, summary="", figures={"accuracy": value}, num_rows=9, of_rows=9)
        for name, value in (("constant", 0.5), ("linear", 0.8))
    ]
    assert with_lead(rivals, home, run, report) == tuple(rivals), "an older version kept no answers"
    add_baseline(home, run, "linear", 50)
    told = with_lead(rivals, home, run, report)
    assert not told[0].lead and told[1].lead["accuracy"].low > 0


def test_answers_that_are_gone_or_damaged_tell_nothing(home, judge):
    (_first, one), (run, other) = judge(20), judge(50)
    path = home.run(run.id) / predictions_file("val")
    path.write_bytes(b"no Parquet")
    assert lead_over_run(home, one, other) == {}
    path.unlink()
    assert lead_over_run(home, one, other) == {}
