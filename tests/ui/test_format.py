import math

import pytest

from ui.format import NBSP, ago, ago_html, duration, exact, number, percent, plain, shorten, size, told_apart


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (344, "344"),
        (1234567, "1,234,567"),
        (-5, "−5"),
        (0.97123456, "0.9712"),
        (1234.567, "1,235"),
        (12.0, "12"),
        (3.14159e-7, "3.142e-7"),
        (0.0001, "0.0001"),
        (-0.25, "−0.25"),
        (2.5e20, "250,000,000,000,000,000,000"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "–"),
        (None, "–"),
    ],
)
def test_numbers(value: float | None, expected: str):
    assert number(value) == expected


@pytest.mark.parametrize(
    ("fraction", "expected"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.032, "3.2 %"),
        (0.5, "50 %"),
        (0.00001, "< 0.1 %"),
        (0.99999, "> 99.9 %"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_shares_never_round_to_nothing_or_everything(fraction: float | None, expected: str):
    assert percent(fraction).replace(NBSP, " ") == expected


@pytest.mark.parametrize(
    ("num_bytes", "expected"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (999_999, "1 MB"), (4_200_000, "4.2 MB"), (10**13, "10 TB")],
)
def test_sizes(num_bytes: int, expected: str):
    assert size(num_bytes).replace(NBSP, " ") == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.04, "0 s"),
        (0.84, "0.8 s"),
        (9.96, "10 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
        (3600, "1 h"),
        (273_600, "3 d 4 h"),
        (None, "–"),
    ],
)
def test_durations(seconds: float | None, expected: str):
    assert duration(seconds).replace(NBSP, " ") == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-3, "just now"),
        (9, "just now"),
        (45, "45 s ago"),
        (200, "3 min ago"),
        (7200, "2 h ago"),
        (86_400, "1 day ago"),
        (86_400 * 90, "3 months ago"),
        (86_400 * 800, "2 years ago"),
    ],
)
def test_ages(seconds: float, expected: str):
    assert ago(1e9 - seconds, now=1e9) == expected


def test_an_age_shows_the_exact_time_on_hover():
    assert f'title="{exact(1e9)}"' in ago_html(1e9)
    assert ago(None) == exact(None) == "–"


def test_long_names_are_cut_in_the_middle():
    cut = shorten("a" * 50 + "中" * 50, 30)
    assert len(cut) == 30
    assert cut.startswith("aaa")
    assert cut.endswith("中中")
    assert shorten("two\nlines") == "two lines"


def test_markdown_in_names_stays_text():
    assert plain("**a** [b](c) :red[d] $e$") == r"\*\*a\*\* \[b\](c) \:red\[d\] \$e\$"
    assert plain("__init__ _a_ 1. b") == r"\_\_init\_\_ \_a\_ 1\. b"
    assert plain("- a") == r"\- a" and plain("1) a") == r"1\) a" and plain("www.a.b") == r"www\.a\.b"


@pytest.mark.parametrize(
    "text", ["企鹅", "bill_length_mm · 32.1 to 59.6", "价格_元", "width (cm) - old/new, 50 %"]
)
def test_usual_names_are_labels_as_they_are(text):
    assert plain(text) == text


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        ({"a": "birds", "b": "flowers"}, ["birds", "flowers"]),
        ({"a": "birds", "b": "birds"}, ["birds · of a", "birds · of b"]),
        ({"a": "birds", "": "birds", "b": "birds"}, ["birds · of a", "birds", "birds · of b"]),
    ],
)
def test_equal_titles_are_told_apart(titles, expected):
    assert list(told_apart(titles, lambda key: f"of {key}" if key else "").values()) == expected


def test_what_no_detail_tells_apart_is_numbered():
    assert list(told_apart({1: "x", 2: "x (2)", 3: "x", 4: "x"}).values()) == ["x", "x (2)", "x (3)", "x (4)"]
