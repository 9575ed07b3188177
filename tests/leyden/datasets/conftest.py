from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from leyden.datasets.ingest import Ingested, ingest
from leyden.datasets.profile import ReadOptions
from leyden.datasets.read import read_frame
from leyden.home import Home


class Bench:
    """Brings files into a workspace and reads them back."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home = home
        self.folder = folder

    def write(self, content: str | bytes, name: str = "data.csv", encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def read(
        self, content: str | bytes, name: str = "data.csv", encoding: str = "utf-8", **options: object
    ) -> Ingested:
        return ingest(self.home, self.write(content, name, encoding), options=ReadOptions(**options))

    def frame(self, made: Ingested) -> pd.DataFrame:
        return read_frame(self.home, made.dataset_id)

    def rows(self, made: Ingested) -> list[tuple]:
        frame = self.frame(made).astype(object)
        return list(frame.where(frame.notna(), None).itertuples(index=False, name=None))


@pytest.fixture
def bench(home: Home, tmp_path: Path) -> Bench:
    folder = tmp_path / "files"
    folder.mkdir()
    return Bench(home, folder)


@pytest.fixture
def make_profile(bench: Bench) -> Callable:
    """Profiles a table given as columns."""

    def make(**columns: list) -> Ingested:
        frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
        return bench.read(frame.to_csv(index=False))

    return make
