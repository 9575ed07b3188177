"""What every page's test begins with: an app on a workspace of its own, filled or empty, without a supervisor."""

import traceback
from collections.abc import Callable, Iterator

import pytest
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from leyden.home import PROJECT, Home
from leyden.store.records import Run
from leyden.store.store import Store
from tests.leyden.reports.examples import example_report
from tests.pages import factories
from tests.pages.compared import three_runs
from tests.pages.run_page import named, write_checkpoint
from tests.sessions import is_in_callbacks
from ui.every_press import count_every_press

SHELL = PROJECT / "ui" / "shell.py"

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs stay as the test made them: no process picks them up."""
    monkeypatch.setattr("leyden.actions.wake_supervisor", lambda home: None)
    monkeypatch.setattr("leyden.engine.service.wake_service", lambda home: None)


@pytest.fixture(autouse=True)
def counted_presses() -> None:
    """As the server does it from its start on."""
    count_every_press()


@pytest.fixture(autouse=True)
def no_cut_callbacks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No callback of a widget does what lets Streamlit end it for a newer click: it would be lost."""
    look_for_newer_click = ScriptRunner._maybe_handle_execution_control_request
    places: list[str] = []

    def looked(runner: ScriptRunner) -> None:
        if is_in_callbacks(runner):
            places.append("".join(traceback.format_stack(limit=8)))
        look_for_newer_click(runner)

    monkeypatch.setattr(ScriptRunner, "_maybe_handle_execution_control_request", looked)
    yield
    assert not places, places[0]


@pytest.fixture
def open_page(home: Home, store: Store) -> OpenPage:
    """Opens a page by its script's name, with query parameters, and refuses one that raised."""

    def open_page(page: str, /, **query: str) -> AppTest:
        at = AppTest.from_file(str(SHELL), default_timeout=30)
        at.run()
        for name, value in query.items():
            at.query_params[name] = value
        at.switch_page(f"../pages/{page}.py").run()
        assert not at.exception, at.exception
        return at

    return open_page


@pytest.fixture
def filled(home: Home, store: Store) -> Store:
    """A workspace with a table `d1`, pictures `d2`, a Chinese table `d3`, and runs in every state."""
    factories.add_table(home, store)
    factories.add_pictures(home, store)
    factories.add_table(home, store, "d3", "企鹅数据集", species=("阿德利企鹅", "金图企鹅"))
    for state in ("finished", "failed", "stopped"):
        factories.finish(store, factories.add_run(store, name=f"{state} one"), state)
    factories.train(store, factories.add_run(store, name="running one"))
    factories.add_run(store, "d3", name="企鹅 等待")
    return store


@pytest.fixture
def reported(filled: Store, home: Home) -> Run:
    """The finished run with its report and files on disk."""
    run = named(filled, "finished one")
    folder = home.run(run.id)
    folder.mkdir(parents=True)
    for name in ("best.ckpt", "last.ckpt"):
        write_checkpoint(folder / name)
    for name in ("weights.safetensors", "predictions-val.csv", "predictions-test.csv"):
        (folder / name).write_bytes(b"x" * 2048)
    (folder / "log.txt").write_text("first line\nlast line\n")
    for part in ("val", "test"):
        (folder / f"report-{part}.json").write_text(example_report(run.id, part).model_dump_json())
    return run


@pytest.fixture
def three(home: Home, store: Store) -> list[Run]:
    """Three runs of one question, which differ in learning rate and width."""
    return three_runs(home, store)


def button(at: AppTest, label: str) -> Button:
    """The button of this label."""
    return next(one for one in at.button if one.label == label)


def texts(at: AppTest) -> str:
    """Everything that stands on the page, as one text."""
    elements = [*at.markdown, *at.get("html"), *at.error, *at.warning, *at.text]
    links = [element.proto.label for element in at.get("page_link")]
    bodies = [getattr(element, "value", None) or element.proto.body for element in elements]
    return "\n".join([*map(str, bodies), *links])
