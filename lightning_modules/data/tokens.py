"""A column of texts as tokens: the tokeniser is learned from the training rows and saved as plain JSON."""

import json
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from tokenizers import Encoding, Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from leyden.datasets.scripts import is_mostly_cjk
from leyden.datasets.values import text_strings
from leyden.prediction.signature import InputColumn
from leyden.records import Record
from leyden.spec.model import Texts
from lightning_modules.data.unseen import Unseen

UNKNOWN = "[unknown]"
"""Never met in a text: what cuts texts into tokens also cuts brackets off from letters."""
LONGEST_PIECE = 20
"""Characters of a BPE token; without blanks between words, whole sentences would be learned by heart."""

SHOWN_TOKENS = 5
USUAL = 0.99
LEAST_UNKNOWN = 0.1
"""A text is told of when a larger share of its tokens is unknown than of 99 in 100 training texts, and at least this
share. Rare tokens are unknown in the training texts as well, in small data up to half of a text's: one alone is a
warning that people learn to ignore. Of 4,459 short messages 0.8 % are told of, of other ones 1.5 %, and all French."""
MOST_USUAL = 0.5
"""Where many training texts are single rare words, a text of which more is unknown is told all the same."""
BEFORE_KEPT = 1 / 3
"""What passes for usual in checkpoints from before it was kept."""
BLOCK = 1_000
"""Texts that are encoded at a time."""

Unit = Literal["words", "characters", "bpe"]


class TextColumn(Record):
    """A fitted text column: each text becomes the numbers of its tokens, closed by one that means its end.

    The last but one number is 'unknown', the last one 'end', so that an empty text is not nothing. Numbers begin
    at 0 for every column.
    """

    name: str
    unit: Unit
    max_length: int
    num_known: int
    """Tokens that have a number of their own."""
    has_unknown: bool
    """Whether training rows hold unknown tokens, so that the network learns what to make of them."""
    usual_unknown: float = BEFORE_KEPT
    """The share of unknown tokens that 99 in 100 training texts do not exceed."""
    has_gaps: bool = True
    """Whether training rows lack a text; of checkpoints from before this was kept, it is not known."""
    tokenizer: str
    """As JSON."""

    @classmethod
    def fit(cls, values: pd.Series, options: Texts) -> "TextColumn":
        """Learns the tokens from the column's training rows."""
        texts = text_strings(values)
        unit = unit_of(texts, options)
        tokenizer = _trained(texts, unit, options)
        num_known = tokenizer.get_vocab_size() - 1
        ids = [its.ids[: options.max_length] for its in tokenizer.encode_batch_fast(texts)]
        shares = [its.count(num_known) / max(1, len(its)) for its in ids]
        return cls(
            name=str(values.name),
            unit=unit,
            max_length=options.max_length,
            num_known=num_known,
            has_gaps=not all(map(str.strip, texts)),
            has_unknown=any(shares),
            usual_unknown=float(np.quantile(shares or [0.0], USUAL, method="lower")),
            tokenizer=tokenizer.to_str(),
        )

    @property
    def unknown(self) -> int:
        """The number of tokens that are not known."""
        return self.num_known

    @property
    def end(self) -> int:
        """The number that closes a text."""
        return self.num_known + 1

    @property
    def num_tokens(self) -> int:
        """Numbers are below this."""
        return self.num_known + 2

    def transform(self, values: pd.Series) -> list[np.ndarray]:
        """The numbers of each text, int32, between 1 and `max_length` + 1 of them."""
        encoded = self._tokenizer.encode_batch_fast(text_strings(values))
        return [np.array([*text.ids[: self.max_length], self.end], dtype=np.int32) for text in encoded]

    def describe(self) -> InputColumn:
        """What a person who types a row is told."""
        return InputColumn(name=self.name, kind="text", has_gaps=self.has_gaps)

    def unseen(self, values: pd.Series) -> list[Unseen]:
        """Texts of many words, or characters, that no training row has, or too few; no text where every training row
        had one; and texts of which the network reads the beginning only."""
        texts = text_strings(values)
        told: list[list[str]] = []
        num, of = np.zeros(len(texts), dtype=int), np.zeros(len(texts), dtype=int)
        is_long = np.zeros(len(texts), dtype=bool)
        for first in range(0, len(texts), BLOCK):  # Encoded texts are large, and of no further use.
            block = texts[first : first + BLOCK]
            encoded = self._tokenizer.encode_batch(block)
            told += [self._unknown_tokens(text, its) for text, its in zip(block, encoded, strict=True)]
            part = slice(first, first + len(block))
            is_long[part] = [len(its.ids) > self.max_length for its in encoded]
            num[part] = [its.ids[: self.max_length].count(self.unknown) for its in encoded]
            of[part] = [min(len(its.ids), self.max_length) for its in encoded]
        shown = pd.Series([_listed(tokens) for tokens in told], dtype="str")
        found = [
            Unseen(
                f"tokens_unseen_{self.unit}",
                self.name,
                self._is_unusual(num, of),
                shown,
                each={"num": num.tolist(), "of": of.tolist()},
            ),
            Unseen(f"text_cut_{self.unit}", self.name, is_long, shown, {"most": self.max_length}),
        ]
        if not self.has_gaps:
            is_blank = np.array([not text.strip() for text in texts], dtype=bool)
            found.append(Unseen("text_none", self.name, is_blank, shown))
        return found

    def _is_unusual(self, num: np.ndarray, of: np.ndarray) -> np.ndarray:
        """Where more tokens are unknown than training texts have: several, or half of a few."""
        share = num / np.maximum(1, of)
        usual = min(self.usual_unknown, MOST_USUAL)
        is_much = (share > usual) & (share >= LEAST_UNKNOWN)
        return is_much & ((num > 1) | (share >= 0.5))

    def _unknown_tokens(self, text: str, encoded: Encoding) -> list[str]:
        """Each once, in their order, as they are written."""
        spans = zip(encoded.ids[: self.max_length], encoded.offsets, strict=False)
        return list(dict.fromkeys(text[start:end] for token, (start, end) in spans if token == self.unknown))

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return Tokenizer.from_str(self.tokenizer)


