"""The Predict page when it is asked once more: no answer stays beside a question that it is not of.

The model's answers are made up here: what counts is which question they stand beside.
"""

import json
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest

from leyden.datasets.image import small_jpeg
from leyden.datasets.profile import ROW_ID
from leyden.engine import service
from leyden.home import Home
from leyden.prediction.signature import InputColumn, Signature
from leyden.run_folder import SIGNATURE
from leyden.store.models import Models
from leyden.store.records import Run
from leyden.store.store import Store
from tests.leyden.datasets.pictures import picture
from tests.pages import factories
from tests.pages.conftest import OpenPage, button, texts
from ui import predict_form
from ui.predict_ask import encoded


@pytest.fixture(autouse=True)
def answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row is answered with a name that is made from what was asked."""

    def predict(home, model_id, body, told=lambda message: None):
        names = [answer_to(row) for row in json.loads(body)["rows"]]
        predictions = [{"prediction": name, "probabilities": {name: 1.0}} for name in names]
        return {"model": model_id, "predictions": predictions, "warnings": []}

    monkeypatch.setattr(service, "predict", predict)


def answer_to(row: dict) -> str:
    return "a" + sha256(json.dumps(row).encode()).hexdigest()[:8]


def add_model(home: Home, store: Store, dataset_id: str, target: str, columns: dict[str, str]) -> Run:
    """A finished run with what the page needs of its model; two of its rows are validation rows."""
    run = factories.add_run(store, dataset_id, target=target)
    factories.finish(store, run)
    store.models.put(run.id, kind="run", run_id=run.id, files={})
    home.run(run.id).mkdir(parents=True)
    inputs = tuple(InputColumn(name=name, kind=kind) for name, kind in columns.items())
    signature = Signature(step=1, task="classification", target=target, columns=inputs, classes=("one", "two"))
    (home.run(run.id) / SIGNATURE).write_text(signature.model_dump_json())
    home.split(run.split_hash).parent.mkdir(parents=True, exist_ok=True)
    rows = pd.DataFrame({ROW_ID: np.arange(4), "part": ["val", "val", "train", "test"], "fold": 0})
    rows.to_parquet(home.split(run.split_hash))
    return run


@pytest.fixture
def picture_model(home: Home, store: Store) -> Run:
    factories.add_pictures(home, store)
    return add_model(home, store, "d2", "label", {"image": "image"})


def test_another_example_takes_the_answer_to_the_one_before_away(open_page: OpenPage, home: Home, store: Store):
    factories.add_table(home, store)
    run = add_model(home, store, "d1", "species", {"body_mass_g": "number"})
    at = open_page("predict", model=run.id)
    button(at, "Predict").click().run()
    assert 'class="ly-answer"' in texts(at)
    button(at, "Take an example row").click().run()
    assert 'class="ly-answer"' not in texts(at) and "The answer appears here" in texts(at)


def test_another_picture_of_the_same_name_is_another_question(open_page: OpenPage, picture_model: Run):
    # As pictures from a camera are: all of one name.
    contents = [picture((1, 1, 1)), picture((2, 2, 2))]
    at = open_page("predict", model=picture_model.id)
    shown = []
    for content in contents:
        uploader = at.get("file_uploader")[0]
        uploader.clear()
        uploader.upload("image.jpg", content, "image/jpeg").run()
        assert not at.exception
        shown.append(texts(at))
    expected = [answer_to({"image": encoded(content)}) for content in contents]
    assert expected[0] in shown[0] and expected[1] in shown[1] and expected[0] not in shown[1]


def test_an_example_picture_takes_the_dropped_ones_away(open_page: OpenPage, picture_model: Run):
    at = open_page("predict", model=picture_model.id)
    uploader = at.get("file_uploader")[0]
    uploader.upload("image.jpg", picture(), "image/jpeg").run()
    button(at, "Take an example picture").click().run()
    assert "In the data: one" in texts(at)
    # A browser keeps the files of an uploader for as long as it is the same one.
    assert at.get("file_uploader")[0].proto.id != uploader.proto.id


def test_the_picture_of_a_wide_row_is_dropped_beside_the_table(
    open_page: OpenPage, home: Home, store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(predict_form, "MOST_INPUTS", 1)
    factories.add_pictures(home, store)
    run = add_model(home, store, "d2", "label", {"image": "image", "file": "category"})
    at = open_page("predict", model=run.id)
    button(at, "Take an example row").click().run()
    assert not at.exception and at.dataframe
    at.get("file_uploader")[0].upload("image.png", picture(), "image/png")
    button(at, "Predict").click().run()
    asked = [answer_to({"file": name, "image": encoded(picture())}) for name in ("one/0.png", "one/1.png")]
    assert any(answer in texts(at) for answer in asked), "one of the two validation rows, with the picture dropped"


@pytest.mark.parametrize("content", [b"notapng", picture()[:45]])
def test_a_picture_of_a_row_that_cannot_be_read_is_told_in_words(
    open_page: OpenPage, home: Home, store: Store, content: bytes
):
    factories.add_pictures(home, store)
    run = add_model(home, store, "d2", "label", {"image": "image", "file": "category"})
    at = open_page("predict", model=run.id)
    at.get("file_uploader")[0].upload("风景.png", content, "image/png")
    button(at, "Predict").click().run()
    assert not at.exception
    assert any("'风景.png'" in error.value.replace("\\", "") for error in at.error)


def test_other_pictures_start_at_the_first_page(open_page: OpenPage, picture_model: Run):
    files = [(f"{n:02d}.png", picture((n, n, n)), "image/png") for n in range(60)]
    at = open_page("predict", model=picture_model.id)
    at.get("file_uploader")[0].set_value(files[:50]).run()
    button(at, "Next").click().run()
    button(at, "Next").click().run()
    assert "49 to 50 of 50" in texts(at)
    at.get("file_uploader")[0].set_value(files).run()
    assert "1 to 24 of 60" in texts(at) and 'alt="00.png"' in texts(at)
    button(at, "Next").click().run()
    assert at.query_params["pictures"] == "2"
    button(at, "Take an example picture").click().run()
    assert "pictures" not in at.query_params


def test_a_picture_is_made_small_once(open_page: OpenPage, picture_model: Run, monkeypatch: pytest.MonkeyPatch):
    asked = []

    def counted(content: bytes, side: int) -> bytes:
        asked.append(content)
        return small_jpeg(content, side)

    monkeypatch.setattr("ui.predict_dropped.small_jpeg", counted)
    files = [(f"{n:02d}.png", picture((n, 0, 9)), "image/png") for n in range(30)]
    at = open_page("predict", model=picture_model.id)
    at.get("file_uploader")[0].set_value(files).run()
    button(at, "Next").click().run()
    button(at, "Previous").click().run()
    assert 'alt="00.png"' in texts(at) and len(asked) == len(set(asked)) == 30


def test_another_model_starts_at_the_first_picture(
    open_page: OpenPage, home: Home, store: Store, picture_model: Run
):
    other = add_model(home, store, "d2", "label", {"image": "image"})
    at = open_page("predict", model=picture_model.id, pictures="3")
    at.selectbox[0].select_index(0).run()
    assert at.query_params["model"] == other.id and "pictures" not in at.query_params


@pytest.mark.parametrize("row", ["9" * 25, "9" * 5000, "-1", "x"])
def test_a_row_that_cannot_be_is_left_out(open_page: OpenPage, picture_model: Run, row: str):
    assert "In the data" not in texts(open_page("predict", model=picture_model.id, row=row))


def test_among_many_models_starred_ones_stay_and_others_are_found(
    open_page: OpenPage, home: Home, store: Store, monkeypatch: pytest.MonkeyPatch
):
    factories.add_table(home, store)
    names = ("favourite", "forgotten", "new one", "newest")
    added = {name: add_model(home, store, "d1", "species", {"body_mass_g": "number"}) for name in names}
    for name, run in added.items():
        store.runs.rename(run.id, name)
    store.runs.set_starred([added["favourite"].id], True)
    monkeypatch.setattr(Models.list, "__kwdefaults__", {"search": "", "limit": 2})
    monkeypatch.setattr("ui.predict_models.MOST_LISTED", 2)
    at = open_page("predict")
    offered = " ".join(at.selectbox[0].options)
    assert at.query_params["model"] == added["newest"].id and "newest 2 models" in texts(at)
    assert "★ #1 favourite" in offered and "newest" in offered and "forgotten" not in offered
    next(one for one in at.text_input if one.label == "Find a model").set_value("forgot").run()
    assert "forgotten" in " ".join(at.selectbox[0].options) and at.query_params["find"] == "forgot"
    assert "1 model found" in texts(at)


def test_a_search_that_finds_nothing_leaves_the_newest_model(open_page: OpenPage, home: Home, store: Store):
    factories.add_table(home, store)
    old, new = (add_model(home, store, "d1", "species", {"body_mass_g": "number"}) for _time in range(2))
    store.runs.set_starred([old.id], True)
    assert open_page("predict", find="zzz").query_params["model"] == new.id


def test_the_best_of_all_is_marked_and_not_the_best_that_was_found(open_page: OpenPage, home: Home, store: Store):
    factories.add_table(home, store)
    for name, figure in (("winner", 0.9), ("tree one", 0.7), ("tree two", 0.8)):
        run = add_model(home, store, "d1", "species", {"body_mass_g": "number"})
        store.runs.rename(run.id, name)
        store.reports.put(run.id, "val", headline="f1_macro", figures={"f1_macro": figure}, num_rows=52)
    [marked] = [option for option in open_page("predict").selectbox[0].options if "best for" in option]
    assert "winner" in marked
    found = open_page("predict", find="tree").selectbox[0].options
    assert len(found) == 2 and not any("best for" in option for option in found)
