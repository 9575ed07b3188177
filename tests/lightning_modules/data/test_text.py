import json

import pandas as pd
import pytest
import torch

from leyden.datasets.read import load_profile
from leyden.spec import model
from lightning_modules.data.preparation import Preparation
from lightning_modules.data.stored import take
from lightning_modules.data.text import UNKNOWN_SHARE
from lightning_modules.data.tokens import TextColumn
from tests.lightning_modules.workspace import add_table

ENGLISH = ["The cat sat on the mat.", "A dog sat on the cat!", "Dogs and cats, 2015", None]
CHINESE = ["今天天气很好", "今天没有天气", "好", "我很好 OK"]


def column(texts, name="text", **options):
    options = {"min_count": 1, **options}
    return TextColumn.fit(pd.Series(texts, name=name), model.Texts(**options))


def tokens(fitted, text):
    return fitted._tokenizer.encode(text).tokens


def preparation(**options):
    texts = model.Texts(**{"min_count": 1, **options})
    frame = pd.DataFrame({"en": ENGLISH, "zh": CHINESE})
    return Preparation.fit(frame, {"en": "text", "zh": "text"}, model.Preparation(texts=texts)), frame


def rows_of(prepared, frame):
    stored = prepared.transform(frame)
    return take(stored, torch.arange(len(frame)))["text"]["tokens"]


@pytest.mark.parametrize(
    ("unit", "found"),
    [
        ("words", ["the", "cat", "sat", ",", "2", "0", "1", "5", "."]),
        ("characters", list("the cat sat, 2015.")),
    ],
)
def test_texts_are_cut(unit, found):
    assert tokens(column([*ENGLISH, "the cat sat, 2015."], tokenizer=unit), "The cat sat, 2015.") == found


def test_pieces_of_words_put_words_together_that_training_rows_do_not_have():
    fitted = column(["low lower lowest new newer newest"] * 3, tokenizer="bpe", vocabulary=30)
    pieces = tokens(fitted, "lower newest")
    assert "".join(pieces).split("▁")[1:] == ["lower", "newest"] and len(pieces) < len("lower newest")
    assert fitted == column(["low lower lowest new newer newest"] * 3, tokenizer="bpe", vocabulary=30)


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        (ENGLISH, "words"),
        (CHINESE, "characters"),
        (["これはペンです", "そうですか"], "characters"),
        (["안녕하세요 여러분", "감사합니다"], "characters"),
        (["Say 你好 to everyone", "And 再见"], "words"),
        ([None, None], "words"),
    ],
)
def test_auto_reads_chinese_japanese_and_korean_by_characters(texts, unit):
    assert column(texts).unit == unit


def test_chinese_among_words_is_read_character_by_character():
    assert tokens(column(["Say 你好 to everyone"]), "everyone say你好") == ["everyone", "say", "你", "好"]


def test_a_text_ends_with_its_end_and_a_missing_one_is_nothing_else():
    fitted = column(ENGLISH)
    full, _, _, missing = fitted.transform(pd.Series(ENGLISH))
    assert full.tolist()[-1] == fitted.end and len(full) == 8
    assert missing.tolist() == [fitted.end]


def test_the_most_frequent_tokens_are_known_and_long_texts_cut():
    fitted = column(["a a a b b c"], vocabulary=10, min_count=2, max_length=4)
    assert fitted.num_known == 2 and fitted.has_unknown is False  # 'c' stands beyond what is read
    assert column(["a a a b b c"], min_count=2).has_unknown
    known, unknown = fitted.transform(pd.Series(["a b a b a b", "z"]))
    assert len(known) == 5 and unknown.tolist() == [fitted.unknown, fitted.end]
    assert max(known) == fitted.end == fitted.num_tokens - 1


@pytest.mark.parametrize("text", ["[unknown]", "[UNK] [PAD]", "\x00\ufffd", "🎉", "", "   ", "\n"])
def test_odd_texts_are_texts(text):
    fitted = column(ENGLISH)
    (found,) = fitted.transform(pd.Series([text]))
    assert found[-1] == fitted.end and found.max() < fitted.num_tokens
    assert fitted.end not in found[:-1]


def test_capitals_are_told_apart_on_request():
    assert tokens(column(["Free free"], lowercase=False), "Free free") == ["Free", "free"]


def test_numbers_are_texts_as_well():
    fitted = column([1.0, 2.0, None])
    assert [len(found) for found in fitted.transform(pd.Series([1.0, 2.0, None]))] == [2, 2, 1]


def test_columns_stand_side_by_side_with_numbers_of_their_own():
    prepared, frame = preparation()
    part = prepared.modalities["text"]
    en, zh = part.fitted
    assert (en.unit, zh.unit) == ("words", "characters")
    rows = rows_of(prepared, frame)
    assert rows.min() == 0 and rows.max() == part.inputs.num_tokens - 1 == en.num_tokens + zh.num_tokens
    first = rows[0].tolist()
    end = first.index(1 + en.end)
    assert max(first[:end]) <= en.num_tokens < min(first[end + 1 : end + 8])
    assert [int((row != 0).sum()) for row in rows] == [15, 15, 11, 1 + 7]


def test_plain_data_is_json_and_transforms_identically():
    prepared, frame = preparation()
    again = Preparation.from_plain(json.loads(json.dumps(prepared.to_plain())))
    assert torch.equal(rows_of(prepared, frame), rows_of(again, frame))
    assert again.inputs == prepared.inputs


def test_finish_cuts_padding_that_no_row_needs():
    prepared, frame = preparation()
    rows = rows_of(prepared, frame)
    some = prepared.finish({"text": {"tokens": rows[2:]}})["text"]["tokens"]
    assert some.shape == (2, 11) and torch.equal(some, rows[2:, :11])


def test_training_shows_some_tokens_as_unknown_where_none_is():
    prepared, frame = preparation()
    assert prepared.num_random == 2
    row = rows_of(prepared, frame)[:1].expand(1000, -1)
    random = torch.linspace(0, 1 - 1e-6, 1000)[:, None].expand(-1, 2)
    shown = prepared.finish({"text": {"tokens": row}}, random)["text"]["tokens"]
    share = (shown != row).float().mean(dim=0)
    is_end = torch.isin(row[0], torch.tensor([1 + prepared.modalities["text"].fitted[0].end, int(row[0].max())]))
    assert share[is_end].max() == 0
    assert share[~is_end].tolist() == pytest.approx([UNKNOWN_SHARE] * int((~is_end).sum()), abs=0.002)
    assert not preparation(min_count=2)[0].num_random


def test_the_outline_has_the_shapes_of_the_fitted_one(home, store):
    prepared, frame = preparation()
    add_table(home, store, frame, en="text", zh="text")
    kinds, options = {"en": "text", "zh": "text"}, model.Preparation(texts=model.Texts(min_count=1))
    outline = Preparation.outline(load_profile(home, "d1"), kinds, options, lambda columns: frame[columns])
    assert outline.inputs == prepared.inputs
    assert outline.modalities["text"].blank(3)["tokens"].shape == (3, outline.inputs["text"].max_length)
