"""Texts, in English and Chinese, as a person brings them: upload, train, read the report."""

from pathlib import Path

import pandas as pd
from playwright.sync_api import Page, expect

import lightning_modules
from leyden.store.store import Store
from tests.browser import files
from tests.browser.conftest import Server
from tests.browser.test_journeys import read_report, train, upload


def test_two_columns_of_texts(page: Page, server: Server, workspace: Store, tmp_path: Path):
    path = files.texts(tmp_path / "评论 reviews.csv")
    upload(page, path)
    expect(page.get_by_role("heading", name="评论 reviews")).to_be_visible()
    expect(page.get_by_text("read by characters")).to_be_visible()
    expect(page.get_by_text("read by words")).to_be_visible()

    run = train(page, workspace, group="Preparation", **{"Longest text": "60"})
    read_report(page)
    page.get_by_role("tab", name="Settings").click()
    expect(page.get_by_text("Longest text").first).to_be_visible()
    run = workspace.runs.get(run.id)
    assert run.spec.preparation.texts.max_length == 60
    assert run.spec.data.inputs == {"title": "text", "正文": "text"}
    assert workspace.reports.get(run.id, "val").figures["accuracy"] > 0.9

    model = lightning_modules.load(server.home.run(run.id) / "best.ckpt")
    new = pd.DataFrame({"title": ["An awful thing", "A lovely thing"], "正文": ["真糟糕，很差。", None]})
    assert model.predict(new)["prediction"].tolist() == ["不满意", "满意"]
