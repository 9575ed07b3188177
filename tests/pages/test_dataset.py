import pytest
from streamlit.testing.v1 import AppTest

from leyden.actions import profile_of
from leyden.home import Home
from leyden.store.store import Store
from tests.pages import factories
from tests.pages.conftest import OpenPage, button, texts
from tests.sessions import ask_for_part


@pytest.mark.parametrize("data", ["nope", "", "../../etc"])
def test_an_unknown_dataset_leads_on(open_page: OpenPage, data: str):
    page = texts(open_page("dataset", data=data))
    assert "Not found" in page
    assert "All datasets" in page


def test_a_dataset_whose_files_are_gone_says_so_and_can_go(open_page: OpenPage, home: Home, filled: Store):
    assert "The files of dataset" not in texts(open_page("data"))
    (home.dataset("d1") / "profile.json").unlink()
    at = open_page("dataset", data="d1")
    assert "are gone from the workspace" in texts(at)
    assert at.button(key="delete-dataset")
    cards = texts(open_page("data"))
    assert "The files of dataset" in cards
    assert "<b>20 images</b>" in cards


def test_a_table_tells_what_it_is(open_page: OpenPage, filled: Store):
    at = open_page("dataset", data="d1")
    page = texts(at)
    assert "<h1>penguins</h1>" in page
    assert "11 of 344 rows have none" in page
    assert "Worth a look" in page
    assert "11 missing (3.2\u00a0%)" in page
    assert at.selectbox(key="target-d1").value == "species"
    assert at.get("plotly_chart")


def test_train_on_this_leads_to_the_form(open_page: OpenPage, filled: Store):
    at = open_page("dataset", data="d1")
    at.selectbox(key="target-d1").set_value("body_mass_g").run()
    button(at, "Train on this").click().run()
    assert not at.exception
    assert at.query_params["data"] == "d1"


def test_another_kind_is_kept_and_can_be_taken_back(open_page: OpenPage, filled: Store):
    at = open_page("dataset", data="d1")
    at.selectbox(key="kind-d1-body_mass_g").set_value("category").run()
    assert filled.datasets.get("d1").kinds == {"body_mass_g": "category"}
    assert not at.exception
    at.selectbox(key="kind-d1-sex").set_value("ignored").run()
    assert filled.datasets.get("d1").kinds == {"body_mass_g": "category", "sex": "ignored"}
    at.selectbox(key="kind-d1-body_mass_g").set_value("number").run()
    assert filled.datasets.get("d1").kinds == {"sex": "ignored"}
    at.button(key="reset-kinds").click().run()
    assert filled.datasets.get("d1").kinds == {}
    assert at.selectbox(key="kind-d1-sex").value == "category"


def test_only_possible_kinds_are_offered(open_page: OpenPage, filled: Store):
    at = open_page("dataset", data="d1")
    assert "Number" not in at.selectbox(key="kind-d1-sex").options
    assert "Image" not in at.selectbox(key="kind-d1-sex").options
    assert "Number" in at.selectbox(key="kind-d1-body_mass_g").options


def test_pictures_are_shown_by_class(open_page: OpenPage, filled: Store):
    at = open_page("dataset", data="d2")
    assert texts(at).count("<figure") == 20
    at.selectbox(key="class-d2").set_value("two").run()
    page = texts(at)
    assert page.count("<figure") == 10
    assert 'title="two/3.png"' in page
    assert 'title="one/3.png"' not in page


def test_rows_and_reading(open_page: OpenPage, filled: Store):
    at = open_page("dataset", data="d1", tab="rows")
    assert list(at.dataframe[0].value.columns)[:2] == ["bill_length_mm", "body_mass_g"]
    assert "utf-8" in texts(open_page("dataset", data="d1", tab="reading"))


def test_a_source_is_read_again_with_other_options(open_page: OpenPage, home: Home, filled: Store):
    at = open_page("dataset", data="d1", tab="reading")
    at.selectbox(key="reread-Column names").set_value(False)
    button(at, "Read again").click().run()
    assert not at.exception
    (job,) = filled.jobs.list(kinds=("ingest",))
    assert job.payload["path"] == str(home.dataset("d1") / "source" / "penguins.csv")
    assert job.payload["options"]["has_header"] is False
    assert job.payload["remove_source"] is False
    assert job.payload["parent"] == "d1"


def test_versions_lead_to_each_other(open_page: OpenPage, home: Home, filled: Store):
    profile = profile_of(home, filled, "d1")
    filled.datasets.add("d9", name="penguins again", profile=profile, size_bytes=1, parent_id="d1")
    at = open_page("dataset", data="d1", tab="reading")
    assert "Versions" in texts(at) and "penguins again, made from this one on" in texts(at)


def test_many_columns_are_paged_and_found(open_page: OpenPage, home: Home, store: Store):
    factories.add_table(home, store, num_extra=500)
    at = open_page("dataset", data="d1")
    assert sum(box.key.startswith("kind-") for box in at.selectbox) == 24
    at.text_input(key="find-column").set_value("FEATURE_499").run()
    assert [box.key for box in at.selectbox if box.key.startswith("kind-")] == ["kind-d1-feature_499"]
    at.text_input(key="find-column").set_value("nothing like it").run()
    assert "No column is called like that." in texts(at)


def test_a_dataset_is_renamed(open_page: OpenPage, filled: Store):
    at = open_page("dataset", data="d1")
    next(field for field in at.text_input if field.label == "Name").set_value(" 企鹅 *1* ")
    button(at, "Rename").click().run()
    assert filled.datasets.get("d1").name == "企鹅 *1*"
    assert "<h1>企鹅 *1*</h1>" in texts(at)
    other = filled.datasets.get("d2").name
    next(field for field in at.text_input if field.label == "Name").set_value(other)
    button(at, "Rename").click().run()
    assert filled.datasets.get("d1").name == "企鹅 *1*" and f"the name '{other}' already" in at.toast[0].value


def test_a_dataset_in_use_is_not_deleted(open_page: OpenPage, filled: Store):
    at = open_page("dataset", data="d1")
    at.button(key="delete-dataset").click().run()
    assert at.button(key="ly-confirm").disabled
    assert "4 runs learned from penguins" in texts(at)


def script_that_asks() -> None:
    import streamlit as st

    from ui import state
    from ui.data_details import ask_to_delete

    if st.button("Ask"):
        ask_to_delete(state.store().datasets.get("d2"), 0)


def test_a_dataset_is_deleted_once_confirmed(home: Home, filled: Store, monkeypatch: pytest.MonkeyPatch):
    went: list[str] = []
    monkeypatch.setattr("ui.state.go", lambda page, **query: went.append(page))
    at = AppTest.from_function(script_that_asks, default_timeout=30).run()
    at.button[0].click().run()
    assert home.dataset("d2").exists()
    (part,) = at._fragment_storage._fragments
    ask_for_part(monkeypatch, part)
    at.button(key="ly-confirm").click().run()
    assert went == ["data"]
    assert [dataset.id for dataset in filled.datasets.list()] == ["d3", "d1"]
    assert not home.dataset("d2").exists()


def test_names_of_a_user_are_escaped(open_page: OpenPage, home: Home, store: Store):
    factories.add_table(home, store, name="<script>alert(1)</script>", species=("<b>x</b>", "y"))
    page = texts(open_page("dataset", data="d1"))
    assert "<script>" not in page
    assert "<b>x</b>" not in page
