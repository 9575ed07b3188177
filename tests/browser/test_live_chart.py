"""The live chart in a real browser: points arrive by themselves, and a person's zoom stays."""

import re
import time

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from leyden.locks import FileLock
from leyden.store.records import Point
from tests.pages import factories
from tests.waiting import wait_for

X_RANGE = "document.querySelector('.leyden-plot').layout.xaxis.range"
NUM_POINTS = "document.querySelector('.leyden-plot').data[0].x.length"
STEPS = range(55, 80, 5)


@pytest.fixture(scope="module", autouse=True)
def no_supervisor(server):
    """The server wakes a supervisor for whatever is queued; here the tests play its part."""
    lock = FileLock(server.home.supervisor_lock)
    assert lock.acquire()
    yield
    lock.release()


@pytest.fixture
def training(server, workspace):
    if not workspace.datasets.list():
        factories.add_table(server.home, workspace)
    run = factories.add_run(workspace, name="live one")
    job = factories.train(workspace, run)
    yield run, job
    workspace.jobs.end(job.id, "tests", "stopped")


def add_point(store, run, job, step):
    point = Point(name="train/loss", step=step, epoch=step / 5, value=1 / step, time=time.time())
    store.metrics.write(run.id, job.id, [point])


def open_chart(page: Page, run_id: str):
    page.goto(f"/run?run={run_id}")
    expect(page.locator(".leyden-plot .plot-container").first).to_be_visible()


def test_new_points_come_and_zoom_stays(page, workspace, training):
    """Every point comes without anybody's doing, and none moves a person's zoom.

    How soon they come is measured by `benchmarks/live.py`.
    """
    run, job = training
    open_chart(page, run.id)
    assert page.evaluate(NUM_POINTS) == 10
    box = page.locator(".leyden-plot .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()
    page.wait_for_function("!document.querySelector('.leyden-plot').layout.xaxis.autorange")
    zoomed = page.evaluate(X_RANGE)
    for count, step in enumerate(STEPS, start=11):
        add_point(workspace, run, job, step)
        page.wait_for_function(f"{NUM_POINTS} === {count}")
        assert page.evaluate(X_RANGE) == zoomed


def test_two_browsers_see_the_same_run(page, context, workspace, training):
    run, job = training
    other = context.new_page()
    for one in (page, other):
        open_chart(one, run.id)
    add_point(workspace, run, job, 90)
    for one in (page, other):
        one.wait_for_function(f"{NUM_POINTS} === 11")
    page.reload()
    expect(page.locator(".leyden-plot .plot-container").first).to_be_visible()
    assert page.evaluate(NUM_POINTS) == 11


def test_before_the_first_point_nothing_is_broken(page, server, workspace, training):
    waiting = factories.add_run(workspace, name="waiting one")
    page.goto(f"/run?run={waiting.id}")
    expect(page.get_by_text("The first point comes after the first step.")).to_be_visible()
    assert page.locator(".leyden-plot").count() == 0
    workspace.jobs.request_stop(waiting.job.id)
    expect(page.get_by_text("This run has no curves.")).to_be_visible()


def test_the_table_of_runs_has_real_links_and_keeps_ticks(page, workspace, training):
    run, job = training
    page.goto("/runs")
    link = page.get_by_test_id("runs-table").get_by_role("link", name="live one").first
    assert link.get_attribute("href") == f"/run?run={run.id}"
    tick = page.get_by_role("checkbox", name="Select live one").first
    tick.check()
    expect(page.get_by_text("1 run selected")).to_be_visible()
    workspace.jobs.beat(job.id, "tests", 0.9, None)
    expect(page.get_by_text("Running 90")).to_be_visible()
    expect(tick).to_be_checked()
    link.click()
    page.wait_for_url(f"**/run?run={run.id}")
    wait_for(lambda: page.get_by_role("button", name="Stop", exact=True).is_visible(), what="the run's page")


def test_a_late_question_of_the_page_that_was_left_does_not_blank_the_new_one(page, workspace, training):
    """A slow browser, which does not know yet that the page has changed, asks once more for what the old one showed."""
    run, _job = training
    questions: list[bytes | str] = []
    asked_late: list[str] = []

    def slow_browser(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()

        def to_server(message: bytes | str) -> None:
            if BackMsg.FromString(message).rerun_script.is_auto_rerun:
                questions.append(message)
            server.send(message)

        def to_browser(message: bytes | str) -> None:
            news = ForwardMsg.FromString(message)
            here = BackMsg.FromString(questions[-1]).rerun_script.page_script_hash if questions else None
            is_other_page = news.WhichOneof("type") == "new_session" and news.new_session.page_script_hash != here
            if here is not None and is_other_page and not asked_late:
                asked_late.append(here)
                server.send(questions[-1])
            browser.send(message)

        browser.on_message(to_server)
        server.on_message(to_browser)

    page.route_web_socket(re.compile("/_stcore/stream"), slow_browser)
    open_chart(page, run.id)
    # Playwright delivers messages only while it is asked for something.
    wait_for(lambda: page.evaluate("true") and questions, what="a look at what is new")
    page.get_by_role("button", name="Clone with changes").click()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    page.wait_for_url(f"**/new?from={run.id}*")
    assert asked_late
    page.get_by_role("link", name="Queue and devices").click()
    expect(page.get_by_role("heading", name="Queue and devices")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
