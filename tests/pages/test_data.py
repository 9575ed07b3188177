from pathlib import Path

from leyden.datasets.read import read_frame
from leyden.home import Home
from leyden.store.records import STOP_GENTLY, STOP_NOW
from leyden.store.store import Store
from tests.pages import factories
from tests.pages.conftest import OpenPage, button, texts


def test_no_data_yet(open_page: OpenPage):
    page = texts(open_page("data"))
    assert "Or begin with a sample" in page


def test_every_dataset_has_a_card(open_page: OpenPage, filled: Store):
    page = texts(open_page("data"))
    for name in ("penguins", "signs", "企鹅数据集"):
        assert name in page
    assert "<b>344 rows · 5 columns</b>" in page
    assert "<b>20 images</b>" in page
    assert "4 runs" in page
    assert "no runs yet" in page
    assert "/api/thumbnails/" in page


def test_many_datasets_are_paged(open_page: OpenPage, home: Home, store: Store):
    for number in range(30):
        factories.add_table(home, store, f"d{number}", f"table {number:02}")
    at = open_page("data")
    assert "table 29" in texts(at)
    assert "table 00" not in texts(at)
    at.button(key="ly-next-page").click().run()
    assert at.query_params["page"] == "2"
    assert "table 00" in texts(at)
    assert "25 to 30 of 30" in texts(at)


def test_a_page_that_is_not_there_shows_the_nearest(open_page: OpenPage, filled: Store):
    for page in ("99", "-1", "x"):
        assert "penguins" in texts(open_page("data", page=page))


def test_imports_show_their_progress_and_can_be_stopped(open_page: OpenPage, store: Store):
    job = factories.add_import(store, "鸟.csv")
    at = open_page("data")
    assert "鸟.csv: Waiting to be read" in texts(at)
    at.button(key=f"stop-import-{job.id}").click().run()
    assert store.jobs.get(job.id).state == "stopped"
    assert "鸟.csv" not in texts(at)


def test_a_running_import_is_asked_to_stop_and_then_made_to(open_page: OpenPage, store: Store):
    job = factories.add_import(store)
    factories.start(store, "light")
    at = open_page("data")
    at.button(key=f"stop-import-{job.id}").click().run()
    assert store.jobs.get(job.id).stop_request == STOP_GENTLY
    assert at.button(key=f"stop-import-{job.id}").label == "Stop now"
    at.button(key=f"stop-import-{job.id}").click().run()
    assert store.jobs.get(job.id).stop_request == STOP_NOW
    assert at.button(key=f"stop-import-{job.id}").disabled


def open_form(at):
    at.session_state["by-path"] = True
    return at.run()


def test_a_path_on_the_server_is_imported(open_page: OpenPage, store: Store, tmp_path: Path):
    file = tmp_path / "数据 one.csv"
    file.write_text("a;b\n1;2\n")
    at = open_form(open_page("data"))
    at.text_input[0].set_value(f" {file} ")
    at.selectbox(key="path-Delimiter").set_value(";")
    at.text_input(key="path-missing").set_value("NA, ?,")
    button(at, "Import").click().run()
    assert not at.exception
    (job,) = store.jobs.list(kinds=("ingest",))
    assert job.payload["path"] == str(file)
    assert job.payload["remove_source"] is False
    assert job.payload["options"]["delimiter"] == ";"
    assert job.payload["options"]["encoding"] is None
    assert job.payload["options"]["missing_values"] == ["NA", "?"]


def test_a_path_that_is_not_there_is_said(open_page: OpenPage, store: Store):
    at = open_form(open_page("data"))
    at.text_input[0].set_value("/nowhere/at_all.csv")
    button(at, "Import").click().run()
    assert "/nowhere/at" in at.error[0].value
    assert store.jobs.list(kinds=("ingest",)) == []


def test_an_empty_path_is_said(open_page: OpenPage):
    at = open_form(open_page("data"))
    button(at, "Import").click().run()
    assert "Enter the path" in at.error[0].value


def test_a_card_reads_some_of_the_pictures(open_page, filled, monkeypatch):
    asked = []

    def reading(home, dataset_id, columns, row_ids):
        asked.append(list(row_ids))
        return read_frame(home, dataset_id, columns, row_ids)

    monkeypatch.setattr("leyden.datasets.read.read_frame", reading)
    monkeypatch.setattr("ui.data_cards.NUM_LOOKED_AT", 5)
    page = texts(open_page("data"))
    assert asked == [[0, 4, 8, 12, 16]] and page.count("/api/thumbnails/") == 5
