from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest

from leyden.datasets.ingest import ingest
from leyden.datasets.input_file import read_input_file
from leyden.datasets.read import category_strings, read_frame
from leyden.errors import DataError
from leyden.home import Home
from tests.leyden.datasets.pictures import class_files, distinct, picture, write_folder, write_tar, write_zip

TRAINED = "code,size,grade,flag,when,label\n" + "".join(
    f"{i % 3:03d},{i}.5,{i % 4},{'true' if i % 2 else 'false'},{1 + i % 28:02d}/02/2020,{'ab'[i % 2]}\n"
    for i in range(60)
)


@pytest.fixture
def trained(bench):
    return bench.read(TRAINED).profile


def frame_of(home: Home, path: Path, like, target: str | None = "label") -> pd.DataFrame:
    with read_input_file(home, path, like, target=target) as brought:
        return brought.frame


def test_the_file_trained_on_reads_the_same(home: Home, bench):
    made = bench.read(TRAINED)
    frame = frame_of(home, bench.write(TRAINED, "again.csv"), made.profile)
    stored = read_frame(home, made.dataset_id)
    for column in made.profile.columns:
        assert category_strings(frame[column.name]).tolist() == category_strings(stored[column.name]).tolist()


def test_one_row_means_what_it_meant_in_training(home: Home, bench, trained):
    path = bench.write("when;label;code;extra;size;flag\n01/02/2020;;1;zzz;2,5;TRUE\n", "one.csv")
    frame = frame_of(home, path, trained)
    assert frame.columns.tolist() == ["code", "size", "flag", "when", "label"]
    row = frame.iloc[0]
    assert (row["code"], row["size"], row["when"]) == ("1", 2.5, pd.Timestamp(2020, 2, 1))
    assert category_strings(frame["flag"]).tolist() == ["true"]
    assert pd.isna(row["label"])


def test_values_that_training_never_saw(home: Home, bench, trained):
    path = bench.write("size,grade,flag,when\nhuge,top,maybe,someday\n3,2.0,true,05/02/2020\n", "new.csv")
    frame = frame_of(home, path, trained)
    # Texts among numbers and dates are told as such, not as gaps.
    assert frame["size"].tolist() == ["huge", 3]
    assert category_strings(frame["grade"]).tolist() == ["top", "2"]
    assert frame["when"].tolist() == ["someday", pd.Timestamp(2020, 2, 5)]


@pytest.mark.parametrize("name", ["new.csv", "new.tsv", "new.xlsx"])
def test_rows_without_values_stay_and_lines_without_anything_are_no_rows(home: Home, bench, trained, name: str):
    path = bench.write("size,grade\n1,a\n", name)
    sheet = pd.DataFrame({"size": [1, None, 3], "grade": ["a", None, "b"]})
    if name.endswith("xlsx"):
        sheet.to_excel(path, index=False)
    else:
        sign = "," if name.endswith("csv") else "\t"
        path.write_text("size,grade\n1,a\n\n,\n  \n3,b\n\n".replace(",", sign), encoding="utf-8")
    frame = frame_of(home, path, trained)
    assert frame["size"].dropna().to_dict() == {0: 1, 2: 3} and len(frame) == 3


def test_a_footer_is_no_row_also_with_rows_without_values_around_it(home: Home, bench):
    trained = bench.read("size,grade,kind\n" + "1,2,a\n3,4,b\n" * 20).profile
    path = bench.write("size,grade,kind\n1,2,a\n,,\n3,4,b\n,,\nTotal: 2 rows\n,,\n", "new.csv")
    frame = frame_of(home, path, trained, "kind")
    assert category_strings(frame["size"]).dropna().to_dict() == {0: "1", 2: "3"} and len(frame) == 3


def test_a_quoted_nothing_is_a_row_of_a_single_column(home: Home, bench, trained):
    frame = frame_of(home, bench.write('grade\n1\n""\n\n2\n""\n', "new.csv"), trained)
    assert category_strings(frame["grade"]).fillna("-").tolist() == ["1", "-", "2", "-"]


def test_a_header_alone_is_no_file_to_predict(home: Home, bench, trained):
    with pytest.raises(DataError, match="only a header"):
        frame_of(home, bench.write("size,grade\n", "new.csv"), trained)


def test_codes_keep_their_zeros_and_tokens_their_meaning(home: Home, bench):
    like = bench.read("code,y,z\n" + "007,1,a\n012,2,b\n?,3,c\n" * 10).profile
    frame = frame_of(home, bench.write("code,y\n007,?\n", "new.csv"), like)
    assert frame["code"].tolist() == ["007"]
    assert frame["y"].isna().tolist() == [True]


def test_a_file_without_header_by_position(home: Home, bench):
    like = bench.read("".join(f"{i}.5,{i * 2},{'ab'[i % 2]}\n" for i in range(30))).profile
    assert [column.name for column in like.columns] == ["column0", "column1", "column2"]
    all_columns = frame_of(home, bench.write("1.5,2,a\n", "all.csv"), like, "column2")
    assert all_columns.iloc[0].tolist() == [1.5, 2, "a"]
    without_target = frame_of(home, bench.write("a,1.5\n", "some.csv"), like, "column1")
    assert without_target.columns.tolist() == ["column0", "column2"]


def test_another_format(home: Home, bench, trained):
    path = bench.folder / "new.parquet"
    pd.DataFrame({"Size": [1, 2], "code": ["000", None], "grade": [1, 9], "when": ["01/02/2020"] * 2}).to_parquet(
        path
    )
    frame = frame_of(home, path, trained)
    assert frame["size"].tolist() == [1, 2]
    assert category_strings(frame["grade"]).tolist() == ["1", "9"]


