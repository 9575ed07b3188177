import base64
from typing import get_args

import pytest

from leyden.datasets.profile import COLUMN_KINDS, ColumnKind
from leyden.home import Home
from leyden.prediction.signature import InputColumn
from ui import predict_inputs
from ui.predict_inputs import INPUTS, TYPED, is_same
from ui.words import KIND_HELP, KINDS

SHA256 = "ab" * 32
PIXELS = b"a picture"
WRITTEN = base64.b64encode(PIXELS).decode()


@pytest.fixture(autouse=True)
def stored(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predict_inputs.state, "home", lambda: home)
    home.media_file(SHA256).parent.mkdir(parents=True)
    home.media_file(SHA256).write_bytes(PIXELS)


def test_every_kind_is_named_and_explained():
    assert {*KINDS} == {*KIND_HELP} == {*COLUMN_KINDS}


def test_every_kind_has_an_input():
    assert {*INPUTS} == {*get_args(ColumnKind)} - {"ignored"} and {*INPUTS} >= TYPED


@pytest.mark.parametrize(
    ("kind", "given", "had", "expected"),
    [
        ("number", 1.50000001, 1.5, False),
        ("number", 1.6, 1.5, False),
        ("number", None, 1.5, False),
        ("number", None, None, True),
        ("number", "1.5", 1.5, True),
        ("number", "many", 1.5, False),
        ("category", "1", 1.0, True),
        ("category", "b", "a", False),
        ("text", None, "", True),
        ("image", WRITTEN, SHA256, True),
        ("image", "b3RoZXI=", SHA256, False),
        ("image", WRITTEN, None, False),
        ("image", None, "cd" * 32, True),
    ],
)
def test_a_changed_value_is_told_from_the_example_s(kind: ColumnKind, given: object, had: object, expected: bool):
    assert is_same(InputColumn(name="a", kind=kind), given, had) is expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", None),
        ("2.5", 2.5),
        ("-3", -3),
        ("1e3", 1000.0),
        ("9007199254740993", 9007199254740993),
        ("1_000", "1_000"),
        ("nan", "nan"),
        ("1e999", "1e999"),
        ("heavy", "heavy"),
        ("1,5", "1,5"),
    ],
)
def test_a_number_is_taken_as_it_is_typed(typed, meant):
    found = predict_inputs._as_number(typed)
    assert (found, type(found)) == (meant, type(meant))
