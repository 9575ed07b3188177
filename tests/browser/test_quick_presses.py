"""What a person in a hurry does: the next click comes before the page has answered to the one before."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from leyden.locks import FileLock
from leyden.store.records import Run
from leyden.store.store import Store
from tests.browser.conftest import Server
from tests.pages import factories

AT_ONCE, ON_ITS_WAY, WHILE_DRAWN = 0, 30, 120
"""In ms, from one click to the next: at once, while the first is on its way, or while what it asks for is drawn."""
ADDRESSES = {"Home": "", "Data": "data", "Runs": "runs", "Predict": "predict", "Queue and devices": "queue"}


@pytest.fixture(scope="module", autouse=True)
def no_supervisor(server: Server) -> Iterator[None]:
    """The server wakes a supervisor for whatever is queued; here what is queued waits, and who trains never ends."""
    lock = FileLock(server.home.supervisor_lock)
    assert lock.acquire()
    yield
    lock.release()


@pytest.fixture(scope="module")
def at_work(server: Server, workspace: Store) -> Iterator[Run]:
    """A run that trains, for which the list of runs refreshes itself."""
    factories.add_table(server.home, workspace)
    run = factories.add_run(workspace, name="at work")
    job = factories.train(workspace, run)
    yield run
    workspace.jobs.end(job.id, "tests", "stopped")


def link_to(page: Page, name: str) -> Locator:
    """A link of the header."""
    return page.get_by_test_id("stTopNav").get_by_role("link", name=name, exact=True)


def see_page(page: Page, name: str) -> None:
    """This page is shown, and still is when nothing is being drawn any more."""
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(name)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert heading.inner_text() == name
    expect(page).to_have_url(re.compile(rf"^http://[^/]+/{ADDRESSES[name]}(\?.*)?$"))


def see_runs(page: Page) -> Locator:
    """The list of runs, opened and complete; returns its table."""
    page.goto("/runs")
    see_page(page, "Runs")
    table = page.get_by_test_id("runs-table")
    expect(table.get_by_role("link", name="at work")).to_be_visible()
    return table


def click_in_a_row(page: Page, gap_ms: int, *elements: Locator) -> None:
    """Clicks one after the other in the browser itself, which waits for no answer.

    Each click is a task of its own, as those of a person are: of presses within one task, the browser tells in an
    order of its own.
    """
    page.evaluate(
        """async ([elements, gap]) => {
            for (const one of elements) {
                one.click()
                await new Promise((next) => setTimeout(next, gap))
            }
        }""",
        [[one.element_handle() for one in elements], gap_ms],
    )


def test_a_link_right_after_a_note_that_is_given_up_is_followed(page: Page, workspace: Store, at_work: Run):
    see_runs(page)
    page.get_by_role("checkbox", name="Select at work").check()
    page.get_by_role("button", name="Note").click()
    dialog = page.get_by_role("dialog")
    note = dialog.get_by_role("textbox", name="What is worth remembering")
    note.press_sequentially("never kept")
    expect(note).to_have_value("never kept")
    note.press("Escape")
    link_to(page, "Predict").click()
    see_page(page, "Predict")
    expect(dialog).to_have_count(0)
    link_to(page, "Runs").click()
    see_page(page, "Runs")
    expect(dialog).to_have_count(0)
    assert workspace.runs.get(at_work.id).note == ""


def test_of_two_links_right_behind_each_other_the_last_one_is_followed(page: Page, at_work: Run):
    see_runs(page)
    for first, gap_ms, last in (
        ("Data", AT_ONCE, "Queue and devices"),
        ("Predict", AT_ONCE, "Runs"),
        ("Queue and devices", ON_ITS_WAY, "Data"),
        ("Home", WHILE_DRAWN, "Runs"),
    ):
        click_in_a_row(page, gap_ms, link_to(page, first), link_to(page, last))
        see_page(page, last)


def test_a_star_counts_and_the_link_right_behind_it_is_followed(page: Page, workspace: Store, at_work: Run):
    star = see_runs(page).get_by_role("button", name="Star at work")
    is_starred = False
    for gap_ms, name in (
        (AT_ONCE, "Queue and devices"),
        (ON_ITS_WAY, "Predict"),
        (WHILE_DRAWN, "Data"),
    ):
        expect(star).to_have_attribute("aria-pressed", str(is_starred).lower())
        click_in_a_row(page, gap_ms, star, link_to(page, name))
        see_page(page, name)
        is_starred = not is_starred
        assert workspace.runs.get(at_work.id).is_starred == is_starred
        link_to(page, "Runs").click()
        see_page(page, "Runs")


def choose(page: Page, what: str, option: str) -> None:
    page.get_by_role("combobox", name=what, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_settings_that_are_changed_in_a_hurry_are_those_of_the_run(page: Page, workspace: Store, at_work: Run):
    """No field is left by Enter: it tells of itself only when the next thing is clicked."""
    page.goto("/new?data=d1")
    page.get_by_role("spinbutton", name="Epochs").fill("7")
    choose(page, "Architecture", "ResNet for tables")
    page.get_by_role("textbox", name="Learning rate").fill("0.02")
    page.locator("summary", has_text="Early stopping").click()
    choose(page, "Batch size (rows)", "64")
    page.get_by_role("spinbutton", name="Blocks").fill("3")
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_url(re.compile(r"/run\?run=r"))
    spec = workspace.runs.get(page.url.partition("run=")[2]).spec
    network = spec.architecture["tabular"]
    assert (network.name, network.options["layers"]) == ("resnet", 3)
    chosen = spec.optimisation
    assert (chosen.epochs, chosen.lr, chosen.batch_size) == (7, 0.02, 64)


@pytest.mark.parametrize("gap_ms", [AT_ONCE, WHILE_DRAWN])
def test_who_presses_train_and_goes_elsewhere_has_the_run_that_was_chosen(
    page: Page, workspace: Store, at_work: Run, gap_ms: int
):
    page.goto("/new?data=d1")
    more = [
        page.get_by_test_id("stNumberInput").filter(has_text=what).get_by_role("button", name="Increment")
        for what in ("Epochs", "Hidden layers")
    ]
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_enabled()
    known = {run.id for run in workspace.runs.list()}
    click_in_a_row(page, gap_ms, *more, train, link_to(page, "Queue and devices"))
    see_page(page, "Queue and devices")
    (run_id,) = {run.id for run in workspace.runs.list()} - known
    spec = workspace.runs.get(run_id).spec
    assert (spec.optimisation.epochs, spec.architecture["tabular"].options["layers"]) == (101, 3)
