"""What was typed on the Predict page and asked: a reload, a link, and another page in between bring it again."""

import json

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from leyden.engine import service
from leyden.errors import RunError
from leyden.home import Home
from leyden.store.records import Run
from leyden.store.store import Store
from tests.pages import factories
from tests.pages.conftest import OpenPage, button, texts
from tests.pages.test_predict_again import add_model, answer_to, answers

__all__ = ["answers"]
ROW = {"body_mass_g": 4321.5, "island": "Dream"}


@pytest.fixture
def model(home: Home, store: Store) -> Run:
    factories.add_table(home, store)
    return add_model(home, store, "d1", "species", {"body_mass_g": "number", "island": "text"})


@pytest.fixture
def reader(home: Home, store: Store) -> Run:
    factories.add_table(home, store)
    return add_model(home, store, "d1", "species", {"island": "text"})


def mass(at: AppTest) -> TextInput:
    return next(one for one in at.text_input if one.label.startswith("body_mass_g"))


def ask(at: AppTest) -> AppTest:
    mass(at).set_value(str(ROW["body_mass_g"]))
    at.text_area[0].set_value(ROW["island"])
    button(at, "Predict").click().run()
    assert answer_to(ROW) in texts(at)
    return at


def test_a_typed_row_stands_in_the_address_and_a_link_asks_it_again(open_page: OpenPage, model: Run):
    at = ask(open_page("predict", model=model.id))
    assert json.loads(at.query_params["typed"]) == ROW
    again = open_page("predict", model=model.id, typed=at.query_params["typed"])
    assert mass(again).value == str(ROW["body_mass_g"]) and answer_to(ROW) in texts(again)


def test_a_number_beyond_all_that_a_model_computes_with_is_asked_as_it_was_typed(open_page: OpenPage, model: Run):
    at = open_page("predict", model=model.id)
    mass(at).set_value(typed := "1" + "0" * 320)
    button(at, "Predict").click().run()
    assert not at.exception and json.loads(at.query_params["typed"])["body_mass_g"] == typed


def test_a_typed_row_is_there_after_another_page(open_page: OpenPage, model: Run, home: Home, store: Store):
    at = ask(open_page("predict", model=model.id))
    add_model(home, store, "d1", "species", {"body_mass_g": "number"})
    at.query_params.clear()
    at.switch_page("../pages/runs.py").run()
    at.switch_page("../pages/predict.py").run()
    assert mass(at).value == str(ROW["body_mass_g"]) and answer_to(ROW) in texts(at)
    assert json.loads(at.query_params["typed"]) == ROW and at.query_params["model"] == model.id


def test_back_asks_the_question_of_before_and_then_none(open_page: OpenPage, model: Run, monkeypatch):
    at = ask(open_page("predict", model=model.id))
    first = at.query_params["typed"]
    mass(at).set_value("4000")
    button(at, "Predict").click().run()
    assert answer_to(ROW) not in texts(at)
    monkeypatch.setattr("ui.state.is_back", lambda: True)
    at.query_params["typed"] = first
    at.run()
    assert mass(at).value == str(ROW["body_mass_g"]) and answer_to(ROW) in texts(at)
    del at.query_params["typed"]
    at.run()
    assert mass(at).value == "" and answer_to(ROW) not in texts(at)


def test_back_from_another_page_asks_what_the_address_says(open_page: OpenPage, model: Run, monkeypatch):
    at = ask(open_page("predict", model=model.id))
    at.query_params.clear()
    at.switch_page("../pages/runs.py").run()
    other = {"body_mass_g": 4000, "island": "Dream"}
    monkeypatch.setattr("ui.state.is_back", lambda: True)
    at.query_params["model"], at.query_params["typed"] = model.id, json.dumps(other)
    at.switch_page("../pages/predict.py").run()
    assert mass(at).value == "4000"
    assert answer_to(other) in texts(at) and answer_to(ROW) not in texts(at)


def test_a_number_that_is_taken_out_is_missing(open_page: OpenPage, model: Run):
    at = ask(open_page("predict", model=model.id))
    mass(at).set_value("")
    button(at, "Predict").click().run()
    assert json.loads(at.query_params["typed"]) == {"island": "Dream"}
    assert answer_to({"body_mass_g": None, "island": "Dream"}) in texts(at) and mass(at).value == ""