def test_mixed_numbers_stay_comparable(home: Home, bench):
    like = bench.read("x,y\n" + "".join(f"{i}.5,{i % 2}\n" for i in range(40)) + "unknown,1\n").profile
    frame = frame_of(home, bench.write('x\n"1,234.5"\n7\n', "new.csv"), like)
    assert frame["x"].tolist() == ["1234.5", "7"]


def test_a_file_with_other_columns_is_refused(home: Home, bench, trained):
    with pytest.raises(
        DataError,
        match=r"must have the columns that were trained on \(code, size, grade, flag, when\); it has p, q",
    ):
        frame_of(home, bench.write("p,q\n1.5,2.5\n", "other.csv"), trained)


def test_rows_keep_their_order(home: Home, bench, trained):
    path = bench.write("size\n" + "".join(f"{i * 7919 % 5003}\n" for i in range(5000)), "many.csv")
    frame = frame_of(home, path, trained)
    assert frame["size"].tolist() == [i * 7919 % 5003 for i in range(5000)]
    assert frame.index.tolist() == list(range(5000))


@pytest.fixture
def pictures(home: Home, tmp_path: Path):
    return ingest(home, write_zip(tmp_path / "trained.zip", class_files())).profile


@pytest.mark.parametrize("kind", ["zip", "tar", "folder"])
def test_pictures_need_no_classes(home: Home, tmp_path: Path, pictures, kind: str):
    files = {"b.png": picture((1, 1, 1)), "a.png": picture((2, 2, 2)), "sub/c.png": b"broken", "notes.txt": b"x"}
    write = {"zip": write_zip, "tar": write_tar, "folder": write_folder}[kind]
    with read_input_file(home, write(tmp_path / "new", files), pictures) as brought:
        assert brought.frame["file"].tolist() == ["a.png", "b.png", "sub/c.png"]
        assert [Path(path).read_bytes() for path in brought.frame["image"].dropna()] == [
            files["a.png"],
            files["b.png"],
        ]
        assert brought.frame["image"].isna().tolist() == [False, False, True]
        kept = Path(brought.frame["image"].iloc[0])
    assert not kept.exists()
    assert not list(home.cache.glob("input-*"))


def test_pictures_of_one_name_are_told_apart(home: Home, tmp_path: Path, pictures):
    contents = [picture((1, 1, 1)), picture((2, 2, 2))]
    path = tmp_path / "twice.zip"
    with ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        for content in contents:
            archive.writestr("sub/a.png", content)
    with read_input_file(home, path, pictures) as brought:
        assert brought.frame["file"].tolist() == ["sub/a (2).png", "sub/a.png"]
        assert [Path(path).read_bytes() for path in brought.frame["image"]] == contents[::-1]


def test_one_picture(home: Home, tmp_path: Path, pictures):
    path = tmp_path / "one.jpg"
    path.write_bytes(picture(kind="JPEG"))
    with read_input_file(home, path, pictures) as brought:
        assert brought.frame["file"].tolist() == ["one.jpg"]


def test_the_wrong_sort_of_file_is_refused(home: Home, bench, tmp_path: Path, pictures, trained):
    with pytest.raises(DataError, match="is none of these"):
        frame_of(home, bench.write("a,b\n1,2\n"), pictures)
    with pytest.raises(DataError, match="bring a table"):
        frame_of(home, write_zip(tmp_path / "new.zip", class_files()), trained)
    with pytest.raises(DataError):
        frame_of(home, tmp_path / "nothing.csv", trained)


@pytest.fixture
def named(home: Home, tmp_path: Path):
    rows = "".join(f"{i}.png,{i}.5,{'ab'[i % 2]}\n" for i in range(12))
    pictures = {f"{i}.png": content for i, content in enumerate(distinct(12))}
    made = ingest(
        home, write_zip(tmp_path / "named.zip", {"t.csv": f"photo,size,kind\n{rows}".encode(), **pictures})
    )
    return made.profile


def test_a_table_with_its_pictures(home: Home, tmp_path: Path, named):
    new = {
        "t.csv": b"size,photo\n1.5,b.png\n2.5,gone.png\n3.5,\n4.5,bad.png\n5.5,a\n",
        "x/a.png": picture(),
        "bad.png": b"x",
    }
    with read_input_file(
        home, write_zip(tmp_path / "new.zip", new | {"b.png": picture(9, "L")}), named
    ) as brought:
        assert brought.frame["size"].tolist() == [1.5, 2.5, 3.5, 4.5, 5.5]
        assert brought.frame["photo"].isna().tolist() == [False, True, True, True, False]
        assert Path(brought.frame["photo"][4]).read_bytes() == new["x/a.png"]


def test_a_bare_table_names_pictures_below_its_own_folder_only(home: Home, bench, named):
    write_folder(
        bench.folder.parent, {"secret.png": picture(), "files/in/a.png": picture(), "files/bad.png": b"x"}
    )
    outside = bench.folder.parent / "secret.png"
    path = bench.write(f"photo,size\nin/a.png,1\n../secret.png,2\n{outside},3\nbad.png,4\n,5\n")
    with read_input_file(home, path, named) as brought:
        assert brought.frame["photo"].notna().tolist() == [True, False, False, False, False]
    with pytest.raises(DataError, match="'photo' must name pictures that lie beside the table"):
        frame_of(home, bench.write("photo,size\nelsewhere.png,1\n"), named)
