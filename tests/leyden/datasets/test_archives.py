import tarfile
import zipfile
from pathlib import Path

import pytest

from leyden.datasets import archives
from leyden.datasets.archives import check_name, open_entries
from leyden.datasets.ingest import ingest
from leyden.errors import DataError
from leyden.home import Home
from tests.leyden.datasets.pictures import (
    class_files,
    picture,
    write_raw_names,
    write_tar,
    write_tar_member,
    write_zip,
)


def names_of(path: Path, source_format: str) -> list[str]:
    with open_entries(path, source_format) as entries:
        return [entry.name for entry in entries]


@pytest.mark.parametrize(
    "name",
    ["../x.png", "a/../../x.png", "/etc/passwd", "C:\\x.png", "..\\x.png", "\\\\host\\x.png", "a/\x00b", "a\nb"],
)
def test_names_that_lead_elsewhere_are_refused(name: str):
    with pytest.raises(DataError, match="it was refused"):
        check_name(name)


def test_harmless_names():
    assert check_name("./a//b\\c..png") == "a/b/c..png"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_files_of_one_name_are_told_apart_and_a_real_name_is_kept(tmp_path: Path):
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.png", "a.png", "a (2).png", "a.png", "b", "b", "a (2).png"):
            archive.writestr(name, b"")
    assert names_of(path, "zip") == [
        "a.png",
        "a (3).png",
        "a (2).png",
        "a (4).png",
        "b",
        "b (2)",
        "a (2) (2).png",
    ]


def test_a_hundred_thousand_files_of_one_name_take_no_time():
    given = archives.Names()
    assert [given.give("a") for _ in range(100_000)][-1] == "a (100000)"


@pytest.mark.parametrize("name", ["../../evil.png", "/tmp/evil.png", "cat/../../evil.png"])
@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_a_traversing_archive_writes_nothing(home: Home, tmp_path: Path, name: str, write):
    path = write(tmp_path / "evil.archive", {**class_files(), name: picture()})
    with pytest.raises(DataError, match="it was refused"):
        ingest(home, path)
    assert not list(tmp_path.rglob("evil.png"))
    assert not list((home.root / "datasets").glob("d*"))
    assert not list(home.media.rglob("*"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_refused(home: Home, tmp_path: Path, kind: bytes):
    path = write_tar_member(tmp_path / "evil.tar.gz", "cat/link.png", kind, "/etc/passwd")
    with pytest.raises(DataError, match="a link or a device"):
        ingest(home, path)


def test_links_in_a_zip_are_refused(home: Home, tmp_path: Path):
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cat/1.png", picture())
        link = zipfile.ZipInfo("cat/2.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(DataError, match="a link or a device"):
        ingest(home, path)


@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_a_bomb_is_refused(home: Home, tmp_path: Path, write, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MIN_SUSPICIOUS_BYTES", 1 << 20)
    path = write(tmp_path / "bomb.archive", {**class_files(), "cat/bomb.png": picture() + bytes(8 << 20)})
    with pytest.raises(DataError, match="more than 200 times its size"):
        ingest(home, path)
    assert not list(home.media.rglob("*"))


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("name", ["notes.txt", "__MACOSX/big"])
def test_a_bomb_that_nobody_reads_is_refused_before_it_is_unpacked(
    tmp_path: Path, mode: str, name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(archives, "MIN_SUSPICIOUS_BYTES", 1 << 20)
    path = write_tar(tmp_path / "bomb.tar", {"cat/1.png": picture(), name: bytes(8 << 20), "z.txt": b""}, mode)
    seen = []
    with pytest.raises(DataError, match="more than 200 times its size"), open_entries(path, "tar") as entries:
        seen.extend(entry.name for entry in entries)
    assert name not in seen


def test_members_of_a_tar_are_counted_whatever_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_FILES", 10)
    path = tmp_path / "folders.tar"
    with tarfile.open(path, "w") as archive:
        for index in range(11):
            folder = tarfile.TarInfo(f"folder{index}")
            folder.type = tarfile.DIRTYPE
            archive.addfile(folder)
    with pytest.raises(DataError, match="no more than 10 files"):
        names_of(path, "tar")


def test_a_packed_table_that_is_a_bomb_is_refused(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MIN_SUSPICIOUS_BYTES", 1 << 20)
    with pytest.raises(DataError, match="more than 200 times its size"):
        ingest(home, write_zip(tmp_path / "bomb.zip", {"table.csv": b"1,2\n" * (4 << 20)}))


def test_absurd_counts_are_refused(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_FILES", 10)
    for path in (write_zip(tmp_path / "a.zip", class_files()), write_tar(tmp_path / "a.tar", class_files(), "w")):
        with pytest.raises(DataError, match="no more than 10 files"):
            ingest(home, path)


def test_what_does_not_fit_on_the_disk_is_refused(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "KEEP_FREE_BYTES", 1 << 60)
    with pytest.raises(DataError, match="make room first"):
        ingest(home, write_zip(tmp_path / "a.zip", class_files()))


def test_a_password_is_refused(tmp_path: Path, home: Home):
    path = write_zip(tmp_path / "a.zip", class_files(), zipfile.ZIP_STORED)
    raw = bytearray(path.read_bytes())
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        raw[at + 8] |= 1
        at = raw.find(b"PK\x01\x02", at + 4)
    path.write_bytes(raw)
    with pytest.raises(DataError, match="password"):
        ingest(home, path)


@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_a_truncated_archive_is_refused(home: Home, tmp_path: Path, write):
    path = write(tmp_path / "a.archive", class_files(per_class=40))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DataError, match="damaged or was not copied completely"):
        ingest(home, path)
    assert not list((home.root / "datasets").glob("d*"))


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("gb18030", "猫咪/图片.png"),
        ("utf-8", "猫咪/图片.png"),
        ("cp437", "café/façade.png"),
        ("utf-8", "café/ü.png"),
    ],
)
def test_names_of_undeclared_encoding(tmp_path: Path, encoding: str, name: str):
    path = write_raw_names(tmp_path / "a.zip", {name.encode(encoding): picture()})
    assert names_of(path, "zip") == [name]


def test_declared_names_blanks_and_backslashes(tmp_path: Path):
    path = write_zip(tmp_path / "a.zip", {"my cats/猫 1.png": b"x", "dogs\\2.png": b"x"})
    assert names_of(path, "zip") == ["my cats/猫 1.png", "dogs/2.png"]


def test_files_that_systems_leave_behind_are_junk(tmp_path: Path):
    names = [
        "__MACOSX/cat/._1.png",
        "cat/.DS_Store",
        "cat/Thumbs.db",
        "cat/desktop.ini",
        ".git/x.png",
        "cat/1.png",
    ]
    path = write_zip(tmp_path / "a.zip", dict.fromkeys(names, b"x"))
    with open_entries(path, "zip") as entries:
        assert [entry.name for entry in entries if not entry.is_junk] == ["cat/1.png"]