def _listed(tokens: list[str]) -> str:
    return ", ".join(f"'{token}'" for token in tokens[:SHOWN_TOKENS])


def unit_of(texts: list[str], options: Texts) -> Unit:
    """What texts are cut into."""
    if options.tokenizer != "auto":
        return options.tokenizer
    return "characters" if is_mostly_cjk(texts) else "words"


def _trained(texts: list[str], unit: Unit, options: Texts) -> Tokenizer:
    tokenizer = _untrained(unit, options.lowercase)
    tokenizer.train_from_iterator(texts, _trainer(unit, options))
    # Special tokens would be found in texts that spell them, so 'unknown' joins the vocabulary afterwards.
    plain = json.loads(tokenizer.to_str())
    plain["model"]["vocab"][UNKNOWN] = len(plain["model"]["vocab"])
    plain["model"]["unk_token"] = UNKNOWN
    return Tokenizer.from_str(json.dumps(plain, ensure_ascii=False))


def _trainer(unit: Unit, options: Texts) -> trainers.Trainer:
    size, least = options.vocabulary, options.min_count
    if unit != "bpe":
        return trainers.WordLevelTrainer(vocab_size=size, min_frequency=least, show_progress=False)
    return trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=least,
        limit_alphabet=max(1, size // 2),
        max_token_length=LONGEST_PIECE,
        show_progress=False,
    )


def _untrained(unit: Unit, lowercase: bool) -> Tokenizer:
    """Cuts texts, and knows no token yet."""
    tokenizer = Tokenizer(models.BPE() if unit == "bpe" else models.WordLevel())
    # Chinese characters in a text of words are words; a BPE learns for itself which of them belong together.
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=unit == "words", strip_accents=False, lowercase=lowercase
    )
    # Digits one by one: nearly every telephone number or price would be a word that nobody knows.
    digits = pre_tokenizers.Digits(individual_digits=True)
    if unit == "characters":
        tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    elif unit == "words":
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), digits])
    else:
        # A mark where words begin. The library's prefix for pieces within words would make training depend on
        # the order of a hash table, and two equal runs differ.
        punctuation = pre_tokenizers.Punctuation("isolated")
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(), punctuation, digits])
    return tokenizer
