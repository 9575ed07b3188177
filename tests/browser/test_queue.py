"""A run is stopped and resumed, while others wait in a queue that is reordered and paused."""

import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page, expect

from leyden import actions
from leyden.spec.defaults import default_spec
from leyden.spec.fields import set_dotted
from leyden.store.records import Run
from leyden.store.store import Store
from lightning_modules.catalog import catalogue
from tests.browser import files
from tests.browser.conftest import Server
from tests.browser.test_journeys import see_live_points, train, upload
from tests.waiting import wait_for


def queued(server: Server, workspace: Store, dataset_id: str, name: str) -> Run:
    """One more run of a few epochs, as the command line would queue it."""
    profile = actions.profile_of(server.home, workspace, dataset_id)
    spec = set_dotted(default_spec(dataset_id, profile, catalogue()), {"optimisation.epochs": 3}, catalogue())
    return actions.submit_run(server.home, workspace, catalogue(), spec, name=name)


def waiting(workspace: Store) -> list[str]:
    return [
        workspace.runs.get(job.run_id).name for job in workspace.jobs.list(states=("queued",), kinds=("train",))
    ]


def press(page: Page, run: Run, what: str) -> None:
    """One of the buttons of a waiting run; Streamlit keeps a hidden copy of a button with help."""
    page.locator(f".st-key-queue-{run.job.id}-{what} button:visible").click()


def test_stop_resume_and_a_queue_in_between(page: Page, server: Server, workspace: Store, tmp_path: Path):
    upload(page, files.table(tmp_path / "flowers.csv"))
    run = train(page, workspace, group="Early stopping", Epochs="100000", Patience="0")
    see_live_points(page)
    first, second = (
        queued(server, workspace, run.dataset_id, name) for name in ("first in line", "second in line")
    )

    page.get_by_role("link", name="Queue and devices").click()
    expect(page.get_by_text("1 running, 2 waiting").first).to_be_visible()
    press(page, second, "first")
    wait_for(lambda: waiting(workspace) == ["second in line", "first in line"], what="the new order")
    page.get_by_role("button", name="Pause the queue").click()
    expect(page.get_by_text("The queue is paused").first).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).first.click()
    wait_for(lambda: workspace.runs.get(run.id).state == "stopped", timeout_s=120, what="the run being stopped")
    assert waiting(workspace) == ["second in line", "first in line"]

    page.goto(f"/run?run={first.id}")
    expect(page.get_by_text("The queue is paused.").first).to_be_visible()
    page.get_by_role("link", name="Open the queue").click()
    press(page, first, "remove")
    wait_for(lambda: workspace.runs.get(first.id).state == "stopped", what="one being taken out")
    page.get_by_role("button", name="Go on").click()
    wait_for(lambda: workspace.runs.get(second.id).state == "finished", timeout_s=120, what="the other one's end")

    page.goto(f"/run?run={run.id}")
    page.get_by_role("button", name="Resume").click()
    wait_for(lambda: workspace.runs.get(run.id).job.attempt == 2, what="a second attempt")
    see_live_points(page)
    page.get_by_role("button", name="Stop").first.click()
    wait_for(lambda: workspace.runs.get(run.id).state == "stopped", timeout_s=120, what="the second stop")


def test_a_page_that_waits_for_a_locked_store_shows_that_it_is_at_work(page: Page, server: Server):
    page.goto("/queue")
    expect(page.get_by_text("This machine")).to_be_visible()
    is_at_work = page.get_by_test_id("stStatusWidget").filter(visible=True)
    expect(is_at_work).to_have_count(0)
    with closing(sqlite3.connect(server.home.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        page.get_by_role("button", name="Pause the queue").click()
        expect(is_at_work).to_be_visible()
    expect(page.get_by_text("The queue is paused").first).to_be_visible()
    expect(is_at_work).to_have_count(0)
    page.get_by_role("button", name="Go on").click()


def press_at_once(page: Page, *presses: tuple[Run, str]) -> None:
    """Presses buttons before the page can answer to the first; of each Streamlit keeps a hidden copy."""
    page.wait_for_function("() => window.leydenQueuePresses")
    names = [f".st-key-queue-{run.job.id}-{what} button" for run, what in presses]
    for name in names:
        expect(page.locator(f"{name}:visible")).to_be_enabled()
    page.evaluate(
        """names => names
            .map((name) => [...document.querySelectorAll(name)].find((one) => one.offsetParent && !one.disabled))
            .forEach((one) => one.click())""",
        names,
    )


def test_presses_that_come_at_once_count_in_their_order(
    page: Page, server: Server, workspace: Store, tmp_path: Path
):
    upload(page, files.table(tmp_path / "flowers.csv"))
    workspace.settings.change_queue(is_paused=True)
    (dataset,) = workspace.datasets.list()
    a, b, c = (queued(server, workspace, dataset.id, name) for name in "abc")
    page.goto("/queue")
    expect(page.get_by_text("3 waiting").first).to_be_visible()
    press_at_once(page, (c, "first"), (b, "first"))
    wait_for(lambda: waiting(workspace) == ["b", "c", "a"], what="the last one pressed being first")
    press_at_once(page, (a, "up"), (a, "up"))
    wait_for(lambda: waiting(workspace) == ["a", "b", "c"], what="both presses on one button")
