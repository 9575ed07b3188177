"""What holds for every page: it renders, empty and filled, and torch stays out of the server."""

import os
import re
import subprocess
import sys

import pytest

from leyden.home import PROJECT, Home
from leyden.store.store import Store
from tests.pages.conftest import SHELL, OpenPage
from tests.processes import end_processes

PAGES = re.findall(r'state\.page_file\("(\w+)"\)', SHELL.read_text())

RENDER = """
import sys
from streamlit.testing.v1 import AppTest
at = AppTest.from_file(sys.argv[1], default_timeout=60).run()
for page in sys.argv[2:]:
    name, _, query = page.partition("?")
    at.query_params.clear()
    if query:
        key, _, value = query.partition("=")
        at.query_params[key] = value
    at.switch_page(f"../pages/{name}.py").run()
    assert not at.exception, (page, at.exception)
heavy = {"torch", "torchvision", "pytorch_lightning", "sklearn"} & {name.split(".")[0] for name in sys.modules}
print("imported:", sorted(heavy))
"""


def test_every_page_has_its_line_in_the_shell():
    assert {path.stem for path in (PROJECT / "pages").glob("*.py")} == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_pages_render_in_an_empty_workspace(open_page: OpenPage, page: str):
    open_page(page)


@pytest.mark.parametrize("page", PAGES)
def test_pages_render_in_a_filled_workspace(open_page: OpenPage, filled: Store, page: str):
    open_page(page)


def test_no_page_imports_torch(home: Home, filled: Store):
    run_ids = [row.id for row in filled.runs.list()]
    pages = [*PAGES, "dataset?data=d1", "dataset?data=d2", "new_run?data=d1", "new_run?data=d2"]
    pages += [f"run?run={run_id}" for run_id in run_ids]
    try:
        finished = subprocess.run(
            [sys.executable, "-c", RENDER, str(SHELL), *pages],
            capture_output=True,
            text=True,
            timeout=240,
            cwd=PROJECT,
            env={**os.environ, "LEYDEN_HOME": str(home.root)},
        )
    finally:
        end_processes(home)
    assert finished.returncode == 0, finished.stderr[-4000:]
    assert "imported: []" in finished.stdout
