from pathlib import Path

from leyden.datasets.ingest import ingest
from leyden.datasets.media import delete_dataset_files, media_of, pixels_folder
from leyden.datasets.read import thumbnail
from leyden.home import Home
from tests.leyden.datasets.pictures import class_files, distinct, write_zip


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_equal_pictures_are_stored_once(home: Home, tmp_path: Path):
    files = class_files()
    first = ingest(home, write_zip(tmp_path / "a.zip", files))
    second = ingest(home, write_zip(tmp_path / "b.zip", files | {"dog/new.png": distinct(99)[98]}))
    assert len(files_in(home.media)) == 13
    assert media_of(home, first.dataset_id) < media_of(home, second.dataset_id)


def test_media_go_with_the_last_dataset_that_refers_to_them(home: Home, tmp_path: Path):
    files = class_files()
    first = ingest(home, write_zip(tmp_path / "a.zip", files))
    second = ingest(home, write_zip(tmp_path / "b.zip", files | {"dog/new.png": distinct(99)[98]}))
    only_first = sum(path.stat().st_size for path in files_in(home.dataset(first.dataset_id)))
    assert delete_dataset_files(home, first.dataset_id) == only_first
    assert not home.dataset(first.dataset_id).exists()
    assert len(files_in(home.media)) == 13
    small = thumbnail(home, next(iter(media_of(home, second.dataset_id))), 64)
    rest = [*files_in(home.dataset(second.dataset_id)), *files_in(home.media), small]
    expected = sum(path.stat().st_size for path in rest)
    assert delete_dataset_files(home, second.dataset_id) == expected
    assert files_in(home.media) == []
    assert not small.exists()


def test_tables_have_no_media(home: Home, bench):
    made = bench.read("a,b\n1,x\n2,y\n")
    assert media_of(home, made.dataset_id) == set()
    assert delete_dataset_files(home, made.dataset_id) == made.size_bytes
    assert delete_dataset_files(home, made.dataset_id) == 0


def test_decoded_pictures_go_with_their_dataset(home: Home, bench):
    made = bench.read("a,b\n1,x\n2,y\n")
    folder, other = pixels_folder(home, made.dataset_id), pixels_folder(home, "d-kept")
    home.dataset("d-kept").mkdir()
    for one in (folder, other):
        one.mkdir(parents=True)
        with (one / "0-64.pixels").open("wb") as file:
            file.write(b"x" * 8192)
            file.truncate(1 << 30)
    used = 512 * (folder / "0-64.pixels").stat().st_blocks
    assert 8192 <= used < 1 << 30
    assert delete_dataset_files(home, made.dataset_id) == made.size_bytes + used
    assert not folder.exists() and other.exists()


def test_media_left_by_a_crash_are_swept(home: Home, bench):
    stray = home.media_file("ab" * 32)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"12345")
    made = bench.read("a,b\n1,x\n2,y\n")
    assert delete_dataset_files(home, made.dataset_id) == made.size_bytes + 5
    assert not stray.exists()


def test_a_deleted_dataset_can_be_brought_again(home: Home, tmp_path: Path):
    path = write_zip(tmp_path / "a.zip", class_files())
    first = ingest(home, path)
    delete_dataset_files(home, first.dataset_id)
    again = ingest(home, path)
    assert again == first
    assert len(files_in(home.media)) == 12
