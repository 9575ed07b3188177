"""Many runs, as a person explores them: find, tag, compare, look closer, send the link, take a figure away."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from leyden.locks import FileLock
from leyden.spec.fields import set_dotted
from leyden.store.store import Store
from lightning_modules.catalog import catalogue
from tests.browser.conftest import Server
from tests.pages import factories
from tests.pages.compared import report
from tests.waiting import wait_for

TITLE = "document.querySelector('.leyden-figure-title')?.textContent"
X_TITLE = "document.querySelector('.leyden-drawing')?.layout?.xaxis?.title?.text"


@pytest.fixture(scope="module", autouse=True)
def no_supervisor(server: Server):
    """The server wakes a supervisor for whatever is queued; here the runs are written by the tests."""
    lock = FileLock(server.home.supervisor_lock)
    assert lock.acquire()
    yield
    lock.release()


@pytest.fixture(scope="module")
def searched(server: Server, workspace: Store):
    """Five runs of a search for a learning rate."""
    factories.add_table(server.home, workspace)
    first = factories.add_run(workspace, name="first try")
    report(server.home, workspace, first, 0.5)
    for number, lr in enumerate((0.001, 0.003, 0.01, 0.03)):
        spec = set_dotted(first.spec, {"optimisation.lr": lr}, catalogue())
        run = workspace.runs.submit(spec, split_hash="s1", name=f"rate {lr} 学习率")
        report(server.home, workspace, run, 0.6 + number / 10)


def tick(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("checkbox", name=f"Select {name}").check()
    expect(page.get_by_text(re.compile(rf"{len(names)} runs? selected"))).to_be_visible()


def test_from_the_list_to_a_figure_on_disk(page: Page, workspace: Store, searched, tmp_path: Path):
    page.goto("/runs")
    search = page.get_by_role("searchbox", name="Search")
    search.fill("学习率")
    expect(page.get_by_test_id("runs-table").get_by_role("link")).to_have_count(4)
    page.wait_for_url(re.compile(r"q="))
    page.get_by_test_id("runs-table").get_by_role("button", name="Star rate 0.03 学习率").click()
    wait_for(lambda: workspace.runs.count(is_starred=True) == 1, what="the star")
    tick(page, "rate 0.03 学习率", "rate 0.001 学习率")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_url(re.compile(r"/compare\?runs="))
    ranked = page.get_by_test_id("ranking").get_by_role("link")
    expect(ranked).to_have_text(["rate 0.03 学习率 #5", "rate 0.001 学习率 #2"])

    page.get_by_role("combobox", name="Compare by").click()
    page.get_by_role("option", name="F1 (macro)").click()
    page.wait_for_url(re.compile("metric=f1_macro"))
    page.get_by_role("radio", name="Step").click()
    page.wait_for_url(re.compile("x=step"))
    page.wait_for_function(f"{X_TITLE} === 'Step'")
    page.reload()
    page.wait_for_function(f"{X_TITLE} === 'Step' && {TITLE} === 'F1 (macro), validation'")

    with page.expect_download() as started:
        page.get_by_role("button", name="Download as CSV: F1 (macro), validation").click()
    target = tmp_path / started.value.suggested_filename
    started.value.save_as(target)
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert len(rows) == 20 and {row["run"] for row in rows} == {"rate 0.03 学习率 #5", "rate 0.001 学习率 #2"}
    assert list(rows[0]) == ["run", "id", "step", "epoch", "time_s", "val/f1_macro"]
    for kind, start in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as started:
            page.get_by_role("button", name=f"Download as {kind}: F1 (macro), validation").click()
        started.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(start)

    page.get_by_role("tab", name="Settings").click()
    expect(page.get_by_test_id("differences")).to_contain_text("Learning rate")
    page.get_by_role("tab", name="Row by row").click()
    expect(page.get_by_test_id("answers")).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("answers")).to_be_visible()


def test_a_part_of_an_axis_is_kept_by_its_link(page: Page, workspace: Store, searched):
    runs = ",".join(run.id for run in workspace.runs.list(search="rate"))
    page.goto(f"/compare?runs={runs}&tab=What made the difference&axes=optimisation.lr")
    axis = page.locator(".axis-brush .background").last
    box = axis.bounding_box()
    assert box is not None
    x, ends = box["x"] + box["width"] / 2, (box["y"] + 2, box["y"] + box["height"] * 0.5)
    page.mouse.move(x, ends[0])
    page.mouse.down()
    page.mouse.move(x, sum(ends) / 2)
    page.mouse.move(x, ends[1])
    page.mouse.up()
    page.wait_for_url(re.compile(r"kept=val%2Faccuracy"))
    told = page.get_by_text(re.compile(r"Kept: 2 of 4 runs\. rate 0.03 学习率 #5, rate 0.01 学习率 #4"))
    expect(told).to_be_visible()
    page.reload()
    expect(told).to_be_visible()
    kept = "document.querySelector('.leyden-drawing')?.data?.[0].dimensions?.at(-1).constraintrange?.[0]"
    page.wait_for_function(f"{kept} > 0.7 && {kept} < 0.8")
    page.get_by_role("button", name="Keep all").click()
    page.wait_for_function(f"{kept} === undefined")


def test_many_runs_are_tagged_and_deleted_together(page: Page, workspace: Store, searched):
    page.goto("/runs?q=rate&sort=name")
    expect(page.get_by_test_id("runs-table").get_by_role("link")).to_have_count(4)
    page.get_by_role("checkbox", name="Select all").check()
    expect(page.get_by_text("4 runs selected")).to_be_visible()
    page.get_by_role("button", name="Tags").click()
    field = page.get_by_role("combobox", name="Tags of 4 runs")
    field.fill("sweep")
    field.press("Enter")
    wait_for(lambda: workspace.runs.count(tags=("sweep",)) == 4, what="the tags")
    page.goto("/runs?q=rate&sort=name")
    page.get_by_test_id("runs-table").get_by_role("button", name="sweep").first.click()
    page.wait_for_url(re.compile("tag=sweep"))
    tick(page, "rate 0.001 学习率", "rate 0.003 学习率")
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("of disk in all")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_test_id("runs-table").get_by_role("link")).to_have_count(2)
    assert workspace.runs.count() == 3 and "tag=sweep" in page.url
