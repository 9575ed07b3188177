import tarfile
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from leyden.datasets.documents import collect_documents
from leyden.datasets.duck import no_tick
from leyden.datasets.ingest import ingest
from leyden.datasets.input_file import read_input_file
from leyden.datasets.profile import PART
from leyden.datasets.read import load_profile, read_frame
from leyden.errors import DataError
from leyden.home import Home
from tests.leyden.datasets.pictures import picture, write_zip
from tests.leyden.datasets.test_image_folder import problems_of, write_any

GOOD, BAD = "Good news, number {}. Everybody is happy today.", "坏消息，第{}条。今天没有人高兴。"


def documents(per_class: int = 6, suffix: str = ".txt") -> dict[str, bytes]:
    texts = {"good": GOOD, "bad": BAD}
    return {
        f"{label}/{number}{suffix}": text.format(number).encode()
        for label, text in texts.items()
        for number in range(per_class)
    }


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "folder"])
def test_however_they_are_packed_it_is_the_same_table(home: Home, tmp_path: Path, kind: str):
    files = documents()
    made = ingest(home, write_any(kind, tmp_path, files))
    frame = read_frame(home, made.dataset_id)
    assert made.profile.layout == "document_folder" and made.profile.is_folder
    assert made.profile.kinds == {"text": "text", "label": "category", "file": "ignored"}
    assert made.profile.suggested_target == "label"
    assert frame["file"].tolist() == sorted(files)
    assert frame["label"].tolist() == ["bad"] * 6 + ["good"] * 6
    assert [text.encode() for text in frame["text"]] == [files[name] for name in sorted(files)]
    assert made.profile.column("text").lengths.longest == len(GOOD) - 1
    assert list(problems_of(made)) == ["few_documents"]


@pytest.mark.parametrize("suffix", ["", ".md", ".eml", ".2"])
def test_a_text_is_known_by_its_content(home: Home, tmp_path: Path, suffix: str):
    made = ingest(home, write_zip(tmp_path / "a.zip", documents(suffix=suffix)))
    assert made.profile.layout == "document_folder" and made.profile.num_rows == 12


def test_folders_may_come_split(home: Home, tmp_path: Path):
    files = {f"all/train/{name}": text for name, text in documents(8).items()}
    files |= {f"all/test/{name}": text + b"!" for name, text in documents(3).items()}
    files["all/README"] = b"What this is"
    made = ingest(home, write_zip(tmp_path / "a.zip", files))
    assert made.profile.parts == {"train": 16, "test": 6}
    frame = read_frame(home, made.dataset_id, ["label", "file", PART])
    assert frame.loc[frame[PART] == "test", "label"].value_counts().to_dict() == {"good": 3, "bad": 3}
    assert problems_of(made)["documents_outside_classes_one"] == ("README",)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_each_text_is_read_in_its_encoding(home: Home, tmp_path: Path, encoding: str):
    files = {name: text.decode().encode(encoding) for name, text in documents(20).items()}
    files["good/more.txt"] = "Grüße in UTF-8".encode()
    made = ingest(home, write_zip(tmp_path / "a.zip", files))
    frame = read_frame(home, made.dataset_id).set_index("file")["text"]
    assert frame["bad/3.txt"] == BAD.format(3) and frame["good/3.txt"] == GOOD.format(3)
    assert frame["good/more.txt"] == "Grüße in UTF-8"
    assert made.profile.read.encoding == ("gb18030" if encoding == "gb18030" else "utf-8")


def test_what_cannot_be_used_is_listed(home: Home, tmp_path: Path):
    files = documents()
    files |= {
        "good/empty.txt": b" \n",
        "good/program.exe": b"MZ\x00\x01\x00\x03\x00\x00",
        "good/again.txt": files["good/1.txt"] + b"\n",
        "bad/good.txt": files["good/2.txt"],
        "__MACOSX/good/._1.txt": b"junk",
    }
    found = problems_of(ingest(home, write_zip(tmp_path / "a.zip", files)))
    assert found["empty_files_one"] == ("good/empty.txt",)
    assert found["binary_files_one"] == ("good/program.exe",)
    assert found["documents_in_classes_one"] == ("good/2.txt = bad/good.txt",)
    assert len(found["repeated_documents"]) == 2


def test_a_name_may_come_twice_in_an_archive(home: Home, tmp_path: Path):
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for name, content in [*documents().items(), ("good/1.txt", b"A second member of this name")]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
    frame = read_frame(home, ingest(home, path).dataset_id)
    assert frame.index.tolist() == list(range(13)) and frame["file"].is_monotonic_increasing
    by_file = frame.set_index("file")["text"]
    assert by_file["good/1.txt"] == GOOD.format(1)
    assert by_file["good/1 (2).txt"] == "A second member of this name"


def test_contents_are_written_in_batches(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("leyden.datasets.documents.BATCH_BYTES", 3 * len(GOOD))
    files = documents()
    source = write_any("folder", tmp_path, files)
    (tmp_path / "work").mkdir()
    found = collect_documents(source, "folder", tmp_path / "work", no_tick)
    assert [text.encode() for text in found.texts()] == [files[name] for name in found.files]
    assert pq.ParquetFile(found.contents).num_row_groups == 4


def test_one_class_is_nothing_to_learn(home: Home, tmp_path: Path):
    files = {f"train/good/{number}.txt": GOOD.format(number).encode() for number in range(5)}
    files |= {f"test/good/{number}.txt": GOOD.format(number).encode() for number in range(5, 9)}
    with pytest.raises(DataError, match="class folders"):
        ingest(home, write_zip(tmp_path / "a.zip", files))


def test_pictures_beside_notes_stay_pictures(home: Home, tmp_path: Path):
    files = {"cat/1.png": picture(1), "dog/1.png": picture(2), "cat/notes.txt": b"a", "dog/notes.txt": b"b"}
    assert ingest(home, write_zip(tmp_path / "a.zip", files)).profile.layout == "image_folder"


def test_files_to_predict_on(home: Home, tmp_path: Path):
    made = ingest(home, write_zip(tmp_path / "a.zip", documents()))
    profile = load_profile(home, made.dataset_id)
    one = tmp_path / "one.txt"
    one.write_text("今天很好", encoding="gb18030")
    table = tmp_path / "new.csv"
    table.write_text("id,text\n1,Hello there\n2,\n", encoding="utf-8")
    flat = write_zip(tmp_path / "flat.zip", {"b.txt": b"second", "a.txt": b"first"})
    with read_input_file(home, one, profile) as brought:
        assert brought.frame["text"].tolist() == ["今天很好"] and brought.frame["file"].tolist() == ["one.txt"]
    with read_input_file(home, flat, profile) as brought:
        assert brought.frame["text"].tolist() == ["first", "second"] and brought.frame["file"].tolist() == [
            "a.txt",
            "b.txt",
        ]
    mixed = write_zip(
        tmp_path / "mixed.zip",
        {
            "c.txt": b"third",
            "b.txt": b" ",
            "a.exe": b"MZ\x00\x01\x00\x03\x00\x00",
            "d.txt": b"fourth",
            ".DS_Store": b"junk",
        },
    )
    with read_input_file(home, mixed, profile) as brought:
        assert brought.frame["file"].tolist() == ["a.exe", "b.txt", "c.txt", "d.txt"]
        assert brought.frame["text"].dropna().to_dict() == {2: "third", 3: "fourth"}
    with read_input_file(home, table, profile) as brought:
        assert brought.frame["text"].tolist()[0] == "Hello there" and brought.frame["text"].isna().tolist() == [
            False,
            True,
        ]
