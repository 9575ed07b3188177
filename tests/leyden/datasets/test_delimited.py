import gzip

import pytest

from leyden.errors import DataError


def texts_of(made) -> list[str]:
    return [problem.message.text for problem in made.profile.problems]


def test_what_was_detected_is_shown(bench):
    made = bench.read("größe;farbe\n1,5;rot\nNA;blau\n?;rot\n", encoding="latin-1")
    read = made.profile.read
    assert (read.encoding, read.delimiter, read.has_header, read.decimal) == ("latin-1", ";", True, ",")
    assert read.missing_values == ("NA", "?")
    assert bench.rows(made) == [(1.5, "rot"), (None, "blau"), (None, "rot")]
    assert any("Read as missing: NA, ?" in text for text in texts_of(made))


def test_what_was_detected_can_be_overridden(bench):
    content = "a,b\nx,NA\ny,?\n"
    made = bench.read(content, missing_values=("?",), has_header=False)
    assert bench.rows(made) == [("a", "b"), ("x", "NA"), ("y", None)]
    assert [column.name for column in made.profile.columns] == ["column0", "column1"]
    made = bench.read(content, delimiter=";")
    assert len(made.profile.columns) == 1


def test_columns_without_header_are_numbered_unpadded(bench):
    made = bench.read("\n".join(",".join(str(i * j + 0.5) for j in range(12)) for i in range(5)))
    assert [column.name for column in made.profile.columns] == [f"column{i}" for i in range(12)]


def test_rows_are_numbered_in_file_order(bench):
    made = bench.read("x\n" + "\n".join(f"v{i % 7}" for i in range(5000)))
    frame = bench.frame(made)
    assert frame.index.tolist() == list(range(5000))
    assert frame.index.dtype == "int64"
    assert frame["x"].tolist() == [f"v{i % 7}" for i in range(5000)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_blank_lines(bench, end: str):
    made = bench.read(end.join(["a,b", "", "1,x", "", "2,y", "", ""]))
    assert bench.rows(made) == [(1, "x"), (2, "y")]


def test_mixed_line_ends(bench):
    made = bench.read("a,b\r\n1,x\n2,y\r\n")
    assert bench.rows(made) == [(1, "x"), (2, "y")]


def test_ragged_rows_lose_nothing(bench):
    made = bench.read("a,b,c\n1,2,3\n4,5\n6,7,8,nine\n" + "1,1,1\n" * 10)
    rows = bench.rows(made)
    assert rows[:3] == [(1, 2, 3, None), (4, 5, None, None), (6, 7, 8, "nine")]
    assert made.profile.num_rows == 13
    texts = texts_of(made)
    assert "Line 4 has more than the usual 3 values; the extra values stand in columns of their own." in texts
    assert "Line 3 has fewer than the usual 3 values; what it lacks counts as missing." in texts


def test_a_footer_is_no_row(bench):
    made = bench.read("a,b,c\n" + "1,2,3\n" * 20 + "\nTotal: 20 rows\nSource: somewhere\n")
    assert made.profile.num_rows == 20
    assert any("2 lines at the end" in text and "Total: 20 rows" in text for text in texts_of(made))


def test_short_rows_in_between_are_no_footer(bench):
    made = bench.read("a,b,c\n1,2,3\nx\n4,5,6\n" + "1,2,3\n" * 9)
    assert bench.frame(made)["a"].tolist()[:3] == ["1", "x", "4"]


def test_lines_above_the_table_are_left_out(bench):
    made = bench.read("Report of 2020\n\na,b,c\n" + "1,2,3\n" * 9)
    assert bench.rows(made)[0] == (1, 2, 3)
    assert "2 lines above the table were left out." in texts_of(made)


def test_stray_quotes_read_fully(bench):
    lines = ['ham\t"Life is nothing" he said', 'spam\tWin 5" now', 'ham\t"never closed', 'spam\tsay "hi"'] * 5
    made = bench.read("\n".join(lines), name="sms.tsv")
    assert bench.rows(made)[:3] == [
        ("ham", '"Life is nothing" he said'),
        ("spam", 'Win 5" now'),
        ("ham", '"never closed'),
    ]
    assert made.profile.num_rows == 20


def test_one_badly_quoted_value_among_good_ones(bench):
    made = bench.read('a,b\n"x, y",1\n"p ""q""",2\n"bad" one,3\n"multi\nline",4\n')
    assert bench.frame(made)["a"].tolist() == ["x, y", 'p "q"', "bad one", "multi\nline"]


def test_a_quote_that_never_closes_swallows_nothing(bench):
    made = bench.read("a,b\n" + "x,1\n" * 20 + '"open,2\n' + "y,3\n" * 300)
    assert made.profile.num_rows == 321


def test_empty_rows_of_a_spreadsheet_are_left_out(bench):
    made = bench.read("a,b,\n1,2,\n3,4,\n,,\n , ,\n")
    assert bench.rows(made) == [(1, 2), (3, 4)]


def test_the_line_that_tells_excel_the_delimiter(bench):
    made = bench.read("sep=;\na;b\n1,5;x\n2,5;y\n")
    assert bench.rows(made) == [(1.5, "x"), (2.5, "y")]


def test_numbers_between_blanks_and_a_name_after_a_tab(bench):
    lines = ['18.0   8   307.0      130.0\t"chevrolet malibu"', '25.0   4   98.00      ?\t"ford pinto"'] * 10
    made = bench.read("\n".join(lines), name="auto.data")
    assert bench.rows(made)[:2] == [
        (18.0, 8, 307.0, 130.0, "chevrolet malibu"),
        (25.0, 4, 98.0, None, "ford pinto"),
    ]


def test_thousands_of_columns(bench):
    width = 700
    header = ",".join(f"c{i}" for i in range(width))
    made = bench.read(header + "\n" + "\n".join(",".join(str(i * j % 7) for i in range(width)) for j in range(30)))
    assert len(made.profile.columns) == width
    assert made.profile.column("c699").values[0].count == 5


def test_names_that_occur_twice(bench):
    made = bench.read("a,A,b\n1,x,2.5\n2,y,3.5\n")
    assert [column.name for column in made.profile.columns] == ["a", "A_2", "b"]
    assert "A column was renamed, so that every name is there once: A -> A_2." in texts_of(made)


def test_row_names_of_r(bench):
    made = bench.read('"x" "y"\n"1" 2.5 "a"\n"2" 3.5 "b"\n' * 1, delimiter=" ")
    assert [column.name for column in made.profile.columns] == ["column0", "x", "y"]


def test_blanks_around_names_and_values(bench):
    made = bench.read(" name , city \n  Ann , Rome\u3000\nBob,\xa0Paris \n")
    assert bench.rows(made) == [("Ann", "Rome"), ("Bob", "Paris")]
    assert [column.name for column in made.profile.columns] == ["name", "city"]


def test_a_value_longer_than_any_buffer(bench):
    long = "word " * 800_000
    made = bench.read(f'text,y\n"{long}",1\nshort,0\n')
    assert len(bench.frame(made)["text"].iloc[0]) == len(long.strip())


def test_one_column_of_sentences(bench):
    made = bench.read("Hello, my friend\nGood day to you all\nYes, I will go, said he\nNo\n", name="lines.txt")
    assert made.profile.num_rows == 4
    assert any("the only column" in text for text in texts_of(made))


@pytest.mark.parametrize("before", ["\n", "\r\n\r\n", "   \n", ",,\n"])
def test_blank_lines_before_the_header_are_none(bench, before: str):
    made = bench.read(f"{before}a,b,c\n1,2,3\n4,5,6\n")
    assert [column.name for column in made.profile.columns] == ["a", "b", "c"]
    assert bench.rows(made) == [(1, 2, 3), (4, 5, 6)]


def test_gzipped(bench):
    made = bench.read(gzip.compress(b"a,b\n1,x\n2,y\n"), name="data.csv.gz")
    assert bench.rows(made) == [(1, "x"), (2, "y")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "it is empty"),
        (" \n\n", "it is empty"),
        ("a,b,c\n", "only a header"),
        (b"%PDF-1.4 \x00\x01\x02", r"a document \(PDF\)"),
        ("<!DOCTYPE html><html><body>not found</body></html>", "a web page"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "one picture; .* one folder for each class"),
        (b"\x93NUMPY\x01\x00", "in the format NumPy"),
        (b"Rar!\x1a\x07\x00", "packed as RAR"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36" + bytes(range(64)), "one picture"),
        (bytes(range(64)) * 4, "neither text nor"),
    ],
)
def test_what_is_no_table_is_refused(bench, content, sentence: str):
    with pytest.raises(DataError, match=sentence):
        bench.read(content)


