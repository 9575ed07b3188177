"""The rules of the house that a machine can check."""

import ast
import re
from pathlib import Path

import pytest

from leyden.home import PROJECT

AREAS = ("leyden", "lightning_modules", "ui", "pages", "app")
MAY_IMPORT = {
    "leyden": {"leyden"},
    "leyden/cli": {"leyden", "lightning_modules.catalog"},
    "lightning_modules": {"leyden", "lightning_modules"},
    "ui": {"leyden", "lightning_modules.catalog", "ui"},
    "pages": {"leyden", "lightning_modules.catalog", "ui"},
    "app": {"leyden", "lightning_modules.catalog", "ui"},
}
FORBIDDEN = {
    "leyden": {"torch", "torchvision", "pytorch_lightning", "streamlit"},
    "lightning_modules": {"streamlit"},
    "ui": {"torch", "torchvision", "pytorch_lightning", "sqlalchemy"},
    "pages": {"torch", "torchvision", "pytorch_lightning", "sqlalchemy"},
    "app": {"torch", "torchvision", "pytorch_lightning", "sqlalchemy"},
}
TRACKED = [
    path
    for area in AREAS
    for path in ([PROJECT / "app.py"] if area == "app" else sorted((PROJECT / area).rglob("*.py")))
]
PACKAGE_FILES = [
    path
    for path in TRACKED
    # `lightning_modules.load` is what a person calls.
    if path.name == "__init__.py" and path.parent != PROJECT / "lightning_modules"
]


def imported(path: Path) -> set[str]:
    """Dotted names of everything a file imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def area_of(path: Path) -> str:
    relative = path.relative_to(PROJECT)
    if relative.parts[:2] == ("leyden", "cli") or relative.parts == ("leyden", "__main__.py"):
        return "leyden/cli"
    return relative.parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", TRACKED, ids=lambda path: str(path.relative_to(PROJECT)))
def test_imports_go_one_way(path: Path):
    area = area_of(path)
    for name in imported(path):
        top = name.split(".")[0]
        assert top not in FORBIDDEN[area.split("/")[0]], f"{name} must not be imported in {area}"
        if top in AREAS:
            allowed = MAY_IMPORT[area]
            assert any(name == one or name.startswith(f"{one}.") for one in allowed), f"{name} in {area}"


@pytest.mark.parametrize("path", PACKAGE_FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_package_files_are_empty(path: Path):
    assert path.read_text() == ""


def test_only_the_store_speaks_sql():
    for path in TRACKED:
        if not path.is_relative_to(PROJECT / "leyden" / "store"):
            assert not any(name.startswith("sqlalchemy") for name in imported(path)), path


def test_only_memory_and_state_touch_the_session():
    pages = [path for path in TRACKED if area_of(path) in ("ui", "pages", "app")]
    for path in pages:
        for owner, name in (("memory", "session_state"), ("state", "query_params")):
            if path != PROJECT / "ui" / f"{owner}.py":
                assert not re.search(rf"\bst\.{name}", path.read_text()), path


def test_every_dialog_is_made_in_one_place():
    for path in TRACKED:
        if path != PROJECT / "ui" / "dialog.py":
            assert "st.dialog" not in path.read_text(), path
