import random

import pytest

from leyden.datasets.problem import problem, worst_first
from leyden.messages.data import SENTENCES

RANDOM = random.Random(1)
Z = [RANDOM.random() for _ in range(200)]


def texts_of(made) -> list[str]:
    return [found.message.text for found in made.profile.problems]


def test_all_problems_are_told_at_once(make_profile):
    made = make_profile(
        sex=["", "m", "f", "m"] * 50,
        age=[str(i % 60 + 0.5) for i in range(190)] + ["unknown"] * 10,
        nothing=[""] * 200,
        same=["x"] * 200,
        name=[f"N{i * 7919 % 10007}" for i in range(200)],
        rare=[""] * 198 + ["1", "2"],
        id=list(range(200)),
        label=["big"] * 190 + ["small"] * 8 + ["tiny"] * 2,
    )
    texts = texts_of(made)
    for sentence in [
        "50 of 200 rows have no sex.",
        "Column 'age' looks numeric, but 10 of 200 values are not numbers (first: row 191, 'unknown'). They count "
        "as missing; or use the column as a category.",
        "Column 'nothing' has no values at all, so it is ignored.",
        "Column 'same' is 'x' in every row, so nothing can be learned from it.",
        "Column 'name' has 200 different values in 200 rows; it looks like a name or an id, so it is ignored.",
        "198 of 200 rows have no rare: too many to learn from, so it is ignored.",
        "Column 'id' only numbers the rows, so it is ignored.",
        "Class 'tiny' of 'label' has fewer than 5 rows, too few to learn or to judge it.",
    ]:
        assert sentence in texts
    assert any(text.startswith("95 % of all rows have label 'big'") for text in texts)
    severities = [found.severity for found in made.profile.problems]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)


def test_problems_name_their_column_and_show_examples(make_profile):
    made = make_profile(age=[str(i + 0.5) for i in range(60)] + ["unknown"], y=[1, 2, 3] * 20 + [1])
    (found,) = [found for found in made.profile.problems if found.message.code == "mixed_values_one"]
    assert (found.column, found.severity, found.examples) == ("age", "warning", ("unknown",))


def test_repeated_rows(make_profile):
    made = make_profile(a=Z[:100] + Z[:5], b=["x", "y", "z", "w", "v"] * 21)
    assert any(text.startswith("5 of 105 rows repeat an earlier row.") for text in texts_of(made))


def test_few_rows_and_one_column(make_profile):
    texts = texts_of(make_profile(a=[1.5, 2, 3]))
    assert "Only 3 rows: whatever is measured on them is uncertain." in texts
    assert any("'a' is the only column" in text for text in texts)


def test_more_columns_than_rows_are_told(make_profile):
    columns = {f"x{i}": [RANDOM.random() for _ in range(60)] for i in range(61)}
    labels = ["p", "q", "r"] * 20
    assert any(
        text.startswith("61 columns to learn from, but only 60 rows")
        for text in texts_of(make_profile(**columns, y=labels))
    )
    del columns["x0"]
    assert texts_of(make_profile(**columns, y=labels)) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([min(z, 0.8) for z in Z], "% of the values of 'a' are exactly its largest one, 0.8"),
        ([max(z, 0.2) for z in Z], "% of the values of 'a' are exactly its smallest one, 0.2"),
        ([max(z - 0.5, 0) for z in Z], None),  # where zero is the least, most have nothing
        ([int(1 / z) for z in Z], None),  # rarer and rarer
        ([1, 2, 3, 4, 5, 5, 5, 5] * 25, None),  # a scale
    ],
)
def test_values_that_are_cut_off_are_told(make_profile, values: list, sentence: str | None):
    told = [text for text in texts_of(make_profile(a=values, y=["p", "q"] * 100)) if "exactly its" in text]
    assert (sentence is None and not told) or (sentence in told[0] and len(told) == 1)


def test_clean_data_has_no_problems(make_profile):
    assert texts_of(make_profile(a=Z, b=["x", "y"] * 100)) == []


def test_whatever_is_counted_has_a_sentence_for_one():
    counted = {code for code, sentence in SENTENCES.items() if "{count}" in sentence}
    assert counted
    assert {f"{code}_one" for code in counted} <= SENTENCES.keys()


def test_order_is_worst_first():
    found = [
        problem("missing_values", "info", {"rows": 9}, column="a", count=3),
        problem("missing_values", "info", {"rows": 9}, column="b", count=5),
        problem("one_column", "warning", column="c"),
        problem("one_class_of_pictures", "error", {"label": "cat"}),
    ]
    assert [entry.severity for entry in worst_first(found)] == ["error", "warning", "info", "info"]
    assert [entry.column for entry in worst_first(found)] == [None, "c", "b", "a"]


def test_examples_are_few_and_short():
    found = problem("other_files", "info", examples=["x" * 1000] * 100, count=100)
    assert len(found.examples) == 20
    assert len(found.examples[0]) == 200
