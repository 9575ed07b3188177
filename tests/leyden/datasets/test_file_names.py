"""However a table writes the path of a file beside it."""

import pytest

from leyden.datasets.file_names import FileNames

FILES = [
    "data/photos/Cat 1.JPG",
    "data/photos/2.png",
    "data/photos/deep/猫.jpeg",
    "data/photos/2.txt",
    "data/é.png",
]


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ("photos/Cat 1.JPG", "data/photos/Cat 1.JPG"),
        ("./photos/cat 1.jpg", "data/photos/Cat 1.JPG"),
        ("data/photos/2.png", "data/photos/2.png"),
        ("/data/photos/2.png", "data/photos/2.png"),
        (r"photos\deep\猫.jpeg", "data/photos/deep/猫.jpeg"),
        (r"C:\Users\me\photos\2.png", "data/photos/2.png"),
        ("/home/me/photos/deep/猫", "data/photos/deep/猫.jpeg"),
        ("../photos/2", "data/photos/2.png"),
        ("2", "data/photos/2.png"),
        (" Cat 1 ", "data/photos/Cat 1.JPG"),
        ("e\u0301.png", "data/é.png"),
        ("3.png", None),
        ("other/2.png", None),
        ("", None),
        ("/", None),
    ],
)
def test_a_name_finds_its_file(written: str, file: str | None):
    assert FileNames(FILES, "data/table.csv").find(written) == file


def test_a_name_that_several_files_have_finds_none_unless_one_fits_better():
    files = FileNames(["a/1.png", "b/1.png", "1.png", "b/c/1.png"], "table.csv")
    assert files.find("1.png") == "1.png"
    assert files.find("b/1.png") == "b/1.png"
    assert files.find("/home/me/b/1.png") == "b/1.png"
    twice = FileNames(["a/1.png", "b/1.png"], "table.csv")
    assert twice.find("1.png") is None
    assert FileNames(["1.png", "1.jpg"], "table.csv").find("1") is None
