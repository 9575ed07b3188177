import errno
import pickle
from pathlib import Path

import pytest
import torch

from leyden.errors import RunError
from leyden.run_folder import BEST, LAST, LAST_BEFORE
from lightning_modules import load, work
from lightning_modules.checkpoint import FORMAT, load_best, load_checkpoint, load_last
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
        with pytest.raises(RunError, match="not one of Leyden's") as failure:
            load(tmp_path / LAST)
        assert "Reader" not in str(failure.value) and failure.value.__cause__, "torch's words are for the log"


def test_the_last_but_one_takes_over_and_the_log_says_why(folder, capsys):
    (folder / LAST_BEFORE).write_bytes((folder / LAST).read_bytes())
    (folder / LAST).write_bytes(b"nonsense")
    assert load_last(folder).epoch == 3.0
    assert capsys.readouterr().out == f"{LAST} is damaged. Going on from {LAST_BEFORE}.\n"


def test_a_run_that_cannot_go_on_says_what_it_is_still_good_for(folder):
    for name in (LAST, LAST_BEFORE):
        (folder / name).write_bytes((folder / BEST).read_bytes()[:2000])
    with pytest.raises(RunError) as failure:
        load_last(folder)
    assert failure.value.message.code == "last_broken" and f"({LAST}, {LAST_BEFORE})" in str(failure.value)
    (folder / LAST_BEFORE).unlink()
    for damage in (lambda best: best.write_bytes(b""), Path.unlink):
        damage(folder / BEST)
        with pytest.raises(RunError) as failure:
            load_last(folder)
        assert failure.value.message.code == "last_and_best_broken" and f"({LAST})" in str(failure.value)


def test_a_damaged_best_checkpoint_says_what_is_left_to_do(folder):
    assert load_best(folder).epoch <= 3
    (folder / BEST).write_bytes(b"nonsense")
    with pytest.raises(RunError, match="so nothing can be predicted or reported with it"):
        load_best(folder)
    (folder / BEST).unlink()
    with pytest.raises(RunError, match="no checkpoint at"):
        load_best(folder)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "must be allowed to read it"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "allocate"),
    ],
)
def test_a_file_that_cannot_be_loaded_now_is_not_called_damaged(folder, monkeypatch, error, told):
    def refuse(*arguments, **options):
        raise error

    monkeypatch.setattr(torch, "load", refuse)
    with pytest.raises((RunError, RuntimeError), match=told) as failure:
        load_best(folder)
    assert "damaged" not in str(failure.value)


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
