import numpy as np
import pandas as pd
import pytest

from leyden.errors import DataError
from leyden.spec.model import Numbers, Preparation
from lightning_modules.data.number import NumberColumn


def fit(values, **options):
    series = pd.Series(values, name="x", dtype=object if any(isinstance(v, str) for v in values) else None)
    return NumberColumn.fit(series, Preparation(numbers=Numbers(**options)))


def transform(column, values):
    return column.transform(pd.Series(values, name="x"))


def test_standard_scaling_has_mean_0_and_deviation_1():
    values = [1.0, 2.0, 3.0, 10.0]
    scaled = transform(fit(values), values)
    assert scaled.dtype == np.float32 and scaled.shape == (4, 1)
    assert scaled.mean() == pytest.approx(0, abs=1e-6) and scaled.std() == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize(("scaling", "low", "high"), [("minmax", 0, 1), ("symmetric", -1, 1)])
def test_range_scaling_spans_its_range(scaling, low, high):
    values = [-3.0, 0.5, 7.0]
    scaled = transform(fit(values, scaling=scaling), values)
    assert scaled.min() == pytest.approx(low) and scaled.max() == pytest.approx(high)


def test_quantile_scaling_makes_a_skewed_column_normal():
    values = np.exp(np.random.default_rng(0).normal(0, 2, 5000))
    scaled = transform(fit(values, scaling="quantile"), values)[:, 0]
    assert abs(scaled.mean()) < 0.05 and abs(scaled.std() - 1) < 0.05
    assert np.abs(scaled).max() < 6
    # Order is kept, and values beyond the training range stay at its ends.
    assert (np.diff(scaled[np.argsort(values)]) >= 0).all()
    assert transform(fit(values, scaling="quantile"), [1e9])[0, 0] == pytest.approx(scaled.max())


def test_quantile_scaling_agrees_with_scikit_learn():
    from sklearn.preprocessing import QuantileTransformer

    values = np.random.default_rng(0).gamma(1, 3, 400)
    reference = QuantileTransformer(n_quantiles=400, output_distribution="normal").fit(values[:, None])
    ours = transform(fit(values, scaling="quantile"), values)[:, 0]
    np.testing.assert_allclose(ours, reference.transform(values[:, None])[:, 0], atol=1e-3)


def test_equal_values_get_the_middle_of_their_ranks():
    column = fit([0.0] * 50 + [1.0] * 50, scaling="quantile")
    low, high = transform(column, [0.0, 1.0])[:, 0]
    assert low == pytest.approx(-high, abs=0.05) and high == pytest.approx(0.674, abs=0.05)


def test_no_scaling_keeps_values():
    assert transform(fit([5.0, 9.0], scaling="none"), [7.0]).tolist() == [[7.0]]


@pytest.mark.parametrize(("impute", "fill"), [("median", 2.0), ("mean", 4.0), ("zero", 0.0)])
def test_gaps_are_filled_and_marked(impute, fill):
    column = fit([1.0, 2.0, 9.0, None], impute=impute, scaling="none")
    assert transform(column, [np.nan, 3.0]).tolist() == [[fill, 1.0], [3.0, 0.0]]


def test_a_column_without_gaps_in_training_gets_no_mark_and_still_fills():
    column = fit([1.0, 2.0, 9.0], scaling="none")
    assert transform(column, [np.nan]).tolist() == [[2.0]]


def test_only_the_values_fitted_on_decide():
    column = fit([0.0, 10.0], scaling="minmax")
    assert transform(column, [20.0])[0, 0] == pytest.approx(2.0)


@pytest.mark.parametrize("scaling", ["standard", "minmax", "symmetric", "quantile", "none"])
@pytest.mark.parametrize("values", [[3.0], [0.1] * 7, [np.nan, np.nan], [1e308, -1e308, 0.0], [np.inf, 1.0]])
def test_odd_columns_become_finite_numbers(scaling, values):
    column = fit(values, scaling=scaling)
    assert np.isfinite(transform(column, [*values, np.nan, 0.0])).all()
    assert NumberColumn.model_validate(column.model_dump(mode="json")) == column


def test_text_among_numbers_counts_as_missing_but_a_column_of_text_is_refused():
    column = fit(["1", "x", "3"])
    assert column.has_gaps and column.fill == 2.0
    assert transform(column, ["7,5"]).tolist() == transform(column, [None]).tolist()
    column.check(pd.Series(["7,5", "8"], name="x"))
    for refuse in (column.check, lambda values: NumberColumn.fit(values, Preparation())):
        with pytest.raises(DataError, match=r"'x'.*'7,5'.*decimal mark"):
            refuse(pd.Series(["7,5", "8,1"], name="x"))