def test_back_from_answering_each_line_asks_the_whole_text_again(open_page: OpenPage, reader: Run, monkeypatch):
    at = open_page("predict", model=reader.id)
    at.text_area[0].set_value("one\ntwo")
    button(at, "Predict").click().run()
    whole = {name: at.query_params[name] for name in ("model", "typed")}
    button(at, "Answer each line").click().run()
    assert at.checkbox[0].value and at.query_params["lines"] == "1"
    monkeypatch.setattr("ui.state.is_back", lambda: True)
    at.query_params.clear()
    for name, value in whole.items():
        at.query_params[name] = value
    at.run()
    assert not at.checkbox[0].value and "lines" not in at.query_params


def test_an_example_or_another_model_begins_anew(open_page: OpenPage, model: Run, home: Home, store: Store):
    at = ask(open_page("predict", model=model.id))
    button(at, "Take an example row").click().run()
    assert "typed" not in at.query_params and answer_to(ROW) not in texts(at)
    other = add_model(home, store, "d1", "species", {"body_mass_g": "number"})
    at = ask(open_page("predict", model=model.id))
    next(box for box in at.selectbox if box.label == "Model").set_value(other.id).run()
    assert "typed" not in at.query_params and mass(at).value == ""


@pytest.mark.parametrize(
    "given",
    [
        "{",
        "[" * 100_000,
        "[1]",
        '{"body_mass_g": "heavy", "island": 3, "species": "Adelie"}',
        '{"body_mass_g": NaN, "island": {}}',
        '{"body_mass_g": 1e400, "island": true}',
        f'{{"body_mass_g": {10**400}}}',
        '{"body_mass_g": 1, "island": "\\ud800"}',
    ],
)
def test_nonsense_in_the_address_is_left_out_and_asks_nothing(open_page: OpenPage, model: Run, given: str):
    at = open_page("predict", model=model.id, typed=given)
    assert mass(at).value in ("", "1", "heavy") and not at.text_area[0].value
    assert 'class="ly-answer"' not in texts(at)


def test_all_of_a_question_is_there_after_another_page(open_page: OpenPage, reader: Run):
    at = open_page("predict", model=reader.id, row="0", lines="1")
    at.text_area[0].set_value("one\ntwo")
    button(at, "Predict").click().run()
    at.query_params.clear()
    at.switch_page("../pages/runs.py").run()
    at.switch_page("../pages/predict.py").run()
    assert dict(at.query_params)["row"] == "0" and at.query_params["lines"] == "1"
    assert at.checkbox[0].value and at.text_area[0].value == "one\ntwo"


def test_a_question_that_failed_is_not_asked_again_by_itself(
    open_page: OpenPage, model: Run, monkeypatch: pytest.MonkeyPatch
):
    asked = []

    def refuse(home, model_id, body, told=None):
        asked.append(body)
        raise RunError("model_file_gone", model=model_id)

    monkeypatch.setattr(service, "predict", refuse)
    at = open_page("predict", model=model.id)
    mass(at).set_value("5")
    button(at, "Predict").click().run()
    at.run()
    assert len(asked) == 1 and "typed" in at.query_params


def test_long_texts_last_for_a_session_alone(open_page: OpenPage, reader: Run):
    at = open_page("predict", model=reader.id)
    for text, is_kept in (("好" * 200, True), ("长" * 2000, False)):
        at.text_area[0].set_value(text)
        button(at, "Predict").click().run()
        assert ("typed" in at.query_params) is is_kept
    at.query_params.clear()
    at.switch_page("../pages/runs.py").run()
    at.switch_page("../pages/predict.py").run()
    assert at.text_area[0].value == text and answer_to({"island": text}) in texts(at)


def test_lines_are_asked_again_as_lines(open_page: OpenPage, reader: Run):
    at = open_page("predict", model=reader.id)
    at.text_area[0].set_value("one\ntwo")
    at.checkbox[0].check()
    button(at, "Predict").click().run()
    again = open_page("predict", **dict(at.query_params))
    assert again.checkbox[0].value
    assert all(answer_to({"island": line}) in texts(again) for line in ("one", "two"))
