import pytest

from leyden.datasets.names import is_date_name, is_id_name, target_rank, words_of

N = 40
NUMBERS = [i * 37 % 101 + 0.5 for i in range(N)]
GROUPS = ["a", "b"] * (N // 2)


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        ({"species": GROUPS, "length": NUMBERS, "sex": GROUPS}, "species"),
        ({"mpg": NUMBERS, "weight": NUMBERS, "origin": GROUPS}, "mpg"),
        ({"rooms": NUMBERS, "median_house_value": NUMBERS, "near": GROUPS}, "median_house_value"),
        ({"Survived": GROUPS, "Age": NUMBERS}, "Survived"),
        ({"a": NUMBERS, "类别": GROUPS, "b": NUMBERS}, "类别"),
        ({"a": NUMBERS, "b": GROUPS, "c": NUMBERS}, "c"),
        ({"a": NUMBERS, "b": GROUPS}, "b"),
        ({"a": GROUPS, "b": GROUPS, "when": ["2020-01-01", "2020-02-03"] * (N // 2)}, "b"),
        ({"price": ["x"] * N, "b": NUMBERS, "c": GROUPS}, "c"),
        ({"when": ["2020-01-01", "2020-02-03"] * (N // 2)}, None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else value,
)
def test_suggested_target(make_profile, columns, target):
    assert make_profile(**columns).profile.suggested_target == target


def test_names():
    assert words_of("petalLength_cm 2") == ["petal", "length", "cm", "2"]
    assert target_rank("Class Label") == target_rank("some_label")
    assert target_rank("target") < target_rank("price")
    assert target_rank("colour") is None
    assert is_id_name("CustomerID") and is_id_name("Unnamed: 0") and not is_id_name("width")
    assert is_date_name("start_date") and not is_date_name("update")
