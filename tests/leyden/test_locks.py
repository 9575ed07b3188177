"""A lock tells whether its holder lives; looking at it must disturb nobody."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from leyden.locks import FileLock, is_held


def test_it_is_held_until_it_is_given_back(tmp_path: Path):
    path = tmp_path / "a.lock"
    with FileLock(path) as lock:
        assert lock.acquire()
        assert is_held(path)
        assert not FileLock(path).acquire()
    assert not is_held(path)
    with FileLock(path) as again:
        assert again.acquire()


def test_those_who_look_do_not_take_each_other_for_its_holder(tmp_path: Path):
    path = tmp_path / "a.lock"
    path.touch()
    with ThreadPoolExecutor(8) as threads:
        assert not any(threads.map(lambda number: is_held(path), range(4000)))


def test_looking_makes_no_file(tmp_path: Path):
    assert not is_held(tmp_path / "a.lock")
    assert list(tmp_path.iterdir()) == []
