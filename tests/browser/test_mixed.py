"""A table that names a picture per row: from the zip to a report, with all kinds of input in one form."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from leyden.store.store import Store
from tests.browser.test_journeys import read_report, see_live_points, train, upload
from tests.mixed import write_mixed_zip


def test_a_table_with_pictures_and_texts_from_upload_to_report(page: Page, workspace: Store, tmp_path: Path):
    upload(page, write_mixed_zip(tmp_path / "火花 sparks.zip", 300))
    expect(page.locator(".ly-gallery img").first).to_be_visible()
    page.get_by_role("tab", name="Columns").click()
    expect(page.get_by_role("heading", name="photo")).to_be_visible()
    run = train(page, workspace, Epochs="8")
    assert run.spec.architecture.keys() == {"tabular", "image", "text"}
    see_live_points(page)
    read_report(page)
    assert workspace.reports.get(run.id, "val") is not None
    page.get_by_role("link", name=re.compile("Data")).first.click()
    expect(page.get_by_text("300 rows").first).to_be_visible()
