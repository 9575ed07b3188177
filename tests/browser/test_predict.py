"""A trained model in the browser: a row with its bars, a dropped picture, a whole file and its download."""

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from leyden import actions
from leyden.datasets.read import load_profile
from leyden.spec.defaults import default_spec
from leyden.spec.fields import set_dotted
from leyden.store.records import Run
from leyden.store.store import Store
from lightning_modules.catalog import catalogue
from tests.browser.conftest import Server
from tests.lightning_modules.workspace import add_pictures, add_table, flowers, picture
from tests.waiting import wait_for

QUICK = {"optimisation.epochs": 8, "optimisation.batch_size": 8}


def trained(server: Server, workspace: Store, dataset: str, target: str, **changes: object) -> Run:
    """A run that the workspace's own supervisor trained."""
    profile, cards = load_profile(server.home, dataset), catalogue()
    spec = set_dotted(default_spec(dataset, profile, cards, target=target), {**QUICK, **changes}, cards)
    run = actions.submit_run(server.home, workspace, cards, spec)
    finished = wait_for(lambda: not workspace.runs.get(run.id).job.is_active, timeout_s=180, what="the training")
    assert finished and workspace.runs.get(run.id).state == "finished"
    return run


@pytest.fixture(scope="module")
def flower_model(server: Server, workspace: Store) -> Run:
    add_table(server.home, workspace, flowers())
    return trained(server, workspace, "d1", "kind")


def test_a_row_is_typed_and_answered(page: Page, flower_model: Run):
    page.goto(f"/run?run={flower_model.id}")
    page.get_by_role("button", name="Predict", exact=True).click()
    page.wait_for_url(re.compile(rf"/predict\?model={flower_model.id}"))
    width = page.get_by_role("textbox", name="width")
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
    assert started.value.suggested_filename == "new 新-predictions.csv"
    started.value.save_as(tmp_path / "answers.csv")
    answers = pd.read_csv(tmp_path / "answers.csv")
    assert len(answers) == 40
    assert (answers["prediction"] == flowers(40, seed=1)["kind"]).sum() > 30
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
