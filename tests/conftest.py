import os
from pathlib import Path

import pytest

from leyden.home import Home
from leyden.store.store import Store, open_store

# Two noisy cores: a test gains nothing from threads, and loses when several run at once.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A workspace of its own, which child processes of the test find too."""
    monkeypatch.setenv("LEYDEN_HOME", str(tmp_path / "workspace"))
    return Home(tmp_path / "workspace").create()


@pytest.fixture
def store(home: Home):
    opened: Store = open_store(home)
    yield opened
    opened.close()
