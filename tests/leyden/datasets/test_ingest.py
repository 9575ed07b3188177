import signal
import subprocess
import sys
from pathlib import Path

import pytest

from leyden.datasets.ingest import ingest, reread
from leyden.datasets.profile import ReadOptions
from leyden.datasets.read import read_frame
from leyden.errors import DataError
from leyden.home import PROJECT, Home
from tests.leyden.datasets.pictures import class_files, write_folder, write_zip

TABLE = "a,b\n1,x\n2,y\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return path


def leftovers(home: Home) -> list[str]:
    return [path.name for path in (home.root / "datasets").iterdir() if path.name.startswith(".new-")]


def test_the_folder_of_a_dataset(home: Home, table: Path):
    made = ingest(home, table)
    folder = home.dataset(made.dataset_id)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert files == ["profile.json", "source/table.csv", "table.parquet"]
    assert made.size_bytes == sum((folder / file).stat().st_size for file in files)
    assert made.dataset_id[0] == "d" and len(made.dataset_id) == 13
    assert leftovers(home) == []
    assert table.exists()


def test_the_same_source_is_the_same_dataset(home: Home, table: Path, tmp_path: Path):
    first = ingest(home, table)
    before = (home.dataset(first.dataset_id) / "table.parquet").stat().st_mtime_ns
    copy = tmp_path / "copy.csv"
    copy.write_text(TABLE)
    again = ingest(home, copy)
    assert again.dataset_id == first.dataset_id
    assert again.profile == first.profile
    assert (home.dataset(first.dataset_id) / "table.parquet").stat().st_mtime_ns == before


def test_other_bytes_or_options_are_another_dataset(home: Home, table: Path):
    ids = {ingest(home, table).dataset_id, ingest(home, table, options=ReadOptions(has_header=False)).dataset_id}
    table.write_text(TABLE + "3,z\n")
    ids.add(ingest(home, table).dataset_id)
    assert len(ids) == 3


def test_chosen_kinds_are_checked_and_not_part_of_it(home: Home, table: Path):
    plain = ingest(home, table)
    assert ingest(home, table, kinds={"a": "category"}).dataset_id == plain.dataset_id
    assert ingest(home, table, kinds={"a": "category"}).profile == plain.profile
    with pytest.raises(DataError, match="chosen for 'c', but the columns are a, b"):
        ingest(home, table, kinds={"c": "number"})


def test_a_folder_is_its_names_and_contents(home: Home, tmp_path: Path):
    files = class_files()
    first = ingest(home, write_folder(tmp_path / "one", files)).dataset_id
    assert ingest(home, write_folder(tmp_path / "two", dict(reversed(files.items())))).dataset_id == first
    files["cat/other.png"] = files.pop("cat/1.png")
    assert ingest(home, write_folder(tmp_path / "three", files)).dataset_id != first


def test_reading_again_with_other_options(home: Home, table: Path):
    first = ingest(home, table)
    table.unlink()
    other = reread(home, first.dataset_id, ReadOptions(has_header=False))
    assert read_frame(home, other.dataset_id)["column0"].tolist() == ["a", "1", "2"]
    assert other.profile.source_name == "table.csv"
    assert reread(home, other.dataset_id, ReadOptions()).dataset_id == first.dataset_id


def test_pictures_cannot_be_read_again(home: Home, tmp_path: Path):
    made = ingest(home, write_zip(tmp_path / "a.zip", class_files()))
    with pytest.raises(DataError, match="keeps no table file"):
        reread(home, made.dataset_id, ReadOptions())


def test_what_fails_leaves_nothing(home: Home, table: Path):
    table.write_text("a,b\n")
    with pytest.raises(DataError):
        ingest(home, table)
    assert [path.name for path in (home.root / "datasets").iterdir()] == [".lock"]


def test_what_the_progress_raises_ends_the_work(home: Home, table: Path):
    def stop(fraction, code, **params):
        if code == "profiling":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(home, table, progress=stop)
    assert [path.name for path in (home.root / "datasets").iterdir()] == [".lock"]


KILLED = """
import os, signal, sys
from pathlib import Path
from leyden.datasets.ingest import ingest
from leyden.home import Home

def progress(fraction, code, **params):
    if code == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

ingest(Home(Path(sys.argv[1])), Path(sys.argv[2]), progress=progress)
"""


@pytest.mark.fault
@pytest.mark.parametrize("moment", ["reading_table", "publishing"])
def test_a_killed_ingestion_leaves_no_half_dataset(home: Home, table: Path, moment: str):
    command = [sys.executable, "-c", KILLED, str(home.root), str(table), moment]
    ended = subprocess.run(command, timeout=120, check=False, cwd=PROJECT)
    assert ended.returncode == -signal.SIGKILL
    assert not list((home.root / "datasets").glob("d*"))
    assert len(leftovers(home)) == 2
    made = ingest(home, table)
    assert made.profile.num_rows == 2
    assert leftovers(home) == []


def test_an_ingestion_at_work_is_not_taken_for_a_leftover(home: Home, table: Path, tmp_path: Path):
    other = tmp_path / "other.csv"
    other.write_text("p,q\n1,2\n3,4\n")
    inner = []

    def meanwhile(fraction, code, **params):
        if code == "profiling" and not inner:
            inner.append(None)
            inner[0] = ingest(home, other)

    outer = ingest(home, table, progress=meanwhile)
    assert outer.profile.num_rows == 2
    assert inner[0].profile.num_rows == 2
