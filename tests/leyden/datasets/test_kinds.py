import random
from statistics import stdev

import pytest

from leyden.datasets.profile import Profile

N = 200
RANDOM = random.Random(0)


def values(choices: list, n: int = N) -> list:
    return [RANDOM.choice(choices) for _ in range(n)]


def sentences(n: int = N) -> list[str]:
    words = ["film", "great", "joy", "and", "I", "would", "see", "it", "again", "with", "friends"]
    return [" ".join(RANDOM.choice(words) for _ in range(12)) for _ in range(n)]


Y = values(["a", "b", "c"])
Z = [RANDOM.random() for _ in range(N)]

CASES = {
    "true numbers": ([RANDOM.gauss(0, 1) for _ in range(N)], "number", "kind_number"),
    "many whole numbers": (values(list(range(40))), "number", "kind_number"),
    "few whole numbers": (values([3, 4, 5, 6, 8]), "category", "kind_few_numbers"),
    "few whole floats": (values(["1.0", "2.0", "3.0"]), "category", "kind_few_numbers"),
    "0 and 1": (values([0, 1]), "category", "kind_two_values"),
    "0 and a fraction": (values(["0.0", "0.25"]), "number", "kind_number"),
    "yes and no": (values(["yes", "no"]), "category", "kind_two_values"),
    "true and false": (values(["true", "false"]), "category", "kind_true_false"),
    "x or nothing": (values(["x", ""]), "category", "kind_one_value"),
    "words": (values(["red", "green", "blue"]), "category", "kind_words"),
    "codes": (values(["007", "012", "113"]), "category", "kind_words"),
    "many codes": (values([f"{i:05d}" for i in range(60)]), "category", "kind_words"),
    "mostly numbers": ([RANDOM.random() for _ in range(N - 5)] + ["unknown"] * 5, "number", "kind_mostly_number"),
    "sentences": (sentences(), "text", "kind_text"),
    "chinese sentences": ([f"今天天气很好我们去{i}公园散步" for i in range(N)], "text", "kind_text"),
    "sentences in two scripts": (
        [f"shop {i} was nice and clean" if i % 2 else f"今天天气好{i}号去散步" for i in range(N)],
        "text",
        "kind_text",
    ),
    "russian and chinese names": (
        [f"Иван Петров {i}" if i % 3 else f"张伟{i}" for i in range(N)],
        "ignored",
        None,
    ),
    "chinese words": (values(["北京", "上海", "广州"]), "category", "kind_words"),
    "long categories": (
        values([f"a rather long name of group number {i}" for i in range(6)]),
        "category",
        None,
    ),
    "dates": ([f"2020-01-{1 + i % 28:02d}" for i in range(N)], "datetime", "kind_date"),
    "constant": (["same"] * N, "ignored", "kind_constant"),
    "constant number": ([7] * N, "ignored", "kind_constant"),
    "nothing": ([""] * N, "ignored", "kind_empty"),
    "next to nothing": ([""] * (N - 2) + ["a", "b"], "ignored", "kind_nearly_empty"),
    "row numbers": (list(range(N)), "ignored", "kind_row_number"),
    "increasing numbers in front": ([3 * i + i % 2 for i in range(N)], "ignored", "kind_row_number"),
    "unique words": ([f"K-{i * 7919 % 10007}" for i in range(N)], "ignored", "kind_unique"),
    "many words": (values([f"name{i}" for i in range(300)]), "ignored", "kind_too_many"),
    "unique floats": ([i + 0.25 for i in range(N)], "number", "kind_number"),
    "lists": ([f"[{i}, {i + 1}]" for i in range(N)], "ignored", "kind_nested"),
}


@pytest.mark.parametrize("name", CASES)
def test_kind(make_profile, name: str):
    column_values, kind, reason = CASES[name]
    column = make_profile(x=column_values, y=Y, z=Z).profile.column("x")
    assert column.kind == kind
    assert reason is None or column.reason.code == reason
    assert "{" not in column.reason.text and column.reason.code not in column.reason.text


@pytest.mark.parametrize(("name", "kind"), [("customer_id", "ignored"), ("year", "number"), ("amount", "number")])
def test_a_name_tells_ids_from_measurements(make_profile, name: str, kind: str):
    shuffled = RANDOM.sample(range(1000, 5000), N)
    assert make_profile(**{name: shuffled, "y": Y, "z": Z}).profile.column(name).kind == kind


