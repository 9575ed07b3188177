"""A table that names pictures, packed with them."""

from pathlib import Path

import pytest

from leyden.datasets.ingest import ingest
from leyden.datasets.media import delete_dataset_files
from leyden.datasets.profile import ReadOptions
from leyden.datasets.read import read_frame
from leyden.errors import DataError
from leyden.home import Home
from tests.leyden.datasets.pictures import class_files, distinct, picture, write_folder, write_tar, write_zip

NUM_ROWS = 24


def table(names: list[str], column: str = "photo") -> bytes:
    lines = [f"{column},age,colour,kind"]
    lines += [f"{name},{3 + i % 7}.5,{['red', 'blue'][i % 2]},{'ab'[i % 3 == 0]}" for i, name in enumerate(names)]
    return "\n".join(lines).encode()


def files(
    pattern: str = "photos/{}.png", names: str = "photos/{}.png", path: str = "table.csv"
) -> dict[str, bytes]:
    """Pictures, and the table that names each of them."""
    pictures = {pattern.format(i): content for i, content in enumerate(distinct(NUM_ROWS))}
    return {path: table([names.format(i) for i in range(NUM_ROWS)]), **pictures}


def problems_of(made) -> dict[str, tuple[str, ...]]:
    return {found.message.code: found.examples for found in made.profile.problems}


def pictures_of(home: Home, made, column: str = "photo") -> list[bytes | None]:
    values = read_frame(home, made.dataset_id)[column]
    return [home.media_file(value).read_bytes() if isinstance(value, str) else None for value in values]


def num_media(home: Home) -> int:
    return sum(path.is_file() for path in home.media.rglob("*"))


@pytest.mark.parametrize("write", [write_zip, write_tar, write_folder])
def test_however_it_is_packed_it_is_one_dataset(home: Home, tmp_path: Path, write):
    content = files()
    made = ingest(home, write(tmp_path / "pets", content))
    assert made.profile.layout == "table"
    assert made.profile.kinds == {"photo": "image", "age": "number", "colour": "category", "kind": "category"}
    assert made.profile.suggested_target == "kind"
    assert pictures_of(home, made) == [content[f"photos/{i}.png"] for i in range(NUM_ROWS)]
    column = made.profile.column("photo")
    assert (column.num_missing, column.num_distinct, column.storage) == (0, NUM_ROWS, "string")
    assert (column.images.min_width, column.images.max_height) == (8, 6)
    assert column.examples[0] == "photos/0.png"
    assert set(problems_of(made)) == {"few_rows"}
    assert read_frame(home, made.dataset_id)["age"].tolist()[:2] == [3.5, 4.5]


@pytest.mark.parametrize(
    ("pattern", "names", "path"),
    [
        ("pets/photos/{}.png", "photos/{}.png", "pets/table.csv"),
        ("pets/photos/{}.png", "pets/photos/{}.png", "pets/table.csv"),
        ("pets/photos/{}.png", "{}.png", "pets/table.csv"),
        ("photos/{}.png", "./photos/{}.png", "table.csv"),
        ("photos/图 {}.png", r"photos\图 {}.png", "表.csv"),
        ("photos/{}.png", "/home/me/photos/{}.png", "tables/table.csv"),
        ("photos/picture {}.png", "picture {}", "table.csv"),
        ("photos/{}.png", "{}", "table.csv"),
    ],
)
def test_however_the_names_are_written_they_are_found(home: Home, tmp_path: Path, pattern, names, path):
    content = files(pattern, names, path)
    made = ingest(home, write_zip(tmp_path / "pets.zip", content))
    assert made.profile.column("photo").kind == "image"
    assert pictures_of(home, made) == [content[pattern.format(i)] for i in range(NUM_ROWS)]


def test_a_row_without_its_picture_is_kept_and_told_of(home: Home, tmp_path: Path):
    content = files()
    del content["photos/2.png"]
    content["photos/5.png"] = b"no picture at all"
    content["photos/6.png"] = b""
    content |= {"photos/more.png": picture((1, 2, 3)), "licence.md": b"free", "__MACOSX/table.csv": b"junk"}
    made = ingest(home, write_zip(tmp_path / "pets.zip", content))
    assert made.profile.num_rows == NUM_ROWS
    assert [i for i, found in enumerate(pictures_of(home, made)) if found is None] == [2, 5, 6]
    problems = problems_of(made)
    assert problems["named_absent_one"] == ("photos/2.png",)
    assert problems["named_unusable"] == ("photos/5.png", "photos/6.png")
    assert problems["unnamed_pictures_one"] == ("photos/more.png",)
    assert problems["other_files_one"] == ("licence.md",)
    assert "missing_values" in problems
    assert num_media(home) == NUM_ROWS - 3


