import os
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from leyden.actions import import_path
from leyden.errors import DataError
from leyden.home import Home
from leyden.store.store import Store
from ui.routes import uploads
from ui.routes.uploads import clean_name, dataset_name, discard_upload, receive, remove_stale_uploads


@pytest.fixture(autouse=True)
def no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Imports stay queued: what happens to them then is not the routes' matter."""
    monkeypatch.setattr("leyden.actions.wake_supervisor", lambda home: None)


def test_an_upload_reaches_the_disk_and_queues_its_import(client: TestClient, home: Home, store: Store):
    content = os.urandom(3 * 2**20 + 17)
    response = client.put("/api/uploads", params={"name": "企鹅 数据.csv"}, content=content)
    answer = response.json()
    assert (response.status_code, answer["name"]) == (200, "企鹅 数据.csv")
    assert (home.uploads / answer["upload"] / "企鹅 数据.csv").read_bytes() == content
    (job,) = store.jobs.list(kinds=("ingest",))
    assert job.id == answer["job"]
    assert job.payload["name"] == "企鹅 数据"
    assert job.payload["remove_source"] is True


def test_a_stream_without_length_is_taken(client: TestClient, home: Home):
    def chunks() -> Iterator[bytes]:
        yield from (b"a,b\n", b"1,2\n")

    answer = client.put("/api/uploads?name=t.csv", content=chunks()).json()
    assert (home.uploads / answer["upload"] / "t.csv").read_bytes() == b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("/abs/olute.csv", "olute.csv"),
        ("C:\\Users\\me\\table.csv", "table.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("  spaced name .csv ", "spaced name .csv"),
        ("手势 图片.zip", "手势 图片.zip"),
        (".hidden", ".hidden"),
    ],
)
def test_names_stay_in_their_folder(name: str, expected: str):
    assert clean_name(name) == expected


@pytest.mark.parametrize("name", ["", " ", ".", "..", "a/..", "/", "\x00", "..\\"])
def test_names_that_are_none(name: str):
    with pytest.raises(DataError, match="needs the name"):
        clean_name(name)


def test_a_long_name_keeps_its_ending():
    name = clean_name("长" * 300 + ".tar.gz")
    assert name.endswith("长.tar.gz")
    assert len(name.encode()) <= 200


@pytest.mark.parametrize(
    ("name", "expected"), [("a.csv", "a"), ("my.data.v2.csv", "my.data.v2"), ("x.tar.gz", "x"), ("plain", "plain")]
)
def test_datasets_are_named_after_their_file(name: str, expected: str):
    assert dataset_name(name) == expected


def test_what_is_too_large_is_refused_before_it_is_read(client: TestClient, home: Home, monkeypatch):
    monkeypatch.setenv("LEYDEN_MAX_UPLOAD_GB", "0.001")
    response = client.put("/api/uploads?name=big.csv", content=b"x" * 1_000_001)
    assert response.status_code == 413
    assert "larger than the 0.001 GB" in response.json()["error"]
    assert list(home.uploads.iterdir()) == []


def test_a_stream_that_grows_too_large_is_cut_and_removed(client: TestClient, home: Home, monkeypatch):
    monkeypatch.setenv("LEYDEN_MAX_UPLOAD_GB", "0.002")

    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b"x" * 2**16

    response = client.put("/api/uploads?name=big.csv", content=endless())
    assert response.json()["code"] == "upload_too_large"
    assert list(home.uploads.iterdir()) == []


def test_a_full_disk_is_said(client: TestClient, home: Home, monkeypatch):
    monkeypatch.setattr(uploads, "SPARE_BYTES", 10**18)
    response = client.put("/api/uploads?name=t.csv", content=b"a\n1\n")
    assert response.status_code == 507
    assert "GB left" in response.json()["error"]
    assert list(home.uploads.iterdir()) == []


def test_an_empty_file_is_refused_and_removed(client: TestClient, home: Home):
    assert client.put("/api/uploads?name=t.csv", content=b"").json()["code"] == "upload_empty"
    assert list(home.uploads.iterdir()) == []


def test_a_cancelled_upload_leaves_nothing(client: TestClient, home: Home, store: Store):
    async def cancelled() -> int:
        scope = {
            "type": "http",
            "method": "PUT",
            "path": "/api/uploads",
            "query_string": b"name=t.csv",
            "headers": [
                (name.encode(), value.encode())
                for name, value in {
                    "host": "127.0.0.1:8501",
                    "origin": "http://127.0.0.1:8501",
                    "cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items()),
                }.items()
            ],
        }
        messages = [
            {"type": "http.request", "body": b"x" * 2**21, "more_body": True},
            {"type": "http.disconnect"},
        ]
        sent: list[dict[str, object]] = []

        async def hear() -> dict[str, object]:
            return messages.pop(0)

        async def say(message: dict[str, object]) -> None:
            sent.append(message)

        from starlette.requests import Request

        response = await uploads.upload(Request(scope, hear))
        await response(scope, hear, say)
        return int(str(sent[0]["status"]))

    assert anyio.run(cancelled) == 499
    assert list(home.uploads.iterdir()) == []
    assert store.jobs.list(kinds=("ingest",)) == []


def test_receiving_raises_what_the_stream_raises(home: Home):
    async def broken():
        yield b"x"
        raise ClientDisconnect

    with pytest.raises(ClientDisconnect):
        anyio.run(receive, broken(), home.uploads / "t", "t.csv")


def test_stale_uploads_are_removed_and_waiting_ones_stay(client: TestClient, home: Home, store: Store):
    waiting = client.put("/api/uploads?name=t.csv", content=b"a\n1\n").json()["upload"]
    long_ago = time.time() - 2 * uploads.STALE_AFTER_S
    for name in ("left", "arriving"):
        (home.uploads / name).mkdir()
        (home.uploads / name / "t.csv").write_bytes(b"a")
    for path in (*home.uploads.glob("*/*"), *home.uploads.glob("*")):
        if "arriving" not in str(path):
            os.utime(path, (long_ago, long_ago))
    remove_stale_uploads(home, store)
    assert {path.name for path in home.uploads.iterdir()} == {waiting, "arriving"}


def test_only_an_upload_is_discarded(client: TestClient, home: Home, store: Store, tmp_path: Path):
    answer = client.put("/api/uploads?name=t.csv", content=b"a\n1\n").json()
    mine = tmp_path / "mine" / "t.csv"
    mine.parent.mkdir()
    mine.write_text("a\n1\n")
    for source, removed in ((mine, False), (mine, True)):
        discard_upload(home, import_path(home, store, source, remove_source=removed))
    assert mine.exists()
    discard_upload(home, store.jobs.get(answer["job"]))
    assert not (home.uploads / answer["upload"]).exists()
