import math

import pytest

from leyden.catalogue import MetricCard
from leyden.reports.constant import constant_range

ACCURACY = MetricCard("accuracy", "Accuracy", "", higher_is_better=True, best=1.0)
ERROR = MetricCard("rmse", "RMSE", "", higher_is_better=False, best=0.0)


@pytest.mark.parametrize(
    ("value", "card", "low", "high"),
    [
        (1.0, ACCURACY, 0.9, 1.004),
        (0.0, ACCURACY, -0.004, 0.1),
        (0.5, ACCURACY, 0.45, 0.55),
        (0.0, ERROR, -0.004, 0.1),
        (0.001, None, 0.0009, 0.0011),
        (-40.0, None, -44.0, -36.0),
    ],
)
def test_a_constant_lies_in_a_band_that_ends_at_the_best_there_can_be(value, card, low, high):
    assert constant_range([value, math.nan, value], card) == pytest.approx((low, high))


def test_a_logarithmic_axis_goes_by_exponents():
    assert constant_range([100.0], is_log=True) == pytest.approx((math.log10(90), math.log10(110)))
    assert constant_range([0.0], is_log=True) is None


@pytest.mark.parametrize("values", [[], [math.nan], [1.0, 0.999]])
def test_values_that_differ_say_themselves_where_the_axis_goes(values):
    assert constant_range(values, ACCURACY) is None
