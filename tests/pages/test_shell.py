"""What holds for every page: it renders, empty and filled, and torch stays out of the server."""

import os
import re
import subprocess
import sys

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from leyden.home import PROJECT, Home
from leyden.store.store import Store
from tests.pages.conftest import SHELL, OpenPage
from tests.processes import end_processes
from tests.sessions import notes

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


def test_a_page_is_being_left_from_the_moment_in_which_it_leads_on(
    open_page: OpenPage, filled: Store, monkeypatch
):
    """What comes of it until the next one is there is late."""
    at, run = open_page("runs"), filled.runs.list()[0]
    shown: list[str] = []
    show = PagesManager.set_current_page_script_hash

    def note(pages: PagesManager, page: str) -> None:
        shown.append(page)
        show(pages, page)

    monkeypatch.setattr(PagesManager, "set_current_page_script_hash", note)
    list_of_runs = at._finished_page_script_hash
    notes(at)["leyden.departure"] = (list_of_runs, "run", {"run": run.id})
    at.run()
    assert not at.exception
    places = [page for page, before in zip(shown, ["", *shown], strict=False) if page != before or not page]
    assert places == [list_of_runs, "", at._finished_page_script_hash]


def test_a_link_that_was_clicked_meanwhile_is_followed(open_page: OpenPage, filled: Store):
    at = open_page("runs")
    notes(at)["leyden.departure"] = (at._finished_page_script_hash, "run", {"run": filled.runs.list()[0].id})
    at.switch_page("../pages/data.py").run()
    assert not at.exception and "leyden.departure" not in notes(at)
    assert at._finished_page_script_hash == open_page("data")._finished_page_script_hash


def test_a_dialog_that_a_part_asked_for_belongs_to_the_page(open_page: OpenPage, filled: Store):
    """A browser sends the shell's own fields along with every link, and it would not be told from a press."""
    at, owners = open_page("runs"), []
    notes(at)["leyden.asked"] = lambda: owners.append(ThreadState.get().active_script_hash)
    at.run()
    assert owners == [at._finished_page_script_hash]


def test_the_server_counts_presses_from_its_start_on(home: Home):
    """The first session's first request, too."""
    lines = (
        "import app",
        "from streamlit.runtime.app_session import AppSession as its",
        "print(its.request_rerun.__name__)",
    )
    command = [sys.executable, "-c", "\n".join(lines)]
    finished = subprocess.run(command, cwd=PROJECT, env=os.environ, capture_output=True, text=True, timeout=120)
    assert finished.stdout.split() == ["request_keeping_presses"], finished.stderr
