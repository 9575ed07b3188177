import numpy as np
import pandas as pd
import pytest
from scipy import stats

from leyden.home import Home
from leyden.reports.telling import p_value, telling_columns
from tests.leyden.reports.judged import classified


def test_the_test_is_scipys_analysis_of_variance():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, 200)
    values = rng.normal(size=200) + 0.3 * (codes == 2)
    expected = stats.f_oneway(*(values[codes == group] for group in range(4))).pvalue
    assert p_value(values, codes) == pytest.approx(expected)
    assert p_value(np.append(values, np.nan), np.append(codes, 0)) == pytest.approx(expected)
    # A group of three rows is left out, as if it were not there.
    assert p_value(np.append(values, [9.0] * 3), np.append(codes, [6] * 3)) == pytest.approx(expected)


def test_rows_that_are_all_right_or_all_in_one_group_tell_nothing():
    assert p_value(np.zeros(40), np.arange(40) % 2) == 1.0
    assert p_value(np.arange(40.0), np.zeros(40, dtype=int)) == 1.0
    assert p_value(np.zeros(0), np.zeros(0, dtype=np.int16)) == 1.0


@pytest.fixture
def case(tmp_path, run):
    """Rows 10 to 309: wrong in one town, and nowhere else; the third column is noise."""
    rng = np.random.default_rng(0)
    town, noise = rng.choice(["x", "y", "z"], 300), rng.normal(size=300)
    probabilities = [[0.2, 0.8] if name == "y" else [0.8, 0.2] for name in town]
    home = Home(tmp_path)
    outcomes = classified(home.run(run.id), ["a"] * 300, probabilities, ("a", "b"), target="species")
    frame = pd.DataFrame({"__row_id": np.arange(10, 310), "species": "a", "town": town, "noise": noise})
    home.dataset("d1").mkdir(parents=True)
    frame.to_parquet(home.dataset("d1") / "table.parquet", index=False)
    data = run.spec.data.model_copy(update={"inputs": {"town": "category", "noise": "number"}})
    return home, run.model_copy(update={"spec": run.spec.model_copy(update={"data": data})}), outcomes


def test_the_column_that_tells_is_found_and_noise_is_not(case, report, monkeypatch):
    home, run, outcomes = case
    profile = type("Profile", (), {"kinds": {}})
    monkeypatch.setattr("leyden.reports.telling.load_profile", lambda home, dataset: profile)
    (found,) = telling_columns(home, run, report, outcomes)
    assert found.column == "town" and found.p_value < 1e-6


def test_without_the_dataset_nothing_is_told(case, report):
    home, run, outcomes = case
    (home.dataset("d1") / "table.parquet").unlink()
    assert telling_columns(home, run, report, outcomes) is None