def test_rows_may_share_a_picture_and_media_go_with_the_last_dataset(home: Home, tmp_path: Path):
    content = files()
    content["table.csv"] = table([f"photos/{i % 6}.png" for i in range(NUM_ROWS)])
    first = ingest(home, write_zip(tmp_path / "a.zip", content))
    assert num_media(home) == 6
    second = ingest(home, write_zip(tmp_path / "b.zip", files()))
    assert num_media(home) == NUM_ROWS
    assert delete_dataset_files(home, second.dataset_id) > 0
    assert num_media(home) == 6
    delete_dataset_files(home, first.dataset_id)
    assert num_media(home) == 0


def test_of_two_columns_of_pictures_the_first_is_used(home: Home, tmp_path: Path):
    content = files()
    rows = [f"{i},photos/{i}.png,photos/{NUM_ROWS - 1 - i}.png,{'ab'[i % 2]}" for i in range(NUM_ROWS)]
    content["table.csv"] = "\n".join(["n,front,back,kind", *rows]).encode()
    made = ingest(home, write_zip(tmp_path / "a.zip", content))
    assert made.profile.kinds == {"n": "ignored", "front": "image", "back": "ignored", "kind": "category"}
    assert made.profile.column("back").images is not None
    assert "several_image_columns" in problems_of(made)
    assert pictures_of(home, made, "back") == pictures_of(home, made, "front")[::-1]


def test_a_column_of_small_numbers_is_no_name_of_a_picture(home: Home, tmp_path: Path):
    content = files()
    rows = [f"photos/{i}.png,{i % 9},{'ab'[i % 2]}" for i in range(NUM_ROWS)]
    content["table.csv"] = "\n".join(["photo,size,kind", *rows]).encode()
    made = ingest(home, write_zip(tmp_path / "a.zip", content))
    assert made.profile.kinds["size"] == "number"


def test_reading_options_reach_the_table(home: Home, tmp_path: Path):
    content = files()
    content["table.csv"] = content["table.csv"].split(b"\n", 1)[1]
    made = ingest(home, write_zip(tmp_path / "a.zip", content), options=ReadOptions(has_header=False))
    assert made.profile.kinds["column0"] == "image"
    assert made.profile.num_rows == NUM_ROWS


def test_class_folders_stay_class_folders_beside_a_table_that_names_nothing(home: Home, tmp_path: Path):
    content = class_files() | {
        "classes.csv": b"class,english\ncat,a cat\ndog,a dog\n",
        "notes.txt": b"photo 1.png",
    }
    made = ingest(home, write_zip(tmp_path / "a.zip", content))
    assert made.profile.layout == "image_folder"
    assert problems_of(made)["other_files"] == ("classes.csv", "notes.txt")
    told = next(one.message.text for one in made.profile.problems if one.message.code == "table_unused")
    assert "'classes.csv' was not used" in told and "paths such as 'cat/" in told
    broken = class_files() | {"classes.parquet": b"PAR1 broken"}
    made = ingest(home, write_zip(tmp_path / "b.zip", broken))
    assert made.profile.layout == "image_folder"
    assert "Parquet file is damaged" in next(
        one.message.text for one in made.profile.problems if one.message.code == "table_unread"
    )


def test_a_table_beside_class_folders_is_the_table_when_it_names_the_pictures(home: Home, tmp_path: Path):
    pictures = class_files()
    made = ingest(home, write_zip(tmp_path / "a.zip", pictures | {"all.csv": table(sorted(pictures))}))
    assert made.profile.layout == "table"
    assert made.profile.kinds["photo"] == "image"


def test_a_table_with_only_notes_beside_it_is_a_table(home: Home, tmp_path: Path):
    content = {"data.csv": b"a,b\n1,x\n2,y\n", "readme.txt": b"about", "licence": b"free"}
    made = ingest(home, write_zip(tmp_path / "a.zip", content))
    assert (made.profile.layout, made.profile.num_rows) == ("table", 2)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"other.csv": b"a,b\n1,2\n"}, r"one table, .*; found 2 \(other.csv, table.csv\)"),
        ({"table.csv": b"a,b\n1,2\n3,4\n"}, "'table.csv' must name the files .*its columns are a, b"),
        ({f"photos/{i}.png": b"broken" for i in range(NUM_ROWS)}, "24 files that 'photo' names must be pictures"),
    ],
)
def test_what_is_no_dataset_is_refused(home: Home, tmp_path: Path, change, sentence: str):
    with pytest.raises(DataError, match=sentence):
        ingest(home, write_zip(tmp_path / "a.zip", files() | change))
    assert not list((home.root / "datasets").glob("d*"))
    assert num_media(home) == 0
