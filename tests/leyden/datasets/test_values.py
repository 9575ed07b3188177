import numpy as np
import pandas as pd
import pytest

from leyden.datasets.read import category_strings, number_values

EQUAL = [
    pd.Series([1, 2]),
    pd.Series([1.0, 2.0]),
    pd.Series(["1", "2"]),
    pd.Series(["1.0", " 2 "]),
    pd.Series([1, "2"], dtype=object),
    pd.Series([1, 2], dtype="Int64"),
    pd.Series(["1", "2"], dtype="category"),
]


@pytest.mark.parametrize("series", EQUAL, ids=lambda series: f"{series.dtype}")
def test_equal_values_have_equal_names(series: pd.Series):
    assert category_strings(series).tolist() == ["1", "2"]


@pytest.mark.parametrize(
    "series",
    [
        pd.Series([True, False, None], dtype=object),
        pd.Series(["True", "false", ""]),
        pd.Series(["TRUE", " False", None]),
        pd.Series([True, False, None], dtype="boolean"),
        pd.Series([np.True_, np.False_, np.nan], dtype=object),
    ],
)
def test_booleans(series: pd.Series):
    found = category_strings(series)
    assert found.tolist()[:2] == ["true", "false"]
    assert found.isna().tolist() == [False, False, True]


def test_true_and_one_are_two_values():
    assert category_strings(pd.Series([True, 1, 1.0, "1"], dtype=object)).tolist() == ["true", "1", "1", "1"]


def test_text_stands_as_it_is_but_for_blanks():
    series = pd.Series([" a ", "007", "1.10", "a  b", "\u3000x\xa0"], index=[9, 3, 4, 5, 6], name="c")
    found = category_strings(series)
    assert found.tolist() == ["a", "007", "1.10", "a  b", "x"]
    assert found.index.tolist() == [9, 3, 4, 5, 6]
    assert found.name == "c"


def test_missing_is_missing():
    assert category_strings(pd.Series([np.nan, 0.5, np.inf, -0.0])).isna().tolist() == [True, False, True, False]
    assert category_strings(pd.Series([None, "", "  "], dtype=object)).isna().all()
    assert len(category_strings(pd.Series([], dtype=float))) == 0


def test_dates_as_categories():
    series = pd.Series(pd.to_datetime(["2020-01-02", None, "2020-01-02 03:04"], format="mixed"))
    assert category_strings(series).tolist()[::2] == ["2020-01-02", "2020-01-02 03:04:00"]


def test_numbers():
    found = number_values(pd.Series(["1.5", "x", None, "inf", " 2"]))
    assert found.dtype == "float64"
    assert found.isna().tolist() == [False, True, True, True, False]


def test_the_profile_names_values_as_training_does(make_profile, bench):
    made = make_profile(x=["1.0", "2.0", "1.0"] * 5, flag=["true", "false", "true"] * 5, y=list("abc") * 5)
    frame = bench.frame(made)
    for column in made.profile.columns:
        names = set(category_strings(frame[column.name]))
        assert {entry.value for entry in column.values} == names
