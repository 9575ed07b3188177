import ast
import re
import string
from pathlib import Path

import pytest

from leyden.errors import StoreError
from leyden.home import PROJECT
from leyden.messages import data, predict, progress, run, spec, store, web
from leyden.messages.render import SENTENCES, Message

SOURCES = [
    path
    for folder in ("leyden", "lightning_modules", "ui", "pages")
    for path in sorted((PROJECT / folder).rglob("*.py"))
]


def literal_codes(path: Path) -> set[str]:
    """Codes that a file gives to an error, a message or a progress report as a literal."""
    codes = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if re.fullmatch(r"(Data|Spec|Run|Store|Access)Error", name) and node.args:
            codes |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
        if name == "Message":
            codes |= {
                word.value.value
                for word in node.keywords
                if word.arg == "code" and isinstance(word.value, ast.Constant)
            }
    return codes


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_code_has_a_sentence(path: Path):
    assert literal_codes(path) - SENTENCES.keys() == set()


def test_no_code_has_two_sentences():
    areas = (data, predict, progress, run, spec, store, web)
    assert sum(len(area.SENTENCES) for area in areas) == len(SENTENCES)


def test_sentences_are_sentences():
    for code, sentence in SENTENCES.items():
        names = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
        assert all(name.isidentifier() for name in names), code


def test_numbers_are_shown_as_people_read_them():
    message = Message(code="vanished_for_good", params={"times": 12345})
    assert "12,345 times" in message.text
    assert "0.1235" in Message(code="unexpected_error", params={"kind": "x", "detail": 0.123456}).text


@pytest.mark.parametrize(
    ("value", "shown"), [(-12345, "−12,345"), (-19.45, "−19.45"), (-2e4, "−20,000"), ("-5", "-5")]
)
def test_negative_numbers_have_a_minus_sign_and_texts_stay(value, shown):
    assert shown in Message(code="number_below", params={"column": "x", "value": 0, "low": value, "high": 1}).text


def test_large_numbers_are_not_powers_of_ten():
    assert "206,756" in Message(code="unexpected_error", params={"kind": "x", "detail": 206755.9}).text


def test_a_code_of_a_newer_version_is_still_readable():
    assert Message(code="from_the_future", params={"rows": 3}).text == "from_the_future {'rows': 3}"


def test_an_error_reads_as_its_sentence():
    error = StoreError("run_unknown", run="r1")
    assert str(error) == "There is no run 'r1' in this workspace; it may have been deleted."
    assert error.message.params == {"run": "r1"}
