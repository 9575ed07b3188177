"""Which script a text is written in, as far as it decides how the text is read."""

from collections.abc import Iterable

LONGEST_LOOK = 1000
"""Characters of each text that are looked at."""


def is_mostly_cjk(texts: Iterable[str]) -> bool:
    """Whether most letters are Chinese, Japanese or Korean, whose words no blanks (or few) keep apart."""
    letters = [letter for text in texts for letter in text[:LONGEST_LOOK] if letter.isalpha()]
    return bool(letters) and sum(map(_is_cjk, letters)) > 0.5 * len(letters)


def num_cjk(text: str) -> int:
    """Chinese, Japanese and Korean letters of a text."""
    return sum(map(_is_cjk, text[:LONGEST_LOOK]))


def _is_cjk(letter: str) -> bool:
    return (
        "\u3040" <= letter <= "\u9fff"
        or "\uac00" <= letter <= "\ud7af"
        or "\uf900" <= letter <= "\ufaff"
        or "\U00020000" <= letter <= "\U0003ffff"
    )
