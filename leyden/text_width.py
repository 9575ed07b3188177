"""How wide texts are where all letters are alike, as in a terminal."""

import unicodedata


def width_of(text: str) -> int:
    """How many columns a text takes: two for a Chinese character, none for an accent of its own."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )
