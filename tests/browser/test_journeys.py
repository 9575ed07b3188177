"""The main job, as a person does it: upload, choose, train, watch, read the report, take the checkpoint away."""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import lightning_modules
from leyden.store.records import Run
from leyden.store.store import Store
from tests.browser import files
from tests.browser.conftest import Server
from tests.waiting import wait_for


def upload(page: Page, path: Path) -> None:
    """Drops a file on the Data page and waits for its dataset to open."""
    page.goto("/data")
    page.locator("input[type=file]").set_input_files(path)
    page.wait_for_url(re.compile(r"/dataset\?data=d"), timeout=120_000)


def train(page: Page, workspace: Store, *, group: str | None = None, **settings: str) -> Run:
    """From the dataset's page through the form, with a group of advanced settings opened, to the run's page."""
    page.get_by_role("button", name="Train on this").click()
    page.wait_for_url(re.compile(r"/new\?"))
    if group is not None:
        page.locator("summary", has_text=group).click()
    for label, value in settings.items():
        field = page.get_by_role("spinbutton", name=re.compile(rf"^{re.escape(label)}( \(.*\))?$"))
        field.fill(value)
        field.press("Enter")
    button = page.get_by_role("button", name="Train", exact=True)
    expect(button).to_be_enabled()
    button.click()
    page.wait_for_url(re.compile(r"/run\?run=r"), timeout=60_000)
    return workspace.runs.get(page.url.partition("run=")[2].partition("&")[0])


def points_on_screen(page: Page) -> int:
    """How many points the browser's charts hold."""
    count = """() => [...document.querySelectorAll('*')].flatMap(
        element => element.shadowRoot ? [...element.shadowRoot.querySelectorAll('.js-plotly-plot')] : []
    ).concat([...document.querySelectorAll('.js-plotly-plot')])
     .flatMap(chart => chart.data || []).reduce((sum, line) => sum + (line.x ? line.x.length : 0), 0)"""
    return page.evaluate(count)


def see_live_points(page: Page) -> None:
    """Two different numbers of points, one after the other: the chart moves by itself."""
    first = wait_for(lambda: points_on_screen(page), timeout_s=120, what="a first point")
    wait_for(lambda: points_on_screen(page) > first, timeout_s=120, what="a further point")


def read_report(page: Page) -> None:
    expect(page.get_by_text("Finished").first).to_be_visible(timeout=240_000)
    page.get_by_role("tab", name="Report").click()
    expect(page.get_by_text("F1 (macro)").first).to_be_visible()


def download(page: Page, name: str, folder: Path) -> Path:
    page.get_by_role("tab", name="Files").click()
    with page.expect_download() as started:
        page.get_by_role("link", name=name, exact=True).click()
    target = folder / name
    started.value.save_as(target)
    return target


def require_same_predictions(checkpoint: Path, predictions: Path, frame: pd.DataFrame) -> None:
    """The downloaded checkpoint answers what the downloaded predictions say."""
    with predictions.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 5
    chosen = frame.loc[[int(row["row"]) - 1 for row in rows]]
    predicted = lightning_modules.load(checkpoint).predict(chosen)
    assert list(predicted["prediction"]) == [row["prediction"] for row in rows]
    for name in [name for name in predicted if name.startswith("p_")]:
        assert list(predicted[name]) == pytest.approx([float(row[name]) for row in rows], abs=1e-5)


def test_a_table_from_upload_to_prediction(page: Page, workspace: Store, tmp_path: Path):
    source = files.table(tmp_path / "flowers 花.csv")
    upload(page, source)
    expect(page.get_by_text("petal length").first).to_be_visible()
    run = train(page, workspace, Epochs="60")
    assert run.target == "kind"
    see_live_points(page)
    page.reload()
    read_report(page)
    assert workspace.reports.get(run.id, "val").figures["f1_macro"] > 0.9
    checkpoint = download(page, "best.ckpt", tmp_path)
    predictions = download(page, "predictions-val.csv", tmp_path)
    require_same_predictions(checkpoint, predictions, pd.read_csv(source))


def test_images_from_upload_to_prediction(page: Page, workspace: Store, tmp_path: Path):
    archive = files.images(tmp_path / "discs.zip")
    upload(page, archive)
    page.get_by_text("1 example", exact=True).click()
    expect(page.get_by_text("broken.png").first).to_be_visible()
    run = train(page, workspace)
    assert run.target == "label"
    see_live_points(page)
    read_report(page)
    assert workspace.reports.get(run.id, "val").figures["f1_macro"] > 0.9
    checkpoint = download(page, "best.ckpt", tmp_path)
    assert lightning_modules.load(checkpoint).classes == ("left disc", "右 right disc")


def test_the_server_may_be_killed_while_a_run_goes_on(
    page: Page, server: Server, workspace: Store, tmp_path: Path
):
    upload(page, files.table(tmp_path / "more flowers.csv", num_rows=900))
    # Only the click on Stop may end it, however fast the machine is.
    run = train(page, workspace, group="Early stopping", Epochs="100000", Patience="0")
    see_live_points(page)
    pid = workspace.runs.get(run.id).job.pid
    server.restart()
    after = workspace.runs.get(run.id)
    assert (after.state, after.job.pid) == ("running", pid)
    page.goto(f"/run?run={run.id}")
    see_live_points(page)
    page.get_by_role("button", name="Stop").first.click()
    wait_for(lambda: workspace.runs.get(run.id).state == "stopped", timeout_s=120, what="the run being stopped")
    expect(page.get_by_text("Stopped").first).to_be_visible()


def test_deep_links_on_a_fresh_server_and_unknown_ids(page: Page, server: Server):
    server.restart()
    page.goto("/runs")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    page.goto("/run?run=r-nothing")
    expect(page.get_by_text("There is no run 'r-nothing'").first).to_be_visible()
    page.goto("/dataset?data=d-nothing")
    expect(page.get_by_text("There is no dataset 'd-nothing'").first).to_be_visible()


def stop(page: Page, workspace: Store, run: Run) -> Run:
    page.get_by_role("button", name="Stop").first.click()
    wait_for(lambda: workspace.runs.get(run.id).state == "stopped", timeout_s=120, what="the run being stopped")
    return workspace.runs.get(run.id)


def epochs_of(workspace: Store, run: Run) -> list[float]:
    return [point.epoch for point in workspace.metrics.read(run.id, names=("val/loss",))[0]]


def test_a_run_is_trained_longer_stopped_and_resumed(page: Page, workspace: Store, tmp_path: Path):
    upload(page, files.table(tmp_path / "yet more flowers.csv", num_rows=600))
    run = train(page, workspace, group="Early stopping", Epochs="3", Patience="0")
    read_report(page)
    assert epochs_of(workspace, run) == [1, 2, 3]

    page.get_by_role("button", name="Train longer").click()
    epochs = page.get_by_role("spinbutton", name="Epochs in all")
    epochs.fill("100000")
    epochs.press("Enter")
    page.get_by_role("button", name="Go on").click()
    wait_for(lambda: len(epochs_of(workspace, run)) > 5, timeout_s=120, what="a further epoch")
    stopped = stop(page, workspace, run)
    before = epochs_of(workspace, run)

    page.get_by_role("button", name="Resume").click()
    wait_for(lambda: len(epochs_of(workspace, run)) > len(before) + 2, timeout_s=120, what="the run going on")
    resumed = stop(page, workspace, run)
    assert (stopped.job.attempt, resumed.job.attempt) == (2, 3) and resumed.epochs == 100_000
    after = epochs_of(workspace, run)
    assert after[: len(before)] == before
    whole = [epoch for epoch in after if epoch.is_integer()]
    assert whole == [*range(1, len(whole) + 1)], "no epoch is missing, and none came twice"