@pytest.mark.parametrize(("start", "kind"), [(1, "ignored"), (0, "ignored"), (100, "number")])
def test_numbers_that_increase_behind_others_may_be_measured(make_profile, start: int, kind: str):
    made = make_profile(y=Y, z=Z, x=list(range(start, start + N)))
    assert made.profile.column("x").kind == kind


def test_years_that_count_up_are_no_row_numbers(make_profile):
    made = make_profile(year=list(range(1900, 1900 + N)), y=Y, z=Z)
    assert made.profile.column("year").kind == "number"


def test_the_only_input_is_no_row_number(make_profile):
    made = make_profile(x=list(range(N)), height=Z)
    assert made.profile.column("x").kind == "number"


def test_labels_may_be_many_whole_numbers(make_profile):
    letters = [i % 26 for i in range(N)]
    made = make_profile(label=letters, count=letters, z=Z)
    assert made.profile.kinds == {"label": "category", "count": "number", "z": "number"}


def test_every_column_has_what_another_kind_would_show(make_profile):
    profile: Profile = make_profile(x=values([3, 4, 5]), words=values(["p", "q"]), z=Z).profile
    few = profile.column("x")
    assert few.kind == "category"
    assert few.numbers.minimum == 3
    assert sum(few.numbers.histogram.counts) == N
    assert few.numbers.histogram.edges == (2.5, 3.5, 4.5, 5.5)
    numbers = profile.column("z")
    assert numbers.values and numbers.num_distinct == len(set(Z))
    assert len(numbers.values) == 50
    assert profile.column("words").lengths.mean == 1
    assert profile.with_kinds({"x": "number"}).column("x").kind == "number"


def test_a_kind_that_a_person_chose_is_told_so_and_no_more_why_the_column_is_ignored(make_profile):
    profile = make_profile(x=[f"K-{i * 7919 % 10007}" for i in range(N)], y=Y).profile
    assert "id_like_column" in [one.message.code for one in profile.problems]
    chosen = profile.with_kinds({"x": "text", "y": "category"})
    assert "id_like_column" not in [one.message.code for one in chosen.problems]
    assert chosen.column("x").reason.text == "Chosen by you"
    assert chosen.column("y") == profile.column("y")
    gaps = make_profile(x=[f"K-{i * 7919 % 10007}" for i in range(N)], y=[*Y[:-9], *[""] * 9]).profile
    assert "missing_values" in [one.message.code for one in gaps.with_kinds({"y": "text"}).problems]


def test_number_summary(make_profile):
    made = make_profile(x=[1, 2, 3, 4, "", 100, 7.5, 8.25, 9, 10, 11], y=[1] * 11)
    summary = made.profile.column("x").numbers
    assert (summary.minimum, summary.maximum, summary.median) == (1, 100, 7.875)
    assert summary.mean == pytest.approx(15.575)
    assert summary.std == pytest.approx(stdev([1, 2, 3, 4, 100, 7.5, 8.25, 9, 10, 11]))
    assert sum(summary.histogram.counts) == 10
    assert len(summary.histogram.edges) == len(summary.histogram.counts) + 1


def test_huge_numbers_do_not_overflow(make_profile):
    summary = make_profile(x=["1e300", "2.5e300", "-1e300"] * 5, y=Y[:15]).profile.column("x").numbers
    assert summary.std == pytest.approx(1.49e300, rel=0.05)


def test_date_summary(make_profile):
    column = make_profile(x=["2020-01-01", "2020-12-31"] * 10, y=Y[:20]).profile.column("x")
    assert (column.dates.earliest, column.dates.latest) == ("2020-01-01T00:00:00", "2020-12-31T00:00:00")
    assert column.num_not_numeric == 20


def test_text_summary(make_profile):
    made = make_profile(x=["今天天气很好我们去公园散步", "明天可能会下雨记得带伞出门啊"] * 3, y=[1, 2, 3, 4, 5, 6])
    lengths = made.profile.column("x").lengths
    assert (lengths.shortest, lengths.longest, lengths.is_cjk) == (13, 14, True)
