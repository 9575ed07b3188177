import datetime as dt
import json

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leyden.datasets.ingest import ingest
from leyden.datasets.profile import ReadOptions
from leyden.errors import DataError


@pytest.fixture
def workbook(bench):
    book = openpyxl.Workbook()
    first = book.active
    first.title = "Sales"
    for row in [
        ["Sales of 2020"],
        [],
        ["shop", "price", "code", "day", "open"],
        ["A", 2.5, "007", dt.datetime(2020, 1, 2), True],
        ["B", 3, "012", dt.datetime(2020, 1, 3), False],
        ["A", None, "013", dt.datetime(2020, 1, 4), None],
    ]:
        first.append(row)
    second = book.create_sheet("Other")
    second.append(["x"])
    second.append([1])
    book.create_sheet("Nothing")
    path = bench.folder / "book.xlsx"
    book.save(path)
    return path


def test_excel_is_typed_like_text(bench, workbook):
    made = ingest(bench.home, workbook)
    storages = {column.name: column.storage for column in made.profile.columns}
    assert storages == {
        "shop": "string",
        "price": "float",
        "code": "string",
        "day": "datetime",
        "open": "boolean",
    }
    assert made.profile.read.sheet == "Sales"
    frame = bench.frame(made)
    assert frame["code"].tolist() == ["007", "012", "013"]
    assert frame["day"].iloc[0] == pd.Timestamp(2020, 1, 2)
    assert frame["open"].tolist() == [True, False, None]


def test_excel_sheets(bench, workbook):
    made = ingest(bench.home, workbook, options=ReadOptions(sheet="Other"))
    assert bench.rows(made) == [(1,)]
    with pytest.raises(DataError, match="no sheet 'Third'; it has Sales, Other, Nothing"):
        ingest(bench.home, workbook, options=ReadOptions(sheet="Third"))
    with pytest.raises(DataError, match="is empty"):
        ingest(bench.home, workbook, options=ReadOptions(sheet="Nothing"))


def test_a_damaged_workbook(bench, workbook):
    workbook.write_bytes(workbook.read_bytes()[:2000])
    with pytest.raises(DataError):
        ingest(bench.home, workbook)


def test_parquet_keeps_its_types(bench):
    table = pa.table(
        {
            "i": pa.array([1, None, 3], pa.int8()),
            "f": pa.array([1.5, float("inf"), float("nan")], pa.float32()),
            "d": pa.array([dt.date(2020, 1, 2)] * 3),
            "t": pa.array([dt.datetime(2020, 1, 2, 3, tzinfo=dt.UTC)] * 3),
            "b": pa.array([True, False, None]),
            "c": pa.array(["x", "y", "x"]).dictionary_encode(),
            "l": pa.array([[1, 2], [3], None]),
            "raw": pa.array([b"\x00", b"\x01", None]),
            "big": pa.array([2**60, 2**60 + 1, 5], pa.int64()),
            "__row_id": pa.array([9, 8, 7]),
        }
    )
    path = bench.folder / "data.parquet"
    pq.write_table(table, path)
    made = ingest(bench.home, path)
    storages = {column.name: column.storage for column in made.profile.columns}
    assert storages == {
        "i": "integer",
        "f": "float",
        "d": "datetime",
        "t": "datetime",
        "b": "boolean",
        "c": "string",
        "l": "string",
        "big": "string",
        "__row_id_2": "integer",
    }
    frame = bench.frame(made)
    assert frame["big"].tolist() == [str(2**60), str(2**60 + 1), "5"]
    assert frame["t"].iloc[0] == pd.Timestamp(2020, 1, 2, 3)
    assert frame["f"].isna().tolist() == [False, True, True]
    texts = [problem.message.text for problem in made.profile.problems]
    assert "Column 'raw' holds binary data and was left out." in texts
    assert "One value of 'f' is infinite; it counts as missing." in texts


def test_a_damaged_parquet_file(bench):
    with pytest.raises(DataError, match="Parquet file is damaged"):
        bench.read(b"PAR1 and then nothing of the kind PAR1", name="data.parquet")


def test_json_lines(bench):
    rows = [
        {"n": 1, "s": "007", "d": "2020-01-02", "nested": {"a": 1, "b": [2, 3]}},
        {"n": 2.5, "s": "x", "d": "2020-01-03", "extra": "only here"},
    ]
    made = bench.read("\n".join(map(json.dumps, rows)), name="data.jsonl")
    storages = {column.name: column.storage for column in made.profile.columns}
    assert storages["n"] == "float"
    assert storages["s"] == "string"
    assert storages["d"] == "datetime"
    assert bench.frame(made)["extra"].isna().tolist() == [True, False]


def test_a_json_list_of_objects_in_another_encoding(bench):
    made = bench.read(json.dumps([{"a": 1, "b": "ä"}, {"a": 2, "b": "ö"}], ensure_ascii=False), "x.json", "utf-16")
    assert bench.rows(made) == [(1, "ä"), (2, "ö")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"a": 1}\n\n{"a": \n', "line 3 is none: '{\"a\":'. Mend that line"),
        ('{"a": 1}\nhello\n', "line 2 is none: 'hello'"),
        ('{"a": 1}\n[1]\n', "line 2 is none: '[1]'"),
        ('[{"a": 1},\n {"a": 2}', "cannot be read at line 2, column 10"),
        ('[{"a": 1}, 5]', "item 2 is none: '5'"),
        ("[1, 2]", "item 1 is none: '1'"),
        ('[{"a": 1}, "你好"]', "item 2 is none: '\"你好\"'"),
        ('[{"a": 1}, ' + "1" * 5000 + "]", "this one cannot be read so"),
        ('{\n"a": 1\n}\n{\n"a": \n', "this one cannot be read so"),
    ],
)
def test_what_is_no_json_of_objects_is_told_with_its_place(bench, content: str, told: str):
    with pytest.raises(DataError) as failure:
        bench.read(content, name="data.jsonl")
    assert told in str(failure.value)
    assert "/" not in str(failure.value) and "Error" not in str(failure.value), (
        "the reader's words are not for people"
    )
