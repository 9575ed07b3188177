import numpy as np
import pytest

from leyden.reports.thin import MAX_POINTS, thin


def noisy(num_points):
    rng = np.random.default_rng(0)
    return np.arange(num_points, dtype=float), rng.normal(size=num_points).cumsum()


@pytest.mark.parametrize("num_points", [0, 1, 2, 999, 1000])
def test_short_curves_are_left_alone(num_points):
    x, y = noisy(num_points)
    thin_x, thin_y = thin(x, y)
    assert np.array_equal(x, thin_x) and np.array_equal(y, thin_y)


@pytest.mark.parametrize("num_points", [1001, 1999, 12_345, 100_000])
@pytest.mark.parametrize("max_points", [4, 5, 100, MAX_POINTS])
def test_long_curves_keep_order_ends_and_extremes(num_points, max_points):
    x, y = noisy(num_points)
    thin_x, thin_y = thin(x, y, max_points)
    assert 2 <= len(thin_x) == len(thin_y) <= max_points
    assert (np.diff(thin_x) > 0).all()
    assert thin_x[0] == x[0] and thin_x[-1] == x[-1]
    assert thin_y.min() == y.min() and thin_y.max() == y.max()
    assert np.array_equal(y[thin_x.astype(int)], thin_y)


def test_a_single_spike_survives():
    y = np.ones(50_000)
    y[31_234] = 99.0
    thin_x, thin_y = thin(np.arange(50_000), y)
    assert thin_x[thin_y == 99.0].tolist() == [31_234.0]


def test_values_that_are_not_finite_are_left_out():
    x, y = noisy(5000)
    y[::7], y[3::11], x[100] = np.nan, np.inf, np.nan
    thin_x, thin_y = thin(x, y)
    assert np.isfinite(thin_x).all() and np.isfinite(thin_y).all()
    assert len(thin(np.array([1.0, 2.0]), np.array([np.nan, np.inf]))[0]) == 0
