import numpy as np

from leyden.reports.smooth import smooth


def test_no_weight_changes_nothing():
    assert smooth([3.0, 1.0, 2.0], 0.0).tolist() == [3.0, 1.0, 2.0]


def test_a_constant_stays_one_from_its_first_value():
    assert np.allclose(smooth([5.0] * 20, 0.95), 5.0)


def test_it_is_the_unbiased_moving_average():
    values, weight = [1.0, 4.0, 2.0, 8.0], 0.6
    average, norm, expected = 0.0, 0.0, []
    for value in values:
        average, norm = weight * average + (1 - weight) * value, weight * norm + (1 - weight)
        expected.append(average / norm)
    assert np.allclose(smooth(values, weight), expected)


def test_noise_gets_less():
    noise = np.random.default_rng(0).normal(size=500)
    assert smooth(noise, 0.9)[50:].std() < 0.4 * noise.std()


def test_values_that_are_not_finite_stay_and_spoil_nothing():
    smoothed = smooth([1.0, float("nan"), float("inf"), 1.0], 0.5)
    assert np.isnan(smoothed[1]) and np.isinf(smoothed[2]) and smoothed[3] == 1.0
