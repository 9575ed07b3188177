from pathlib import Path

import pytest

from leyden.datasets.ingest import ingest
from leyden.datasets.profile import PART
from leyden.datasets.read import read_frame
from leyden.errors import DataError
from leyden.home import Home
from tests.leyden.datasets.pictures import class_files, distinct, picture, write_folder, write_tar, write_zip


def problems_of(made) -> dict[str, tuple[str, ...]]:
    return {found.message.code: found.examples for found in made.profile.problems}


@pytest.fixture
def files() -> dict[str, bytes]:
    return class_files("cat dog")


def write_any(kind: str, folder: Path, files: dict[str, bytes]) -> Path:
    if kind == "folder":
        return write_folder(folder / "pets", files)
    if kind == "zip":
        return write_zip(folder / "pets.zip", files)
    return write_tar(folder / f"pets.{kind}", files, {"tar": "w", "tar.gz": "w:gz", "tar.xz": "w:xz"}[kind])


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "tar.xz", "folder"])
def test_however_it_is_packed_it_is_the_same_table(home: Home, tmp_path: Path, files, kind: str):
    made = ingest(home, write_any(kind, tmp_path, files))
    frame = read_frame(home, made.dataset_id)
    assert made.profile.layout == "image_folder"
    assert made.profile.kinds == {"image": "image", "label": "category", "file": "ignored"}
    assert made.profile.suggested_target == "label"
    assert frame["file"].tolist() == sorted(files)
    assert frame["label"].tolist() == ["cat"] * 6 + ["dog"] * 6
    for sha256, file in zip(frame["image"], frame["file"], strict=True):
        assert home.media_file(sha256).read_bytes() == files[file]


def test_a_profile_of_pictures(home: Home, tmp_path: Path, files):
    files["cat/gray.jpg"] = picture(9, "L", "JPEG", size=(20, 10))
    column = ingest(home, write_zip(tmp_path / "a.zip", files)).profile.column("image")
    assert (column.images.min_width, column.images.max_width) == (8, 20)
    assert (column.images.min_height, column.images.max_height) == (6, 10)
    assert column.images.modes == {"RGB": 12, "L": 1}
    assert "{" not in column.reason.text


