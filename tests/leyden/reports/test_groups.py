from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from leyden.home import Home
from leyden.reports.groups import group_columns, groups_of, stored_groups
from leyden.spec.model import Choice
from tests.leyden.factories import spec


def test_the_most_frequent_values_have_a_group_of_their_own():
    values = pd.Series([*["a"] * 5, *[f"v{i}" for i in range(20)], None])
    groups = groups_of(values, "category")
    assert groups.names[0] == "a" and groups.names[-2:] == ("9 other values", "missing")
    assert (groups.codes == 0).sum() == 5 and groups.codes[-1] == len(groups.names) - 1


def test_numbers_fall_into_bins_of_equally_many_rows():
    groups = groups_of(pd.Series([*np.arange(100.0), np.nan, np.inf]), "number")
    assert np.bincount(groups.codes).tolist() == [20] * 5 + [2]
    assert groups.names == (
        "0 to 19",
        "20 to 39",
        "40 to 59",
        "60 to 79",
        "80 to 99",
        "missing",
    )


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([1, 2, *[3] * 8, 17, 18, 19, 26, 30], ("1 to 2", "3 to 18", "19 to 30", "missing")),
        ([1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7], ("1", "2", "3", "4", "5 to 7", "missing")),
    ],
)
def test_a_bin_is_called_by_what_is_in_it(values: list[int], names: tuple[str, ...]):
    assert groups_of(pd.Series(values), "number").names == names


@pytest.mark.parametrize("seed", range(5))
def test_no_bin_is_empty(seed: int):
    draw = np.random.default_rng(seed)
    values = pd.Series(draw.integers(0, 12, size=draw.integers(7, 60)) ** 3)
    groups = groups_of(values, "number")
    sizes = np.bincount(groups.codes, minlength=len(groups.names) - 1)
    assert len(sizes) == len(groups.names) - 1 <= 5 and sizes.all() and sizes.sum() == len(values)


def test_few_numbers_are_groups_themselves():
    groups = groups_of(pd.Series([3, 1, 2, 1]), "number")
    assert groups.codes.tolist() == [2, 0, 1, 0]


def test_dates_and_texts_are_binned():
    days = groups_of(pd.Series(pd.date_range("2024-01-01", periods=50)), "datetime")
    assert days.names[0] == "2024-01-01 to 2024-01-10"
    lengths = groups_of(pd.Series(["一" * n for n in range(1, 51)] + [None]), "text")
    assert np.bincount(lengths.codes).tolist() == [10] * 5 + [1]


@pytest.mark.parametrize(
    ("task", "columns"), [("regression", ["x", "word", "y"]), ("classification", ["x", "word"])]
)
def test_a_target_of_numbers_comes_last(task: str, columns: list[str]):
    found = spec("d1").model_copy(update={"task": Choice(name=task)})
    data = found.data.model_copy(update={"target": "y", "inputs": {"word": "category", "x": "number"}})
    run = SimpleNamespace(spec=found.model_copy(update={"data": data}), target="y")
    profile = SimpleNamespace(kinds={"x": "number", "y": "number", "word": "category", "z": "ignored"})
    assert list(group_columns(run, profile)) == ["word", *columns[:1], *columns[2:]]


def test_pictures_are_grouped_by_their_brightness(tmp_path):
    home = Home(tmp_path)
    names = [f"{place:02d}ab" for place in range(10)]
    for place, name in enumerate(names):
        file = home.media_file(name)
        file.parent.mkdir(parents=True)
        # Of two pixels, one is black: the mean counts.
        picture = Image.new("L", (2, 1))
        picture.putpixel((0, 0), 28 * place)
        picture.save(file, format="PNG")
    home.media_file(names[-1]).write_bytes(b"no picture")
    groups = stored_groups(home, pd.Series([*names, None, "ffgone"], index=range(20, 32)), "image")
    assert groups.names == (
        "brightness 0 % to 5.49 %",
        "brightness 11 % to 16.5 %",
        "brightness 22 %",
        "brightness 27.5 % to 32.9 %",
        "brightness 38.4 % to 43.9 %",
        "missing",
    )
    assert groups.codes.tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 5, 5]


def test_dates_beyond_what_nanoseconds_reach_are_grouped():
    groups = groups_of(pd.Series(["1066-10-14", "9999-12-31", "2024-01-01"]), "datetime")
    assert groups.names[:3] == ("1066-10-14", "2024-01-01", "9999-12-31") and groups.codes.tolist() == [0, 2, 1]


def test_numbers_read_as_text_are_binned_by_what_is_written():
    groups = groups_of(pd.Series([5.0, 12.0, np.nan, 7.0]), "text")
    assert groups.names == ("length 1", "length 2", "missing") and groups.codes.tolist() == [0, 1, 2, 0]


def test_days_and_moments_may_stand_in_one_column_of_text():
    values = pd.Series(["2024-01-01", "2024-01-02 13:30", "2024-01-03T08:00:00+02:00", "soon", None])
    groups = groups_of(values, "datetime")
    assert groups.names == ("2024-01-01", "2024-01-02", "2024-01-03", "missing")
    assert groups.codes.tolist() == [0, 1, 2, 3, 3]
