"""The benchmarks' command lines; what they measure takes minutes, and is not tried here."""

import importlib
import sys

import pytest

from leyden.home import PROJECT

COMMANDS = sorted(
    path.stem for path in (PROJECT / "benchmarks").glob("*.py") if "def main()" in path.read_text(encoding="utf-8")
)


def call(command: str, argument: str, monkeypatch: pytest.MonkeyPatch) -> object:
    """How it ends when called with this argument."""
    module = importlib.import_module(f"benchmarks.{command}")
    monkeypatch.setattr(sys, "argv", [f"benchmarks.{command}", argument])
    # Nothing is measured, should it not end at its arguments.
    monkeypatch.setattr("tempfile.TemporaryDirectory", None)
    with pytest.raises(SystemExit) as ended:
        module.main()
    return ended.value.code


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_given(command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    assert call(command, "--help", monkeypatch) == 0
    assert f"python -m benchmarks.{command}" in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_unknown_arguments_are_refused(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert call(command, "--no-such-thing", monkeypatch) == 2
    assert "--no-such-thing" in capsys.readouterr().err
