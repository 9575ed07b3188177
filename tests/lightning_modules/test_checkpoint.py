import pickle

import pytest
import torch

from leyden.errors import RunError
from leyden.run_folder import BEST, LAST
from lightning_modules import work
from lightning_modules.checkpoint import FORMAT, load_checkpoint, load_last
from lightning_modules.files import write_atomically
from tests.lightning_modules.workspace import claim


@pytest.fixture
def folder(home, store, flowers_run):
    run = flowers_run()
    work.train(claim(home, store))
    return home.run(run.id)


def test_checkpoints_hold_plain_data_and_tensors(folder):
    for name in (BEST, LAST):
        content = torch.load(folder / name, weights_only=True)
        assert content["format"] == FORMAT and content["classes"] == ["iris", "rose", "tulip"]
    assert load_checkpoint(folder / BEST).training is None
    last = load_checkpoint(folder / LAST)
    assert last.training["position"]["epoch"] == 3 and last.epoch == 3.0
    assert last.spec.data.target == "kind"


def test_nothing_else_is_unpickled(tmp_path):
    path = tmp_path / "evil.ckpt"

    class Evil:
        def __reduce__(self):
            return (print, ("unpickled",))

    torch.save({"format": FORMAT, "evil": Evil()}, path)
    with pytest.raises(RunError, match="cannot be read"):
        load_checkpoint(path)
    path.write_bytes(pickle.dumps(Evil(), protocol=2))
    with pytest.raises(RunError, match="cannot be read"):
        load_checkpoint(path)


def test_a_newer_format_is_refused_with_a_sentence(folder):
    content = torch.load(folder / BEST, weights_only=True)
    torch.save({**content, "format": FORMAT + 1}, folder / BEST)
    with pytest.raises(RunError, match=r"newer Leyden \(format 2, this one reads up to 1\)"):
        load_checkpoint(folder / BEST)


def test_missing_and_broken_files(folder, tmp_path):
    assert load_last(tmp_path) is None
    with pytest.raises(RunError, match="no checkpoint at"):
        load_checkpoint(tmp_path / BEST)
    for content in (b"", b"nonsense", b"species,island\n", (folder / LAST).read_bytes()[:-100]):
        (tmp_path / LAST).write_bytes(content)
        with pytest.raises(RunError, match="cannot be read"):
            load_last(tmp_path)


def test_an_interrupted_write_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, lambda file: file.write(b"first"))

    def fail(file):
        file.write(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, fail)
    assert path.read_bytes() == b"first" and list(tmp_path.iterdir()) == [path]


def test_the_file_before_is_kept(tmp_path):
    path, keep = tmp_path / "file", tmp_path / "file-1"
    for content in (b"first", b"second", b"third"):
        write_atomically(path, lambda file, content=content: file.write(content), keep=keep)
    assert path.read_bytes() == b"third" and keep.read_bytes() == b"second"
