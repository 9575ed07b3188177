"""A trained model in the browser: a row with its bars, a dropped picture, a whole file and its download."""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from leyden.store.records import Run
from leyden.store.store import Store
from lightning_modules import work
from tests.browser.conftest import Server
from tests.lightning_modules.workspace import add_pictures, add_table, claim, flowers, picture, submit

QUICK = {"optimisation.epochs": 8, "optimisation.batch_size": 8}


def trained(server: Server, workspace: Store, dataset: str, target: str, **changes: object) -> Run:
    run = submit(server.home, workspace, target, {**QUICK, **changes}, dataset=dataset)
    context = claim(server.home, workspace)
    work.train(context)
    workspace.jobs.end(context.job.id, context.owner, "finished")
    return run


@pytest.fixture(scope="module")
def flower_model(server: Server, workspace: Store) -> Run:
    add_table(server.home, workspace, flowers())
    return trained(server, workspace, "d1", "kind")


def test_a_row_is_typed_and_answered(page: Page, flower_model: Run):
    page.goto(f"/run?run={flower_model.id}")
    page.get_by_role("button", name="Predict", exact=True).click()
    page.wait_for_url(re.compile(rf"/predict\?model={flower_model.id}"))
    width = page.get_by_role("spinbutton", name="width")
    expect(width).to_be_visible()
    width.fill("50")
    width.press("Tab")
    page.get_by_role("button", name="Predict", exact=True).click()
    answer = page.get_by_test_id("stMain")
    for name in ("iris", "rose", "tulip"):
        expect(answer.locator(".ly-shares li", has_text=name)).to_be_visible()
    expect(answer.locator(".ly-unseen")).to_contain_text("width: 50 is more than anything seen in training")

    page.get_by_role("button", name="Take an example row").click()
    page.wait_for_url(re.compile(r"row=\d+"))
    page.reload()
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.get_by_text("In the data:")).to_be_visible()


def test_a_file_is_predicted_and_downloaded(page: Page, flower_model: Run, tmp_path: Path):
    source = tmp_path / "new 新.csv"
    flowers(40, seed=1).drop(columns="kind").to_csv(source, index=False)
    page.goto(f"/predict?model={flower_model.id}")
    page.get_by_role("tab", name="A file").click()
    page.locator("input[type=file]").set_input_files(source)
    link = page.get_by_role("link", name="Download CSV")
    expect(link).to_be_visible(timeout=120_000)
    expect(page.get_by_text("40 answers")).to_be_visible()
    with page.expect_download() as started:
        link.click()
    started.value.save_as(tmp_path / "answers.csv")
    rows = list(csv.DictReader((tmp_path / "answers.csv").open(encoding="utf-8")))
    truth = pd.read_csv(source).assign(kind=flowers(40, seed=1)["kind"])["kind"]
    assert len(rows) == 40
    assert sum(row["prediction"] == kind for row, kind in zip(rows, truth, strict=True)) > 30
    page.get_by_role("button", name="Remove").click()
    expect(link).to_have_count(0)


def test_a_picture_is_dropped_and_answered(page: Page, server: Server, workspace: Store, tmp_path: Path):
    add_pictures(server.home, workspace, 40, dataset_id="d2")
    size = {"preparation.images.size": 16}
    run = trained(server, workspace, "d2", "label", **size)
    picture(1, (40, 40)).save(tmp_path / "上 or 下.png")
    page.goto(f"/predict?model={run.id}")
    page.locator("input[type=file]").set_input_files(tmp_path / "上 or 下.png")
    expect(page.locator(".ly-answer h3")).to_contain_text(re.compile("top|bottom"))
    expect(page.locator(".ly-answer img")).to_be_visible()
