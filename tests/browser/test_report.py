"""A report that answers: a click on a cell shows its pictures, the threshold moves what follows from it."""

import re

from playwright.sync_api import Page, expect

from leyden.spec.model import Choice, Data, Spec
from leyden.store.store import Store
from tests.browser.conftest import Server
from tests.pages import factories
from tests.pages.reported import explored
from tests.waiting import wait_for


def click_cell(page: Page, *, row: int, column: int, num_classes: int) -> None:
    """Clicks the middle of a cell of the confusion matrix, once the chart says that it is under the pointer."""
    matrix = page.locator(".js-plotly-plot .nsewdrag").first
    expect(matrix).to_be_visible()

    def is_under_pointer() -> bool:
        # The page may still be growing: the matrix moves under a pointer that stays.
        box = matrix.bounding_box()
        assert box is not None
        x, y = ((place + 0.5) / num_classes for place in (column, row))
        for shift in (3, 0):
            page.mouse.move(box["x"] + x * box["width"] - shift, box["y"] + y * box["height"])
        return page.locator(".js-plotly-plot .hovertext").count() > 0

    wait_for(is_under_pointer, timeout_s=60, what="the cell under the pointer")
    page.mouse.down()
    page.mouse.up()


def test_a_cell_shows_its_pictures_and_the_threshold_moves_its_figures(
    page: Page, server: Server, workspace: Store
):
    factories.add_pictures(server.home, workspace)
    spec = Spec(
        data=Data(dataset="d2", target="label", inputs={"image": "image"}),
        task=Choice(name="classification"),
        loss=Choice(name="cross_entropy"),
        architecture={"image": Choice(name="cnn")},
    )
    run = explored(server.home, workspace, "d2", workspace.runs.submit(spec, split_hash="s1"))
    page.goto(f"/run?run={run.id}&tab=report")
    expect(page.get_by_role("heading", name="Examples")).to_be_visible()
    click_cell(page, row=0, column=1, num_classes=2)
    picked = page.locator(".st-key-report-picked-val")
    expect(picked.get_by_text("True 'one', answered 'two'")).to_be_visible()
    expect(picked.locator(".ly-example.ly-wrong")).to_have_count(2)
    assert picked.locator("img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.wait_for_url(re.compile(r"pick=val\.1\.cell"))
    page.reload()
    expect(picked.locator(".ly-example")).to_have_count(2)
    picked.get_by_role("button", name="Close").click()
    expect(picked).to_have_count(0)
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    page.wait_for_url(re.compile(r"threshold=0\.53"))
    page.get_by_role("spinbutton", name="One miss costs").fill("1000")
    page.get_by_role("spinbutton", name="One miss costs").press("Enter")
    page.get_by_role("button", name="Cheapest").click()
    expect(page.locator("dt:has-text('Misses') + dd")).to_have_text("0")
