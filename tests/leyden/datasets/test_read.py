import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from leyden.datasets.ingest import ingest
from leyden.datasets.read import load_profile, read_frame, sample_rows, thumbnail
from leyden.errors import DataError
from leyden.home import PROJECT, Home
from tests.leyden.datasets.pictures import class_files, picture, write_zip


@pytest.fixture
def table(bench):
    rows = "\n".join(
        f"{i},{i / 2},w{i % 3},2020-01-{1 + i % 28:02d},{'true' if i % 2 else ''}" for i in range(100)
    )
    return bench.read(f"a,b,c,d,e\n{rows}\n")


def test_types(home: Home, table):
    frame = read_frame(home, table.dataset_id)
    types = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    assert types == {"a": "int64", "b": "float64", "c": "str", "d": "datetime64[us]", "e": "object"}
    assert frame.index.name == "__row_id"
    assert frame.index.tolist() == list(range(100))


def test_chosen_columns_and_rows(home: Home, table):
    frame = read_frame(home, table.dataset_id, columns=["c", "a"], row_ids=[70, 3, 50])
    assert frame.columns.tolist() == ["c", "a"]
    assert frame.index.tolist() == [3, 50, 70]
    assert frame["a"].tolist() == [3, 50, 70]
    assert len(read_frame(home, table.dataset_id, row_ids=[])) == 0


def test_unknown_columns_and_datasets(home: Home, table):
    with pytest.raises(DataError, match="no column 'z'; the columns are a, b, c, d, e"):
        read_frame(home, table.dataset_id, columns=["a", "z"])
    for read in (load_profile, read_frame):
        with pytest.raises(DataError, match="files of dataset 'd0'"):
            read(home, "d0")


def test_sample_rows(home: Home, table):
    assert sample_rows(home, table.dataset_id, 7).index.tolist() == list(range(7))
    assert len(sample_rows(home, table.dataset_id, 1000)) == 100


def test_thumbnails(home: Home, tmp_path: Path):
    files = class_files() | {"cat/large.jpg": picture((9, 9, 9), kind="JPEG", size=(400, 200))}
    made = ingest(home, write_zip(tmp_path / "a.zip", files))
    frame = read_frame(home, made.dataset_id)
    sha256 = frame.loc[frame["file"] == "cat/large.jpg", "image"].iloc[0]
    path = thumbnail(home, sha256, 64)
    assert path.is_relative_to(home.cache)
    with Image.open(path) as image:
        assert image.size == (64, 32)
    made_at = path.stat().st_mtime_ns
    assert thumbnail(home, sha256, 60).stat().st_mtime_ns == made_at
    with pytest.raises(DataError, match="no picture"):
        thumbnail(home, "0" * 64, 64)


def test_importing_it_is_light():
    code = "import sys, leyden.datasets.read; print([m for m in ('duckdb', 'sklearn', 'PIL') if m in sys.modules])"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, cwd=PROJECT
    )
    assert shown.stdout.strip() == "[]"
