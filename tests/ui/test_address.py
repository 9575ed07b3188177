import pytest

from ui.address import whole


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("42", 42), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None)]
    + [(text, None) for text in (None, "", "-1", "1.0", "1e3", " 1", "٣", "²")],
)
def test_only_whole_numbers_that_an_id_can_be_are_read(text: str | None, number: int | None):
    assert whole(text) == number
