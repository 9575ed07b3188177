"""Requests as frames, and what is said of those that are not as they must be."""

import base64
import json
from io import BytesIO
from types import SimpleNamespace

import pytest

from leyden.errors import DataError
from lightning_modules.data.datetime import DatetimeColumn
from lightning_modules.data.number import NumberColumn
from lightning_modules.serving import rows
from lightning_modules.serving.rows import read_rows
from tests.lightning_modules.workspace import picture

INPUTS = {"length": "number", "colour": "category", "day": "datetime"}


def body(*given: object) -> bytes:
    return json.dumps({"rows": given}).encode()


def test_values_keep_their_meaning():
    frame = read_rows(
        body(
            {"length": 1, "colour": True, "day": "2024-05-01", "other": "x"},
            {"length": "2.5", "colour": 3.0, "day": None},
        ),
        INPUTS,
    )
    assert list(frame.columns) == list(INPUTS)
    assert frame["length"].tolist() == [1.0, 2.5]
    assert frame["colour"].tolist() == [True, 3.0]
    assert frame["day"].tolist() == ["2024-05-01", None]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "request_not_json", "cannot be read as JSON"),
        (b"{", "request_not_json", "cannot be read as JSON"),
        (b"\xff\xfe\x00", "request_not_json", "cannot be read as JSON"),
        (b"[" * 100_000, "request_not_json", "cannot be read as JSON"),
        (b"[]", "request_not_json", 'no list of objects under "rows"'),
        (b'{"rows": {"a": 1}}', "request_not_json", 'no list of objects under "rows"'),
        (b'{"rows": [1]}', "request_not_json", 'no list of objects under "rows"'),
        (b'{"rows": []}', "request_no_rows", "at least one row"),
        (body({"length": 1}), "row_lacks_columns", r"rows\[0\] lacks colour, day"),
        (body({"length": [1], "colour": "a", "day": None}), "request_not_json", r"rows\[0\] must have a number"),
        (body({"length": 1, "colour": "\ud800", "day": None}), "request_not_json", "half a character as 'colour'"),
    ],
)
def test_what_is_wrong_is_said(content: bytes, code: str, words: str):
    with pytest.raises(DataError, match=words) as raised:
        read_rows(content, INPUTS)
    assert raised.value.message.code == code


class Refusing:
    """A model that looks at whole columns, as the real one does, and no further."""

    spec = SimpleNamespace(data=SimpleNamespace(inputs={"length": "number", "day": "datetime"}))

    def unseen(self, frame):
        NumberColumn.check(frame["length"])
        DatetimeColumn.check(frame["day"])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"length": "abc", "day": "2024-05-01"}, "length: 'abc' is not a number such as 12.5."),
        (
            {"length": 1, "day": "2031-13-45"},
            "day: '2031-13-45' is not a date such as 2024-05-31 or 2024-05-31 13:30.",
        ),
    ],
)
def test_one_value_is_no_column(row: dict, said: str):
    with pytest.raises(DataError) as raised:
        rows.answer(Refusing(), body(row))
    assert str(raised.value) == said
    with pytest.raises(DataError) as raised:
        rows.answer(Refusing(), body(row, row))
    assert str(raised.value) == f"rows[0].{said}"


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    row = {"length": 1, "colour": "a", "day": None}
    with pytest.raises(DataError, match="at most 2 rows, this one has 3"):
        read_rows(body(row, row, row), INPUTS)


def test_numbers_too_large_for_a_float_are_infinite_and_not_an_error():
    frame = read_rows(b'{"rows": [{"length": 1' + b"0" * 400 + b', "colour": null, "day": NaN}]}', INPUTS)
    assert frame["length"].tolist() == [float("inf")] and frame["day"].tolist() == [None]


def test_pictures_come_as_base64_or_data_urls():
    buffer = BytesIO()
    picture(0).save(buffer, format="PNG")
    text = base64.b64encode(buffer.getvalue()).decode()
    frame = read_rows(body({"image": text}, {"image": f"data:image/png;base64,{text}"}), {"image": "image"})
    assert frame["image"].tolist() == [buffer.getvalue()] * 2


@pytest.mark.parametrize(("value", "code"), [("no base64!", "picture_not_base64"), (None, "picture_missing_row")])
def test_what_is_no_picture_is_refused(value: object, code: str):
    with pytest.raises(DataError) as raised:
        read_rows(body({"image": value}), {"image": "image"})
    assert raised.value.message.code == code


def test_the_row_and_column_of_a_bad_picture_are_named():
    class Refusing:
        spec = SimpleNamespace(data=SimpleNamespace(inputs={"image": "image"}))

        def unseen(self, frame):
            return []

        def predict(self, frame):
            raise DataError("picture_damaged", name="picture", detail="cut off")

    buffer = BytesIO()
    picture(0).save(buffer, format="PNG")
    good, bad = (base64.b64encode(content).decode() for content in (buffer.getvalue(), buffer.getvalue()[:60]))
    with pytest.raises(DataError, match=r"^'rows\[2\]\.image' is"):
        rows.answer(Refusing(), body(*({"image": content} for content in (good, good, bad, bad))))
    with pytest.raises(DataError, match=r"^'image' is damaged"):
        rows.answer(Refusing(), body({"image": bad}))
