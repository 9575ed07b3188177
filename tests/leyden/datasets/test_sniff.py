import pytest

from leyden.datasets.header import clean_names, has_header
from leyden.datasets.sniff import UNIT, find_decimal, find_dialect

STRAY = 'ham\t"Life is nothing" he said, twice\nspam\tx "y" z\nham\t"never closed\nham\tok "lar"\n' * 3


@pytest.mark.parametrize(
    ("text", "delimiter", "width"),
    [
        ("a,b\n1,2\n", ",", 2),
        ("a;b\n1,5;2\n3,25;4\n", ";", 2),
        ("1,5;2,5\n3,25;4,1\n", ";", 2),
        ("a\tb\n1,5\t2\n", "\t", 2),
        ("a|b|c\n1|2|3\n", "|", 3),
        ("title,genres,year\nX,drama;comedy,2000\nY,a;b,2001\n", ",", 3),
        ("15.26  14.84 0.871\n14.88 14.57   0.8811\n", " ", 3),
        ("one line of text\nanother, with comma\nthird one here\n", UNIT, 1),
        ("Hello, my friend\nGood day\nYes, I will go, said he\nno\n", UNIT, 1),
        ("x\n1\n2\n3\n", UNIT, 1),
        ('id,text\n1,"multi\nline, yes"\n2,"x ""q"" y"\n', ",", 2),
        ("a,b,c\n1,2,3\n4,5\n6,7,8,9\n", ",", 3),
        (STRAY, "\t", 2),
    ],
)
def test_delimiter(text: str, delimiter: str, width: int):
    found = find_dialect(text)
    assert (found.delimiter, found.width) == (delimiter, width)


def test_stray_quotes_are_letters():
    found = find_dialect(STRAY)
    assert not found.has_quotes
    assert len(found.rows) == 12


def test_quotes_that_protect_are_quotes():
    assert find_dialect('a,b\n"x, y",1\n"p ""q""",2\n').has_quotes


def test_lines_above_the_table():
    text = "World Bank\nupdated 2020\n\nCountry,Code,2019,2020,2021\nA,AA,1,2,3\nB,BB,1,2,3\nC,CC,3,3,3\n"
    found = find_dialect(text)
    assert found.num_lines_before == 3
    assert found.rows[0][0] == "Country"


def test_a_chosen_delimiter_of_two_characters():
    found = find_dialect("1::1193::5\n1::661::3\n", "::")
    assert found.width == 3


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("a;b\n1,5;2\n", ","),
        ("a;b\n1.5;2\n", "."),
        ('a,b\n"1,5","2,7"\n', ","),
        ('city,pop\nX,"1,234"\nY,"22,345"\n', "."),
        ("a;b\n1.234,5;2\n", ","),
        ("a,b\nx,y\n", "."),
    ],
)
def test_decimal_mark(text: str, decimal: str):
    found = find_dialect(text)
    assert find_decimal(found.rows[1:], found.delimiter) == decimal


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["name", "age"], ["Ann", "3"], ["Bob", "4"]], True),
        ([["5.1", "setosa"], ["4.9", "setosa"]], False),
        ([["label", "0", "1", "2"], ["5", "0", "0", "7"]], True),
        ([["Country", "2019", "2020", "2021"], ["A", "1.5", "2.5", "3"]], True),
        ([["name", "city"], ["Anna", "Rome"], ["Bob", "Paris"]], True),
        ([["ham", "Ok lar"], ["spam", "Win!"], ["ham", "See you at 5"]], False),
        ([["Hi.", "嗨。"], ["Run!", "跑。"], ["Who?", "谁。"]], False),
        ([["标签", "文本"], ["体育", "昨天的比赛非常精彩"], ["财经", "股市今天上涨了"]], True),
        ([["2020-01-01", "x"], ["2020-01-02", "y"]], False),
        ([["one line of text"], ["another line of text"], ["and a third"]], False),
        ([["NA", "x"], ["3", "y"], ["4", "z"]], False),
        ([], False),
    ],
)
def test_header(rows: list[list[str]], expected: bool):
    assert has_header(rows) is expected


def test_a_known_header_is_recognised():
    assert has_header([["3", "ham"]], expected=("3", "label"))
    assert not has_header([["x", "y"]], expected=("a", "b"))


def test_names_become_clean_and_unique():
    names = [" a ", "A", "", "b\nc", "__row_id", "a", "\ufeffd"]
    assert clean_names(names, 8) == ("a", "A_2", "column2", "b c", "__row_id_2", "a_3", "d", "column7")
