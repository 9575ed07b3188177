import pytest

from leyden.datasets.profile import Histogram, ImageSummary
from tests.pages.factories import category_column, number_column
from ui.data_bars import bars_html, distribution_html, histogram_html, merged, pixels, strip_html


def test_the_tallest_bar_fills_and_none_that_counts_vanishes():
    html = bars_html((1, 0, 100_000))
    assert [part.split("%")[0] for part in html.split("height:")[1:]] == ["3.0", "0.0", "100.0"]


@pytest.mark.parametrize("counts", [(), (0, 0)])
def test_no_counts_draw_nothing_wrong(counts: tuple[int, ...]):
    assert "nan" not in bars_html(counts)


def test_a_number_shows_its_ends():
    html = distribution_html(number_column("mass", [1.5, 2.0, 1000.25]), 3)
    assert ">1.5<" in html
    assert ">1,000<" in html


def test_values_show_their_shares_and_how_many_others():
    html = distribution_html(category_column("kind", ["a"] * 60 + [f"v{i}" for i in range(40)]), 100)
    assert "60\u00a0%" in html
    assert "and 37 others" in html


def test_values_of_a_user_are_escaped():
    html = distribution_html(category_column("kind", ["<script>alert(1)</script>"] * 3 + ["b"]), 4)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<img" not in strip_html((category_column('"><img src=x>', ["a"]),))


def test_shares_leave_missing_rows_out():
    assert "50\u00a0%" in distribution_html(category_column("sex", ["f", "m"], missing=2), 4)


def test_values_that_are_all_different_are_not_listed():
    html = distribution_html(category_column("name", [f"n{i}" for i in range(50)]), 50)
    assert "Every value is different." in html


def test_a_column_without_values_is_not_called_different():
    html = distribution_html(category_column("name", [], missing=50), 50)
    assert "It has no values." in html and "different" not in html


def test_a_histogram_without_ends():
    assert "ly-ends" not in histogram_html(Histogram(edges=(0, 1), counts=(3,)))


@pytest.mark.parametrize(
    ("counts", "expected"), [((), ()), ((1, 2), (1, 2)), ((1, 2, 3, 4, 5), (3, 7, 5)), ((1,) * 9, (3, 3, 3))]
)
def test_bars_are_merged_without_losing_rows(counts: tuple[int, ...], expected: tuple[int, ...]):
    assert merged(counts, 3) == expected


@pytest.mark.parametrize(
    ("sizes", "expected"), [((64, 64, 64, 64), "64 × 64 px"), ((48, 1200, 40, 40), "48–1,200 × 40 px")]
)
def test_sizes_of_pictures(sizes: tuple[int, int, int, int], expected: str):
    summary = ImageSummary(
        min_width=sizes[0], max_width=sizes[1], min_height=sizes[2], max_height=sizes[3], modes={"L": 3}
    )
    assert pixels(summary) == expected