@pytest.mark.parametrize("head", ["BMI", "ARROW1", "Rar!", "SQLite format 3", "PK", "Obj"])
def test_texts_that_begin_like_other_formats_are_texts(bench, head: str):
    assert bench.rows(bench.read(f"{head} size,b\n1,2\n3,4\n")) == [(1, 2), (3, 4)]


@pytest.mark.parametrize("name", ["model.tar", "a.pkl", "b.png", "c.xlsx"])
def test_text_with_the_ending_of_something_else_is_refused(bench, name: str):
    with pytest.raises(DataError, match="but it is plain text"):
        bench.read("some,words\nand,more\n", name=name)


def test_progress_is_told_and_never_goes_back(bench):
    from leyden.datasets.ingest import ingest

    path = bench.write("a,b\n" + "1,some words here\n" * 200_000)
    told = []
    ingest(bench.home, path, progress=lambda fraction, code, **params: told.append((fraction, code)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert {code for _, code in told} >= {"opening", "hashing", "reading_table", "profiling", "publishing"}


@pytest.mark.parametrize(
    ("options", "code"), [({"delimiter": ";;"}, "delimiter_absent"), ({"sheet": "A"}, "sheet_of_no_workbook")]
)
def test_an_option_that_would_be_passed_over_is_refused(bench, options: dict[str, str], code: str):
    with pytest.raises(DataError) as refused:
        bench.read("a,b\n1,2\n3,4\n", **options)
    assert refused.value.message.code == code


def test_a_delimiter_means_nothing_to_lines_of_json(bench):
    with pytest.raises(DataError, match="Only a text file such as CSV has a delimiter"):
        bench.read('{"a": 1}\n{"a": 2}\n', "a.jsonl", delimiter=";")
