"""Whether a table's first row holds the names of its columns, and names that are clean and unique."""

import itertools
import re
from collections.abc import Sequence

from leyden.datasets.missing import TOKENS
from leyden.datasets.problem import problem
from leyden.datasets.profile import PART, ROW_ID, Problem

NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)*|[.,]\d+)([eE][+-]?\d+)?%?")
DATE = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?([ T]\d{1,2}:\d{2}.*)?")
SENTENCE_END = re.compile(r".*[.!?。！？…;；]\s*")
LONGEST_NAME = 60
SAMPLE_ROWS = 300

Rows = Sequence[Sequence[str]]


def has_header(rows: Rows, expected: Sequence[str] = ()) -> bool:
    """Whether the first row names the columns.

    Args:
        rows: The first rows of the table, as strings.
        expected: Names that a header is known to have, where the table should look like another one.
    """
    if not rows:
        return False
    first = [cell.strip() for cell in rows[0]]
    if expected and any(first):
        return len(set(first) & set(expected)) >= max(1, min(len(first), len(expected)) // 2)
    if _counts_up(first):
        return True
    columns = [[row[i].strip() for row in rows[1:SAMPLE_ROWS] if i < len(row)] for i in range(len(first))]
    votes = sum(_vote_of_data(cell, column) for cell, column in zip(first, columns, strict=True))
    if votes == 0:
        votes = sum(_vote_of_words(cell, column) for cell, column in zip(first, columns, strict=True))
    return votes > 0 or (votes == 0 and all(len(cell) <= LONGEST_NAME for cell in first))


def clean_names(names: Sequence[str], width: int) -> tuple[str, ...]:
    """Trimmed names, one a column, unique without regard to case; empty ones become `column<i>`.

    Hidden columns' names are given to nobody. A header with one name fewer than there are values names all but
    the first (what R writes) only if the caller says so by an empty first name.
    """
    taken = {ROW_ID, PART}
    cleaned = []
    for index in range(width):
        wanted = " ".join(names[index].split()) if index < len(names) else ""
        wanted = wanted.strip("\ufeff") or f"column{index}"
        unique, count = wanted, 2
        while unique.casefold() in taken:
            unique, count = f"{wanted}_{count}", count + 1
        taken.add(unique.casefold())
        cleaned.append(unique)
    return tuple(cleaned)


def name_problems(names: Sequence[str], cleaned: Sequence[str]) -> list[Problem]:
    """Tells of names that were given twice, and so were numbered."""
    pairs = [(" ".join(old.split()), new) for old, new in zip(names, cleaned, strict=False)]
    changed = [f"{old} -> {new}" for old, new in pairs if old and old != new]
    return (
        [problem("renamed_columns", "info", {"first": changed[0]}, examples=changed, count=len(changed))]
        if changed
        else []
    )


def _vote_of_data(cell: str, column: list[str]) -> int:
    """What a column of numbers or dates, the better witness, says: above 0 for a header, below against."""
    known = _known(column)
    if not cell or not known or sum(map(_is_data, known)) < 0.8 * len(known):
        return 0
    return -1 if _is_data(cell) or cell in TOKENS else 1


def _vote_of_words(cell: str, column: list[str]) -> int:
    """What a column of words says, by how much its first cell is like the others."""
    known = _known(column)
    if not cell or not known:
        return 0
    if _is_data(cell) or len(cell) > LONGEST_NAME or SENTENCE_END.fullmatch(cell) or cell in known:
        return -2
    if 2 < len(cell.split()) >= 0.5 * sum(len(value.split()) for value in known) / len(known):
        return -1
    return 1 if len(cell) < 0.5 * sum(map(len, known)) / len(known) else 0


def _known(column: list[str]) -> list[str]:
    return [value for value in column if value and value not in TOKENS]


def _is_data(value: str) -> bool:
    return bool(NUMBER.fullmatch(value) or DATE.fullmatch(value))


def _counts_up(cells: list[str]) -> bool:
    """Whether the numbers in a row are consecutive, as years or pixel numbers in a header are."""
    numbers = [int(cell) for cell in cells if cell.isascii() and cell.isdigit()]
    is_long = len(numbers) >= 3 and len(numbers) >= 0.5 * len(cells)
    return is_long and all(b - a == 1 for a, b in itertools.pairwise(numbers))
