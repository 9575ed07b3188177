"""The order in which classes are shown, and their outputs lie."""

import re
from collections.abc import Iterable

DIGITS = re.compile("([0-9]+)")


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Class names by number where all are numbers ("2" before "10"), else by alphabet, digits within them as numbers.

    Of two classes, the second is the positive one: "no" before "yes", "false" before "true", "0" before "1".
    """
    listed = list(names)
    try:
        return tuple(sorted(listed, key=lambda name: (float(name), name)))
    except ValueError:
        return tuple(sorted(listed, key=_natural))


def _natural(name: str) -> tuple[list[object], str]:
    """Sorts "sign 2" before "sign 10". Letters and digits take turns, letters first, so that like meets like."""
    parts = DIGITS.split(name)
    return [_number(part) if place % 2 else part for place, part in enumerate(parts)], name


def _number(digits: str) -> tuple[int, str]:
    """Compares as the number does, whatever its length."""
    significant = digits.lstrip("0")
    return len(significant), significant
