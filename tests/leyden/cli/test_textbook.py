"""docs/textbook.md shows set-ups that exist: each command's options make a spec that a run can start with,
and it is the spec beside it."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from leyden.datasets.ingest import ingest
from leyden.home import PROJECT, Home
from leyden.spec.check import require
from leyden.spec.defaults import default_spec
from leyden.spec.fields import dotted_fields, flat, set_dotted
from leyden.spec.model import Spec
from leyden.spec.parse import parse
from leyden.spec.partial import check_partial, completed
from lightning_modules.catalog import catalogue

DOCUMENT = (PROJECT / "docs" / "textbook.md").read_text(encoding="utf-8")
SECTIONS = [section for section in DOCUMENT.split("\n## ")[1:] if "```sh" in section]


def blocks(section: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)


def arguments(section: str) -> dict[str, list[str]]:
    """The options of a section's command."""
    (command,) = blocks(section, "sh")
    words = shlex.split(command.replace("\\\n", " "))
    assert words[:4] == ["python", "-m", "leyden", "train"]
    found: dict[str, list[str]] = {}
    for name, value in zip(words[4::2], words[5::2], strict=True):
        found.setdefault(name, []).append(value)
    return found


def architectures(spec: Spec) -> list[str]:
    return [f"architecture.{modality}" for modality in spec.architecture]


def leaves(shown: dict[str, Any], way: str = "") -> dict[str, Any]:
    """What a shown spec says, by dotted name; a choice by its own."""
    found: dict[str, Any] = {}
    for name, value in shown.items():
        dotted = f"{way}.{name}" if way else name
        found |= leaves(value, dotted) if isinstance(value, dict) else {dotted.removesuffix(".name"): value}
    return found


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.partition("\n")[0])
def test_a_set_up_is_one_that_can_be_trained(home: Home, tmp_path: Path, monkeypatch, section: str):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "assets").symlink_to(PROJECT / "assets")
    for script in blocks(section, "python"):
        exec(compile(script, "docs/textbook.md", "exec"), {})
    given = arguments(section)
    made = ingest(home, Path(given["--data"][0]))
    target = given.get("--target", [None])[0]
    spec = default_spec(made.dataset_id, made.profile, catalogue(), target, given["--architecture"][0])
    changes = dict(change.split("=", 1) for change in given["--set"])
    spec = require(set_dotted(spec, changes, catalogue()), made.profile, catalogue())
    values, fields = flat(spec), dotted_fields(spec, catalogue())
    assert {name: values[name] for name in changes} == {
        name: parse(fields[name], changes[name]) for name in changes
    }
    (shown,) = map(json.loads, blocks(section, "json"))
    assert leaves(shown) == {name: values[name] for name in (*changes, "data.target", *architectures(spec))}
    usual = default_spec(made.dataset_id, made.profile, catalogue(), shown["data"]["target"])
    assert require(completed(check_partial(shown), usual, catalogue()), made.profile, catalogue()) == spec
