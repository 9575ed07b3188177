"""A report that answers: a click on a cell shows its pictures, the threshold moves what follows from it."""

import re
from contextlib import closing
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, expect

from leyden.datasets.profile import Profile
from leyden.home import Home
from leyden.reports.html import render_html
from leyden.reports.model import Table
from leyden.spec.model import Choice, Data, Spec
from leyden.store.store import Store, open_store
from tests.browser.conftest import Server
from tests.leyden.reports.examples import example_report
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
    page.wait_for_url(re.compile(r"threshold=0\.503"))
    page.get_by_role("spinbutton", name="One miss costs").fill("1000")
    page.get_by_role("spinbutton", name="One miss costs").press("Enter")
    page.get_by_role("button", name="Cheapest").click()
    expect(page.locator("dt:has-text('Misses') + dd")).to_have_text("0")
    page.wait_for_url(re.compile(r"miss=1000"))
    page.reload()
    expect(page.get_by_role("spinbutton", name="One miss costs")).to_have_value("1000")
    click_curve(page, at=0.7)


def click_curve(page: Page, *, at: float) -> None:
    """Clicks above a threshold in the chart of its curves, and again elsewhere and there: each moves the slider."""
    curves = page.locator(".js-plotly-plot").filter(has_text="Recall").locator(".nsewdrag").first
    for place in (at, 0.3, at):

        def has_moved(place: float = place) -> bool:
            try:
                # A chart is drawn anew after each click: it may go while it is looked for.
                curves.scroll_into_view_if_needed(timeout=3000)
                box = curves.bounding_box(timeout=3000)
                assert box is not None
                x = box["x"] + (place + 0.01) / 1.02 * box["width"]
                page.mouse.move(x - 3, box["y"] + 40)
                page.mouse.click(x, box["y"] + 40)
                page.wait_for_url(partial(_has_threshold, place), timeout=3000)
            except Error:
                return False
            return True

        wait_for(has_moved, timeout_s=60, what=f"the threshold at {place}")


def _has_threshold(place: float, url: str) -> bool:
    chosen = re.search(r"threshold=([\d.]+)", url)
    return chosen is not None and abs(float(chosen[1]) - place) < 0.02


def test_a_report_s_file_with_long_names_keeps_to_the_width(chromium: Browser, tmp_path: Path):
    name = "measured_" + 150 * "x"
    profile = Profile(layout="table", num_rows=9, columns=(), source_name="a.csv", source_bytes=1)
    spec = Spec(
        data=Data(dataset="d1", target=name, inputs={f"{name}_2": "number"}),
        task=Choice(name="classification"),
        loss=Choice(name="cross_entropy"),
        architecture={"tabular": Choice(name="mlp")},
    )
    with closing(open_store(Home(tmp_path))) as store:
        store.datasets.add("d1", name=name, profile=profile, size_bytes=1)
        run = store.runs.submit(spec, split_hash="s", name=name)
    columns = tuple(f"{name} {place}" for place in range(4))
    wide = Table(title=name, columns=columns, rows=((name, "some words", 0.5, 1),), help=name)
    report = example_report()
    report = report.model_copy(update={"sections": (wide, *report.sections)})
    file = tmp_path / "report.html"
    file.write_text(render_html(report, run), encoding="utf-8")
    page = chromium.new_page(viewport={"width": 800, "height": 900})
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 800
    assert page.locator(".scroll").first.evaluate("box => box.scrollWidth > box.clientWidth")
    # A word a line would be as narrow as the longest word.
    assert page.get_by_role("cell", name="some words").evaluate("cell => cell.clientWidth") > 90
    page.close()
