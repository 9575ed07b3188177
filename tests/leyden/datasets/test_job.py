from pathlib import Path

import pytest

from leyden.actions import import_path
from leyden.datasets.ingest import ingest_job
from leyden.errors import DataError
from leyden.home import Home
from leyden.jobs.context import JobContext, JobStopped
from leyden.store.store import Store


class Queue:
    """Queues an import and runs it here."""

    def __init__(self, home: Home, store: Store) -> None:
        self.home, self.store = home, store

    def context(self, path: Path, **arguments: object) -> JobContext:
        payload = {
            "path": str(path),
            "name": path.stem,
            "options": {},
            "kinds": {},
            "remove_source": False,
            **arguments,
        }
        job = self.store.jobs.add("ingest", lane="light", subject=path.name, payload=payload)
        return JobContext(self.home, self.store, job, "test")


@pytest.fixture
def queue(home: Home, store: Store) -> Queue:
    return Queue(home, store)


@pytest.fixture
def upload(home: Home) -> Path:
    folder = home.uploads / "some-id"
    folder.mkdir()
    path = folder / "pets.csv"
    path.write_text("a,b,c\n" + "1,x,2\n2,y,4\n3,z,7\n" * 20)
    return path


def test_the_job_records_the_dataset(queue: Queue, upload: Path, store: Store):
    result = ingest_job(queue.context(upload, name="My pets", kinds={"a": "number"}))
    dataset = store.datasets.get(result["dataset"])
    assert result == {"dataset": dataset.id, "rows": 60, "columns": 3}
    assert (dataset.name, dataset.num_rows, dataset.kinds) == ("My pets", 60, {"a": "number"})
    assert dataset.size_bytes > 0
    assert upload.exists()


def test_an_upload_is_removed_with_its_folder(queue: Queue, upload: Path):
    ingest_job(queue.context(upload, remove_source=True))
    assert not upload.parent.exists()


def test_a_persons_own_folder_is_never_removed(queue: Queue, tmp_path: Path):
    path = tmp_path / "own" / "pets.csv"
    path.parent.mkdir()
    path.write_text("a,b\n1,2\n")
    (path.parent / "other.txt").write_text("keep me")
    ingest_job(queue.context(path, remove_source=True))
    assert (path.parent / "other.txt").exists()


def test_options_are_used(queue: Queue, upload: Path):
    assert ingest_job(queue.context(upload, options={"has_header": False}))["rows"] == 61


def test_an_unreadable_upload_is_removed_too(queue: Queue, upload: Path):
    upload.write_text("")
    with pytest.raises(DataError):
        ingest_job(queue.context(upload, remove_source=True))
    assert not upload.parent.exists()


def test_a_stop_is_obeyed(queue: Queue, upload: Path, store: Store, home: Home, monkeypatch: pytest.MonkeyPatch):
    context = queue.context(upload, remove_source=True)
    monkeypatch.setattr(context, "is_stop_requested", lambda: True)
    with pytest.raises(JobStopped):
        ingest_job(context)
    assert store.datasets.list() == []
    assert [path.name for path in (home.root / "datasets").iterdir()] == [".lock"]


def test_the_payload_that_actions_write_is_understood(home: Home, store: Store, upload: Path, monkeypatch):
    monkeypatch.setattr("leyden.actions.wake_supervisor", lambda home: None)
    job = import_path(home, store, upload)
    assert ingest_job(JobContext(home, store, job, "test"))["rows"] == 60
