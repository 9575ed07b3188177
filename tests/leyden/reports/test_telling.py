import numpy as np
import pandas as pd
import pytest
from scipy import stats

from leyden.home import Home
from leyden.reports.telling import COLUMNS_AT_ONCE, MAX_COLUMNS, p_value, telling_columns
from tests.leyden.reports.judged import classified


def test_the_test_of_numbers_is_scipys_of_kruskal_and_wallis():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, 200)
    values = rng.normal(size=200).round(1) + 0.3 * (codes == 2)
    expected = stats.kruskal(*(values[codes == group] for group in range(4))).pvalue
    assert p_value(values, codes) == pytest.approx(expected)
    assert p_value(np.append(values, np.nan), np.append(codes, 0)) == pytest.approx(expected)
    # A group of three rows is left out, as if it were not there.
    assert p_value(np.append(values, [9.0] * 3), np.append(codes, [6] * 3)) == pytest.approx(expected)


def test_the_test_of_mistakes_is_that_of_their_shares():
    codes = np.repeat([0, 1, 2], [600, 300, 100])
    is_wrong = np.arange(1000) % np.array([5, 4, 3])[codes] == 0
    table = [[(is_wrong[codes == group] == side).sum() for group in range(3)] for side in (True, False)]
    of_shares = stats.chi2_contingency(table, correction=False)
    assert p_value(is_wrong, codes) == pytest.approx(stats.chi2.sf(of_shares.statistic * 999 / 1000, 2))


def test_one_mistake_in_a_small_group_proves_nothing():
    codes = np.repeat([0, 1], [1000, 10])
    assert p_value(np.arange(1010) == 1005, codes) == 1.0
    assert p_value(np.arange(1010) < 1, codes) == 1.0


@pytest.mark.parametrize("share", [0.002, 0.02, 0.2, 0.99])
def test_mistakes_and_errors_by_chance_alarm_as_seldom_as_they_should(share):
    rng = np.random.default_rng(0)
    codes = np.repeat(np.arange(5), [700, 150, 100, 40, 10])
    mistakes = [p_value(rng.random(1000) < share, codes) for _ in range(300)]
    errors = [p_value(rng.standard_cauchy(1000) ** 2, codes) for _ in range(300)]
    for found in (mistakes, errors):
        assert np.mean(np.array(found) < 0.01) <= 0.03 and min(found) > 1e-5


def test_rows_that_are_all_right_or_all_in_one_group_tell_nothing():
    assert p_value(np.zeros(40, dtype=bool), np.arange(40) % 2) == 1.0
    assert p_value(np.ones(40), np.arange(40) % 2) == 1.0
    assert p_value(np.arange(40.0), np.zeros(40, dtype=int)) == 1.0
    assert p_value(np.zeros(0), np.zeros(0, dtype=np.int16)) == 1.0
    assert p_value(np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int16)) == 1.0


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


def test_pictures_are_opened_where_they_are_few(case, report, monkeypatch):
    home, run, outcomes = case
    profile = type("Profile", (), {"kinds": {"town": "image", "noise": "number"}})
    data = run.spec.data.model_copy(update={"inputs": {"town": "image", "noise": "number"}})
    run = run.model_copy(update={"spec": run.spec.model_copy(update={"data": data})})
    monkeypatch.setattr("leyden.reports.telling.load_profile", lambda home, dataset: profile)
    lightness = {"x": 0.1, "y": 0.9, "z": 0.2}
    monkeypatch.setattr("leyden.reports.groups.brightness", lambda file: lightness[file.name])
    (found,) = telling_columns(home, run, report, outcomes)
    assert found.column == "town" and found.groups.names[2] == "brightness 90 %"
    monkeypatch.setattr("leyden.reports.telling.MOST_PICTURES", 299)
    assert telling_columns(home, run, report, outcomes) == []


def test_of_many_columns_the_inputs_are_looked_at_first_a_few_at_a_time(case, report, monkeypatch):
    home, run, outcomes = case
    others = {f"other {place}": "number" for place in range(400)}
    profile = type("Profile", (), {"kinds": {"a": "category", **others}})
    read = []

    def read_few(home, dataset, columns, row_ids):
        read.append(columns)
        return pd.DataFrame({name: np.arange(len(row_ids)) % 3 for name in columns}, index=row_ids)

    monkeypatch.setattr("leyden.reports.telling.load_profile", lambda home, dataset: profile)
    monkeypatch.setattr("leyden.reports.telling.read_frame", read_few)
    telling_columns(home, run, report, outcomes)
    assert sum(map(len, read)) == MAX_COLUMNS and max(map(len, read)) == COLUMNS_AT_ONCE
    assert read[0][:3] == ["town", "noise", "a"]


def test_without_the_dataset_nothing_is_told(case, report):
    home, run, outcomes = case
    (home.dataset("d1") / "table.parquet").unlink()
    assert telling_columns(home, run, report, outcomes) is None
