"""What rows hold that training rows did not, told column by column."""

import numpy as np
import pandas as pd
import pytest

from leyden.spec.model import Preparation as Options
from lightning_modules.data.preparation import Preparation

KINDS = {"age": "number", "town": "category", "day": "datetime"}
TRAINED = pd.DataFrame(
    {
        "age": [20.0, 30.0, 64.0],
        "town": ["Bonn", "Köln", "Bonn"],
        "day": pd.to_datetime(["2024-01-01", "2024-05-01", "2024-12-31 13:30"], format="ISO8601"),
    }
)


def told(rows: list[dict], trained: pd.DataFrame = TRAINED) -> list[tuple[int, str, str]]:
    """(row, column, code) of everything that is told of rows."""
    preparation = Preparation.fit(trained, KINDS, Options())
    # As a checkpoint would hold it.
    preparation = Preparation.from_plain(preparation.to_plain())
    frame = pd.DataFrame(rows, dtype=object)
    return [
        (row, kind.column, message.code) for kind in preparation.unseen(frame) for row, message in kind.messages(9)
    ]


GOOD = {"age": 30, "town": "Bonn", "day": "2024-06-01"}


def test_what_was_seen_is_not_told():
    assert told([GOOD, {"age": 20, "town": " Köln ", "day": "2024-12-31 13:30"}]) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"age": 19.9}, "number_below"),
        ({"age": 65}, "number_above"),
        ({"age": "old"}, "number_unreadable"),
        ({"age": None}, "number_missing"),
        ({"town": "Trier"}, "category_unseen"),
        ({"town": None}, "category_missing"),
        ({"day": "2023-12-31"}, "date_before"),
        ({"day": "2025-01-01"}, "date_after"),
        ({"day": "soon"}, "date_unreadable"),
        ({"day": None}, "date_missing"),
    ],
)
def test_what_was_not_seen_is_told(change: dict, code: str):
    assert told([GOOD, {**GOOD, **change}]) == [(1, next(iter(change)), code)]


def test_a_gap_is_nothing_new_where_training_rows_had_gaps():
    gaps = pd.concat([TRAINED, pd.DataFrame({"age": [None], "town": [None], "day": [pd.NaT]})])
    assert told([{"age": None, "town": None, "day": None}], gaps) == []


def test_a_copy_in_single_precision_of_the_largest_value_was_seen():
    trained = TRAINED.assign(age=[0.1, 0.2, 0.7])
    assert told([{**GOOD, "age": 0.699999988079071}, {**GOOD, "age": 0.7000000123}], trained) == []


@pytest.mark.parametrize("blank", [float("nan"), None, pd.NA])
def test_blank_cells_of_a_file_are_told_too(blank: object):
    preparation = Preparation.fit(TRAINED, KINDS, Options())
    [kind] = preparation.unseen(pd.DataFrame([GOOD, {**GOOD, "age": blank}]))
    [(row, message)] = kind.messages(1)
    assert row == 1 and message.text == "age is missing, and never was in training; 30 is used instead."


def test_an_infinite_number_is_told_by_its_name():
    preparation = Preparation.fit(TRAINED, KINDS, Options())
    [kind] = preparation.unseen(pd.DataFrame([{**GOOD, "age": float("inf")}]))
    assert [message.params["value"] for _row, message in kind.messages(1)] == ["inf"]


def test_sentences_name_value_and_range():
    preparation = Preparation.fit(TRAINED, KINDS, Options())
    [kind] = preparation.unseen(pd.DataFrame([{**GOOD, "age": 1200}]))
    [(_row, message)] = kind.messages(1)
    assert message.text == "age: 1,200 is more than anything seen in training (20 to 64)."


def test_forms_are_told_what_training_rows_held():
    age, town, day = Preparation.fit(TRAINED, KINDS, Options()).describe()
    assert (age.low, age.default, age.high, age.has_gaps) == (20, 30, 64, False)
    assert (town.values, town.default) == (("Bonn", "Köln"), "Bonn")
    assert (day.earliest, day.default, day.latest) == ("2024-01-01", "2024-05-01", "2024-12-31 13:30:00")


