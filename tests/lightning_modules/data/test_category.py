import pandas as pd

from leyden.spec.model import Categories, Preparation
from lightning_modules.data.category import MISSING, UNKNOWN, CategoryColumn


def fit(values, **options):
    return CategoryColumn.fit(pd.Series(values, name="c"), Preparation(categories=Categories(**options)))


def indices(column, values):
    return column.transform(pd.Series(values, name="c")).tolist()


def test_values_are_numbered_by_frequency_after_unknown():
    column = fit(["b", "b", "a"])
    assert indices(column, ["b", "a", "unseen"]) == [1, 2, UNKNOWN]
    assert column.cardinality == 3


def test_gaps_have_an_index_of_their_own_when_training_rows_have_gaps():
    column = fit(["b", None, "b", "a"])
    assert indices(column, ["b", "a", None, "unseen"]) == [2, 3, MISSING, UNKNOWN]
    assert column.cardinality == 4
    assert indices(fit(["b", "a"]), [None]) == [UNKNOWN]


def test_equal_values_of_different_types_have_equal_indices():
    column = fit([1, 2, 2])
    assert indices(column, [1.0, "2", " 1 "]) == [2, 1, 2]
    assert indices(fit([True, False, True]), ["True", "false", True]) == [1, 2, 1]


def test_rare_values_and_those_beyond_the_most_frequent_are_unknown():
    column = fit(["a", "a", "b", "b", "c"], min_count=2)
    assert column.values == ("a", "b") and column.has_unknown
    assert fit(["a", "a", "b", "c"], max_values=2).values == ("a", "b")


def test_the_order_of_rows_does_not_decide():
    assert fit(["z", "a", "m"]) == fit(["m", "z", "a"])


def test_a_column_of_gaps_only():
    column = fit([None, None])
    assert indices(column, [None, "x"]) == [MISSING, UNKNOWN]


def test_plain_data_round_trip():
    column = fit(["Größe", "大小", None])
    assert CategoryColumn.model_validate(column.model_dump(mode="json")) == column
