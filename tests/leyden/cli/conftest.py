import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from leyden.cli.app import main
from leyden.home import Home
from tests.leyden.cli.tables import penguins


@dataclass(frozen=True)
class Answer:
    """What one command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout; anything else there fails the test."""
        return json.loads(self.out)


@pytest.fixture
def leyden(home: Home, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Runs one command in this process, on a workspace of the test's own."""

    def run(*arguments: str | Path) -> Answer:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return Answer(code, *capsys.readouterr())

    return run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A small CSV file whose kinds can be told from two numbers."""
    return penguins(tmp_path / "birds.csv")