@pytest.mark.parametrize(
    ("trained", "text", "said"),
    [
        (
            ["good food", "bad food", "good bad"] * 2,
            "Good xylophone food, zither",
            "3 of 5 words and signs, such as 'xylophone', ',', 'zither'",
        ),
        (["你好世界", "世界你好", "好你界世"] * 2, "你是吗", "2 of 3 characters, such as '是', '吗'"),
    ],
)
def test_words_and_characters_that_were_not_seen_are_listed(trained: list[str], text: str, said: str):
    preparation = Preparation.fit(pd.DataFrame({"text": trained}), {"text": "text"}, Options())
    preparation = Preparation.from_plain(preparation.to_plain())
    kind, gap = preparation.unseen(pd.DataFrame({"text": [trained[0], None, text]}))
    assert [row for row, _ in gap.messages(9)] == [1] and gap.code == "text_none"
    [(row, message)] = kind.messages(9)
    assert row == 2 and message.text == f"text: not seen in training, or too rarely to be learnt: {said}."
    assert [column.kind for column in preparation.describe()] == ["text"]


@pytest.mark.parametrize(
    ("trained", "text", "is_told"),
    [
        (["a b c d e f", "f e d c b a"], "a b c d e new", False),
        (["a b c d e f", "f e d c b a"], "a b c d new1", True),
        (["a b", "b a"], "new", True),
        (["a b", "b a"], "", False),
        # Where training texts are full of rare words, so may others be.
        (["a x", "b y", "a z", "b w"] * 1, "new a", False),
        (["a x", "b y", "a z", "b w"] * 1, "new other a", True),
        # Some are rare words alone, and yet another language is another one.
        (["a b", "b a"] * 9 + ["x", "y", "z"], "tout autre chose", True),
    ],
)
def test_a_text_is_told_of_when_it_has_more_unknown_words_than_training_texts(trained, text, is_told):
    preparation = Preparation.fit(pd.DataFrame({"text": trained}), {"text": "text"}, Options())
    codes = [kind.code for kind in preparation.unseen(pd.DataFrame({"text": [text]}))]
    assert ("tokens_unseen_words" in codes) == is_told


def test_the_texts_trained_on_are_hardly_ever_told_of():
    random = np.random.default_rng(0)
    # Words as in languages: few are frequent, and most are met once.
    texts = pd.Series([" ".join(f"w{word}" for word in random.zipf(1.6, 12)) for _row in range(400)], name="text")
    frame = texts.str.replace(r"\d", lambda digit: "abcdefghij"[int(digit[0])], regex=True).to_frame()
    preparation = Preparation.fit(frame, {"text": "text"}, Options())
    words = frame["text"].str.split().explode()
    has_rare = words.groupby(words).transform("size").eq(1).groupby(level=0).any()
    assert has_rare.mean() > 0.3
    assert sum(kind.rows.mean() for kind in preparation.unseen(frame)) <= 0.01
    [kind] = preparation.unseen(pd.DataFrame({"text": ["wo ist der bahnhof", "где вокзал", "请问火车站在哪里"]}))
    assert kind.rows.all()


@pytest.mark.parametrize(
    ("tokenizer", "said"),
    [
        ("words", "text: only the first 3 words and signs are read; the rest changes nothing."),
        ("characters", "text: only the first 3 characters are read; the rest changes nothing."),
    ],
)
def test_texts_longer_than_what_is_read_are_told(tokenizer: str, said: str):
    options = Options.model_validate({"texts": {"tokenizer": tokenizer, "max_length": 3, "min_count": 1}})
    trained = pd.DataFrame({"text": ["a b a", "b a", "a b"] * 2})
    preparation = Preparation.fit(trained, {"text": "text"}, options)
    [cut] = preparation.unseen(pd.DataFrame({"text": ["a", "a b a b"]}))
    assert [(row, message.text) for row, message in cut.messages(9)] == [(1, said)]
