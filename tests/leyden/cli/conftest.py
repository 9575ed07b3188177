import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from leyden import actions
from leyden.cli import waiting
from leyden.cli.app import main
from leyden.datasets.ingest import ingest
from leyden.engine import local
from leyden.home import Home
from leyden.messages.render import Message
from leyden.store.records import State
from leyden.store.store import Store
from tests.leyden.cli.tables import penguins
from tests.leyden.factories import CPU


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


@pytest.fixture(autouse=True)
def nobody_supervises(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued stays queued."""
    for module in (actions, waiting):
        monkeypatch.setattr(module, "wake_supervisor", lambda home: False)
    monkeypatch.setattr(local, "STARTING_S", 0.0)


@pytest.fixture
def dataset(home: Home, store: Store, table: Path) -> str:
    made = ingest(home, table)
    return store.datasets.add(made.dataset_id, name="birds", profile=made.profile, size_bytes=1).id


@pytest.fixture
def run(leyden, dataset: str) -> str:
    """A queued run."""
    return leyden("train", "--data", dataset, "--target", "species", "--no-wait", "--json").json["run"]


def ends_as(state: State, code: str | None, store: Store) -> Callable[[Home], bool]:
    """A supervisor whose every job comes to this end at once."""

    def wake(home: Home) -> bool:
        job = store.queue.claim_next("device", "tests", **CPU)
        if job:
            reason = Message(code=code, params={"kind": "OSError", "detail": "no such device"}) if code else None
            store.jobs.end(job.id, "tests", state, reason=reason)
        return False

    return wake


def require_one_sentence(answer) -> None:
    """Bad usage, data or spec: code 2, nothing on stdout, the reason in one line on stderr."""
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("leyden: ") and answer.err.count("\n") == 1
    assert "Traceback" not in answer.err


def in_words(value: object) -> str | None:
    return " ".join(value) if isinstance(value, list) else None


class Piped:
    """What stands at the other end of a pipe into standard input."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)