def test_files_that_cannot_be_used_are_listed_and_not_fatal(home: Home, tmp_path: Path, files):
    whole = picture(kind="JPEG", size=(300, 300))
    files |= {
        "cat/broken.jpg": whole[: len(whole) // 2],
        "cat/empty.png": b"",
        "dog/text.png": b"not a picture at all",
        "dog/notes.txt": b"some notes",
        "README.md": b"# pets",
        "dog/bomb.png": picture(0, "1", size=(10_000, 9_000)),
        "__MACOSX/cat/._1.png": b"junk",
        "cat/.DS_Store": b"junk",
        "cat/Thumbs.db": b"junk",
    }
    made = ingest(home, write_zip(tmp_path / "a.zip", files))
    assert made.profile.num_rows == 12
    assert problems_of(made) == {
        "unreadable_pictures": ("cat/broken.jpg", "dog/text.png"),
        "empty_files_one": ("cat/empty.png",),
        "too_large_pictures_one": ("dog/bomb.png",),
        "other_files": ("README.md", "dog/notes.txt"),
        "few_pictures": (),
    }
    assert len([path for path in home.media.rglob("*") if path.is_file()]) == 12


def test_a_damaged_member_of_a_zip_is_listed(home: Home, tmp_path: Path, files):
    import zipfile

    path = write_zip(tmp_path / "a.zip", files, zipfile.ZIP_STORED)
    raw = path.read_bytes()
    inside = raw.index(files["cat/3.png"]) + 20
    path.write_bytes(raw[:inside] + bytes([raw[inside] ^ 255]) + raw[inside + 1 :])
    made = ingest(home, path)
    assert problems_of(made)["unreadable_pictures_one"] == ("cat/3.png",)
    assert made.profile.num_rows == 11


def test_pictures_by_content_and_not_by_name(home: Home, tmp_path: Path, files):
    files["cat/no_suffix"] = picture((1, 2, 3), kind="JPEG")
    files["cat/wrong.jpg"] = picture((3, 2, 1), kind="PNG")
    assert ingest(home, write_zip(tmp_path / "a.zip", files)).profile.num_rows == 14


def test_predefined_parts(home: Home, tmp_path: Path):
    parts = ["train/cat", "train/dog", "valid/cat", "test/dog"]
    files = {f"pets/{part}/{i}.png": content for part in parts for i, content in enumerate(distinct(3))}
    made = ingest(home, write_zip(tmp_path / "a.zip", files))
    assert made.profile.parts == {"train": 6, "val": 3, "test": 3}
    assert PART not in read_frame(home, made.dataset_id).columns
    frame = read_frame(home, made.dataset_id, columns=["file", PART])
    assert dict(zip(frame["file"], frame[PART], strict=True))["valid/cat/0.png"] == "val"
    assert "pictures_in_parts" in problems_of(made)


def test_repeated_pictures(home: Home, tmp_path: Path, files):
    files["cat/again.png"] = files["cat/1.png"]
    files["dog/a_cat.png"] = files["cat/2.png"]
    made = ingest(home, write_zip(tmp_path / "a.zip", files))
    assert problems_of(made)["pictures_in_classes_one"] == ("cat/2.png = dog/a_cat.png",)
    assert "repeated_pictures" in problems_of(made)
    assert made.profile.column("image").num_distinct == 12


def test_one_class_is_an_error_in_the_problems(home: Home, tmp_path: Path):
    made = ingest(home, write_zip(tmp_path / "a.zip", class_files("cat")))
    assert made.profile.problems[0].severity == "error"
    assert (
        made.profile.problems[0].message.text
        == "All pictures are of one class, 'cat': there is nothing to tell apart."
    )


def test_unicode_and_blanks_in_names(home: Home, tmp_path: Path):
    files = {
        f"{label}/图 片 {i}.png": content
        for label in ("猫 咪", "naïve ü")
        for i, content in enumerate(distinct(3))
    }
    made = ingest(home, write_tar(tmp_path / "a b ü.tar.gz", files))
    assert set(read_frame(home, made.dataset_id)["label"]) == {"猫 咪", "naïve ü"}


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"1.png": picture(), "2.png": picture(3, "L")}, "must lie in one folder for each class"),
        ({"notes/a.txt": b"x", "notes/b.txt": b"y"}, "found no picture among 2 files"),
        ({"a/1.png": b"x", "b/2.png": b"y"}, "None of the 2 pictures can be read: .*first: a/1.png"),
        ({}, "found no picture among 0 files"),
    ],
)
def test_what_holds_no_classes_is_refused(home: Home, tmp_path: Path, files, sentence: str):
    with pytest.raises(DataError, match=sentence):
        ingest(home, write_folder(tmp_path / "pets", files) if files else _empty(tmp_path))
    assert not list((home.root / "datasets").glob("d*"))


def _empty(tmp_path: Path) -> Path:
    (tmp_path / "pets").mkdir()
    return tmp_path / "pets"


@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_an_archive_of_one_table_is_that_table(home: Home, tmp_path: Path, write):
    files = {"data/table.csv": b"a,b\n1,x\n2,y\n", "__MACOSX/data/._table.csv": b"junk"}
    made = ingest(home, write(tmp_path / "table.archive", files))
    assert made.profile.layout == "table"
    assert made.profile.num_rows == 2


def test_a_folder_of_one_table_is_that_table(home: Home, tmp_path: Path):
    made = ingest(home, write_folder(tmp_path / "data", {"table.csv": b"a,b\n1,x\n2,y\n"}))
    assert (made.profile.layout, made.profile.source_name) == ("table", "table.csv")


def test_a_picture_that_goes_away_meanwhile_is_a_sentence(home: Home, tmp_path: Path, files):
    folder = write_folder(tmp_path / "pets", files)

    def remove_one(_fraction: float | None, code: str, **_params: object) -> None:
        if code == "hashing":
            (folder / "dog" / sorted((folder / "dog").iterdir())[-1].name).unlink(missing_ok=True)

    with pytest.raises(DataError, match="went away meanwhile") as refused:
        ingest(home, folder, progress=remove_one)
    assert str(folder / "dog") in str(refused.value)
