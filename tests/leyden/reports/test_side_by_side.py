import numpy as np
import pytest

from leyden.palette import LIGHT
from leyden.reports.figures import MAX_SVG_POINTS, figure_of
from leyden.reports.side_by_side import MAX_POINTS, bounded, differ_in_width, shared_ranges
from tests.leyden.reports.examples import bars, confusion, curves, scatter


def cloud(num_points, scale=1.0):
    values = tuple((np.arange(num_points) * scale).tolist())
    return scatter().model_copy(update={"x": values, "y": values, "row_ids": tuple(range(num_points))})


@pytest.mark.parametrize("num_pictures", [2, 7, 20])
def test_many_pictures_stay_quick_and_take_no_webgl(num_pictures):
    """A browser allows about sixteen WebGL drawings, and drops the oldest without a word."""
    drawn = [bounded(cloud(2000), num_pictures) for _ in range(num_pictures)]
    assert sum(len(one.x) for one in drawn) <= MAX_POINTS
    assert {figure_of(one, LIGHT).data[0].type for one in drawn} == {"scatter"}
    assert len({one.row_ids for one in drawn}) == 1, "every picture shows the same rows"
    assert drawn[0].row_ids[0] == 0 and drawn[0].row_ids[-1] == 1999 and drawn[0].x == drawn[0].y


def test_few_points_stay_as_they_are():
    few = cloud(200)
    assert bounded(few, 20) is few
    assert figure_of(cloud(MAX_SVG_POINTS + 1), LIGHT).data[0].type == "scattergl"


def test_points_and_bars_share_ranges_that_hold_all_of_them():
    small, large = cloud(10), cloud(10, scale=-5.0)
    ranges = shared_ranges([small, large])
    assert ranges.x[0] < -45 and ranges.x[1] > 9 and ranges.y == ranges.x
    other = bars().model_copy(update={"edges": (-2.0, 0.0, 2.0), "counts": (100, 1)})
    ranges = shared_ranges([bars(), other])
    assert ranges.x[0] < -2 and ranges.x[1] > 3 and ranges.y[0] == 0 and 100 < ranges.y[1] < 110
    drawing = figure_of(bars(), LIGHT)
    ranges.apply(drawing)
    assert tuple(drawing.layout.xaxis.range) == ranges.x and tuple(drawing.layout.yaxis.range) == ranges.y


def test_pictures_with_a_range_of_their_own_keep_it():
    assert shared_ranges([confusion()]) == shared_ranges([curves()]) == shared_ranges([]) == (None, None)
    assert shared_ranges([cloud(1)]) == (None, None), "one point spans nothing"


def test_histograms_of_other_widths_are_known():
    wider = bars().model_copy(update={"edges": (0.0, 2.0, 4.0)})
    assert differ_in_width([bars(), wider]) and not differ_in_width([bars(), bars()])
    assert not differ_in_width([scatter()])
