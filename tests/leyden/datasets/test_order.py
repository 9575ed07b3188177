import pytest

from leyden.datasets.order import in_order


@pytest.mark.parametrize(
    "names",
    [
        ("-1.5", "2", "10", "1e3"),
        ("sign 2", "sign 010", "sign 10", "sign 11b", "signs"),
        ("2a", "10a", "ten"),
        ("no", "yes"),
        ("false", "true"),
        ("第2章", "第10章", "第十章"),
        ("x" + "9" * 5000, "x1" + "0" * 5000),
    ],
)
def test_numbers_in_names_count_as_numbers(names: tuple[str, ...]):
    assert in_order(reversed(names)) == names
