import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from leyden.secrets import secret_in


def test_all_who_ask_at_once_get_the_same_secret(tmp_path: Path):
    path = tmp_path / "token"
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _: secret_in(path), range(64)))
    assert found == {path.read_text()} and len(path.read_text()) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
