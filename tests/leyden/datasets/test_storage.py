import pandas as pd
import pytest

from leyden.datasets.dates import find_format


def column_of(made, name: str = "x"):
    return made.profile.column(name)


@pytest.mark.parametrize(
    ("values", "storage", "kept"),
    [
        (["1", "2", "-3"], "integer", [1, 2, -3]),
        (["1", "2.5", ""], "float", [1.0, 2.5, None]),
        (["1.0", "2.0", "3.0"], "float", [1.0, 2.0, 3.0]),
        (["1e3", ".5", "-2E-1"], "float", [1000.0, 0.5, -0.2]),
        (["007", "012", "100"], "string", ["007", "012", "100"]),
        (["-05", "3", "4"], "string", ["-05", "3", "4"]),
        (["0", "0.5", "10"], "float", [0.0, 0.5, 10.0]),
        (["12345678901234567", "2", "3"], "string", ["12345678901234567", "2", "3"]),
        (["1,234", "22,345.5", "3"], "float", [1234.0, 22345.5, 3.0]),
        (["1,234", "22,345", "3"], "integer", [1234, 22345, 3]),
        (["$1,234.50", "$5", "$-2"], "float", [1234.5, 5.0, -2.0]),
        (["5%", "7.5 %", "10%"], "float", [5.0, 7.5, 10.0]),
        (["5€", "1 200€", "3€"], "string", ["5.0", "1 200€", "3.0"]),
        (["1,23", "4,567", "8"], "float", [1.23, 4.567, 8.0]),
        (["1_000", "2", "3"], "string", ["1_000", "2", "3"]),
        (["inf", "2", "3"], "string", ["inf", "2", "3"]),
        (["0x1F", "2", "3"], "string", ["0x1F", "2", "3"]),
        (["true", "False", "TRUE"], "boolean", [True, False, True]),
        (["yes", "no", "yes"], "string", ["yes", "no", "yes"]),
        (["12", "unknown", "13"], "string", ["12", "unknown", "13"]),
        (["", "", "NA"], "string", [None, None, None]),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else value,
)
def test_a_column_is_stored_as_what_all_its_values_are(make_profile, bench, values, storage, kept):
    made = make_profile(x=values, y=["a", "b", "c"])
    assert column_of(made).storage == storage
    assert [row[0] for row in bench.rows(made)] == kept


def test_decimal_commas(bench):
    made = bench.read("x;y\n1,5;1.234,5\n2;3\n,5;4\n")
    assert bench.rows(made) == [(1.5, 1234.5), (2.0, 3.0), (0.5, 4.0)]


def test_numbers_among_words_are_kept_in_plain_notation(bench):
    rows = "".join(f"{i},5\n" for i in range(20))
    made = bench.read("x;y\n" + "unknown;1\n" + rows.replace(",5", ",5;2"))
    assert column_of(made).storage == "string"
    assert bench.frame(made)["x"].tolist()[:3] == ["unknown", "0.5", "1.5"]
    assert column_of(made).num_not_numeric == 1


@pytest.mark.parametrize(
    ("values", "date_format", "first"),
    [
        (["2020-01-31", "2020-02-01"], "iso", "2020-01-31"),
        (["2020-01-31 10:20:30", "2020-02-01 00:00:00"], "iso", "2020-01-31 10:20:30"),
        (["2020-01-31T10:20:30Z", "2020-02-01T00:00:00+02:00"], "iso", "2020-01-31 10:20:30"),
        (["31/01/2020", "01/02/2020"], "%d/%m/%Y", "2020-01-31"),
        (["1/31/2020", "2/1/2020"], "%m/%d/%Y", "2020-01-31"),
        (["31.01.2020", "01.02.2020"], "%d.%m.%Y", "2020-01-31"),
        (["31-Jan-20", "01-Feb-21"], "%d-%b-%y", "2020-01-31"),
        (["1/31/20 10:20", "2/1/20 11:20"], "%m/%d/%y %H:%M", "2020-01-31 10:20"),
        (["Jan 31, 2020", "Feb 1, 2020"], "%b %d, %Y", "2020-01-31"),
        (["2020年1月31日", "2020年2月1日"], "%Y年%m月%d日", "2020-01-31"),
        (["01/03/2020", "01/04/2020", "01/05/2021"], "%d/%m/%Y", "2020-03-01"),
        (["01/03/2020", "01/04/2020", "01/05/2020"], "%m/%d/%Y", "2020-01-03"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else value,
)
def test_dates(make_profile, bench, values, date_format, first):
    made = make_profile(x=values, y=list(range(len(values))))
    assert (column_of(made).kind, column_of(made).date_format) == ("datetime", date_format)
    assert bench.frame(made)["x"].iloc[0] == pd.Timestamp(first)


def test_the_first_days_of_a_month_do_not_decide(make_profile):
    days = [f"{d:02d}/01/2020" for d in range(1, 32)] * 30
    made = make_profile(x=sorted(days) + ["28/02/2020"] * 5, y=list(range(935)))
    assert column_of(made).date_format == "%d/%m/%Y"


@pytest.mark.parametrize("value", ["1.2.3", "a/b/c", "12:30", "555-1234", "2020-13-45", "1/2"])
def test_what_only_looks_like_dates(value: str):
    assert find_format([value] * 5) is None


def test_a_few_values_that_are_no_dates(make_profile, bench):
    made = make_profile(x=["2020-01-31"] * 40 + ["unknown"], y=list(range(41)))
    assert column_of(made).storage == "datetime"
    assert bench.frame(made)["x"].isna().sum() == 1
    texts = [problem.message.text for problem in made.profile.problems]
    assert "Column 'x' holds dates, but row 41 has 'unknown', which counts as missing." in texts
