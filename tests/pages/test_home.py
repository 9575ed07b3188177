from dataclasses import replace

import pytest

from leyden.datasets.samples import samples
from leyden.home import Home
from leyden.jobs.table import JOB_KINDS
from leyden.messages.render import Message
from leyden.store.store import Store
from tests.pages import factories
from tests.pages.conftest import OpenPage, texts
from tests.sessions import notes
from ui.data_jobs import AWAITED


def test_a_newcomer_is_shown_how_to_begin(open_page: OpenPage):
    at = open_page("home")
    page = texts(at)
    assert "Welcome to Leyden" in page
    assert "Say what to predict" in page
    for sample in samples():
        assert sample.title in page
        assert at.button(key=f"load-{sample.name}")


def test_one_click_loads_a_sample(open_page: OpenPage, store: Store):
    at = open_page("home")
    sample = samples()[0]
    at.button(key=f"load-{sample.name}").click().run()
    (job,) = store.jobs.list(kinds=("ingest",))
    assert job.payload["path"] == str(sample.path)
    assert at.button(key=f"load-{sample.name}").disabled
    assert f"{sample.title}: Waiting to be read" in texts(at)


def test_home_tells_what_runs_and_what_came_out(open_page: OpenPage, filled: Store):
    page = texts(open_page("home"))
    for name in ("running one", "finished one", "failed one", "stopped one", "企鹅 等待"):
        assert name in page
    assert "1 running, 1 waiting" in page
    assert "Best epoch so far" in page
    assert "0.9712" in page
    assert "All 5 runs" in page


def test_background_work_is_not_news(open_page: OpenPage, filled: Store, monkeypatch: pytest.MonkeyPatch):
    job = factories.add_import(filled)
    assert job.subject in texts(open_page("home"))
    is_quiet = replace(JOB_KINDS["ingest"], is_background=True)
    monkeypatch.setitem(JOB_KINDS, "ingest", is_quiet)
    assert job.subject not in texts(open_page("home"))


def test_data_without_runs_leads_to_the_first(open_page: OpenPage, home: Home, store: Store):
    factories.add_table(home, store)
    page = texts(open_page("home"))
    assert "No runs yet" in page
    assert "Start the first run" in page
    assert "Latest results" not in page


def test_the_reason_of_a_failure_is_said(open_page: OpenPage, home: Home, store: Store):
    factories.add_table(home, store)
    factories.finish(store, factories.add_run(store), "failed", reason=Message(code="out_of_memory"))
    assert "The device ran out of memory" in texts(open_page("home"))


def test_an_import_that_was_waited_for_opens_its_dataset(open_page: OpenPage, home: Home, store: Store):
    job = factories.add_import(store)
    at = open_page("home")
    notes(at)[AWAITED] = job.id
    at.run()
    assert "birds.csv" in texts(at)
    factories.add_table(home, store, name="birds")
    factories.start(store, "light")
    store.jobs.end(job.id, "tests", "finished", result={"dataset": "d1", "rows": 344, "columns": 5})
    at.run()
    assert not at.exception
    assert at.query_params["data"] == "d1"
    assert "What could be predicted" in texts(at)


def test_a_failed_import_says_why_and_can_be_put_away(open_page: OpenPage, store: Store):
    job = factories.add_import(store, "broken*.zip")
    factories.start(store, "light")
    reason = Message(code="upload_empty", params={"name": "broken*.zip"})
    store.jobs.end(job.id, "tests", "failed", reason=reason)
    at = open_page("home")
    assert "is empty" in texts(at)
    at.button(key=f"dismiss-import-{job.id}").click().run()
    assert "is empty" not in texts(at)


def test_many_failed_imports_are_counted_and_put_away_together(open_page: OpenPage, store: Store):
    for place in range(5):
        job = factories.add_import(store, f"kaputt {place}")
        factories.start(store, "light")
        store.jobs.end(job.id, "tests", "failed", reason=Message(code="empty_file"))
    at = open_page("home")
    assert "kaputt 4" in texts(at) and "kaputt 1" not in texts(at)
    assert "2 more imports failed within a day." in texts(at)
    at.button(key="dismiss-imports").click().run()
    assert "kaputt" not in texts(at) and "within a day" not in texts(at)


def test_listening_elsewhere_is_warned_of(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ui.state.exposed_address", lambda: "0.0.0.0")
    assert "it has no accounts" in open_page("home").warning[0].value
