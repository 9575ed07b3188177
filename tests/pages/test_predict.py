"""The Predict page on a model that was really trained; only the service's process is left out."""

from io import BytesIO

import pandas as pd
import pytest

from leyden import actions
from leyden.engine import service
from leyden.errors import RunError
from leyden.messages.render import Message
from leyden.run_folder import SIGNATURE
from leyden.store.records import Run
from lightning_modules import work
from lightning_modules.checkpoint import load_checkpoint
from lightning_modules.evaluation.signature import write_signature
from lightning_modules.predictor import Predictor
from lightning_modules.serving.rows import answer
from tests.lightning_modules.workspace import add_pictures, add_table, claim, flowers, picture, prices, submit
from tests.pages.conftest import OpenPage, button, texts

QUICK = {"optimisation.epochs": 8, "optimisation.batch_size": 8}


@pytest.fixture(autouse=True)
def in_this_process(home, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Answers requests here, as the service would; returns what was asked."""
    asked = []

    def predict(home, model_id, body, told=lambda message: None):
        asked.append(body)
        told(Message(code="service_starting"))
        return {"model": model_id, **answer(Predictor.load(home.run(model_id) / "best.ckpt"), body)}

    monkeypatch.setattr(service, "predict", predict)
    monkeypatch.setattr(
        service,
        "load",
        lambda home, run, told: write_signature(home, run, load_checkpoint(home.run(run) / "best.ckpt")),
    )
    return asked


def png(number: int) -> bytes:
    buffer = BytesIO()
    picture(number).save(buffer, format="PNG")
    return buffer.getvalue()


def trained(home, store, target: str, **changes: object) -> Run:
    run = submit(home, store, target, {**QUICK, **changes})
    context = claim(home, store)
    work.train(context)
    store.jobs.end(context.job.id, context.owner, "finished")
    return run


@pytest.fixture
def flower_model(home, store) -> Run:
    add_table(home, store, flowers())
    return trained(home, store, "kind")


def test_without_a_model_the_page_says_where_one_comes_from(open_page: OpenPage):
    at = open_page("predict")
    assert "No models yet" in texts(at) and "Start a run" in texts(at)


def test_a_row_is_typed_and_answered_with_probabilities(open_page: OpenPage, flower_model: Run):
    at = open_page("predict", model=flower_model.id)
    length = next(one for one in at.text_input if one.label.startswith("length"))
    assert "to" in length.label and float(length.value) == pytest.approx(flowers()["length"].median(), abs=1)
    colour = next(one for one in at.selectbox if one.label.startswith("colour"))
    assert colour.value in ("red", "white", "blue")
    button(at, "Predict").click().run()
    assert not at.exception
    shown = texts(at)
    assert all(name in shown for name in ("iris", "rose", "tulip")) and "%" in shown
    assert "Unlike what was seen" not in shown


def test_what_training_rows_did_not_have_is_pointed_out(open_page: OpenPage, flower_model: Run):
    at = open_page("predict", model=flower_model.id)
    next(one for one in at.text_input if one.label.startswith("width")).set_value("99")
    button(at, "Predict").click().run()
    assert "width: 99 is more than anything seen in training" in texts(at)


def test_an_example_is_a_validation_row_with_its_truth(open_page: OpenPage, home, flower_model: Run):
    at = open_page("predict", model=flower_model.id)
    button(at, "Take an example row").click().run()
    row = int(at.query_params["row"])
    reported = pd.read_parquet(home.run(flower_model.id) / "predictions-val.parquet")
    assert row in reported.index
    button(at, "Predict").click().run()
    assert f"In the data: {reported.loc[row, 'kind']}" in texts(at)
    assert f"<strong>{reported.loc[row, 'prediction']}</strong>" in texts(at)
    width = next(one for one in at.text_input if one.label.startswith("width"))
    width.set_value(str(float(width.value) + 1))
    button(at, "Predict").click().run()
    assert "In the data" not in texts(at), "of a changed row nobody knows the truth"


def test_a_test_row_cannot_be_taken_as_an_example(open_page: OpenPage, home, flower_model: Run):
    from leyden.datasets.splits import read_split

    split = read_split(home, flower_model.split_hash)
    sealed = split.index[split["part"] == "test"][0]
    at = open_page("predict", model=flower_model.id, row=str(sealed))
    button(at, "Predict").click().run()
    assert "In the data" not in texts(at)


def test_a_number_stands_beside_its_spread_and_the_data(open_page: OpenPage, home, store):
    add_table(home, store, prices(200))
    run = trained(home, store, "price")
    at = open_page("predict", model=run.id)
    button(at, "Predict").click().run()
    assert "as close as this was the model on 9 of 10 validation rows" in texts(at)


def test_wide_rows_are_typed_into_a_table(open_page: OpenPage, home, store, in_this_process):
    frame = flowers()
    add_table(home, store, frame.assign(**{f"x{i}": frame["width"] for i in range(45)}))
    run = trained(home, store, "kind")
    at = open_page("predict", model=run.id)
    assert not any(one.label.startswith("x4") for one in at.text_input)
    button(at, "Predict").click().run()
    assert "iris" in texts(at)
    assert b'"x44": "' in in_this_process[-1]


def test_a_picture_of_the_data_is_answered(open_page: OpenPage, home, store):
    add_pictures(home, store, 40)
    run = trained(home, store, "label", **{"preparation.images.size": 16})
    at = open_page("predict", model=run.id)
    button(at, "Take an example picture").click().run()
    shown = texts(at)
    assert "data:image/jpeg;base64," in shown and "In the data: " in shown
    assert ">top<" in shown and ">bottom<" in shown
    at.get("file_uploader")[0].upload("a.png", png(1), "image/png").run()
    assert 'alt="a.png"' in texts(at) and "In the data" not in texts(at)
    assert "row" not in at.query_params


def test_many_pictures_are_answered_in_pages_whatever_one_of_them_is(open_page: OpenPage, home, store):
    add_pictures(home, store, 40)
    run = trained(home, store, "label", **{"preparation.images.size": 16})
    at = open_page("predict", model=run.id)
    uploader = at.get("file_uploader")[0]
    files = [(f"{i:02d}.png", b"no picture" if i == 3 else png(i), "image/png") for i in range(30)]
    uploader.set_value(files).run()
    assert not at.exception
    shown = texts(at)
    assert shown.count("<figure>") == 23 and "1 to 24 of 30" in shown
    assert "cannot be read as a picture: 03.png." in shown.replace("\\", "")
    button(at, "Next").click().run()
    shown = texts(at)
    assert shown.count("<figure>") == 6 and "29.png" in shown and "03.png" not in shown


def test_what_is_no_picture_leaves_no_old_answer(open_page: OpenPage, home, store):
    add_pictures(home, store, 40)
    run = trained(home, store, "label", **{"preparation.images.size": 16})
    at = open_page("predict", model=run.id)
    button(at, "Take an example picture").click().run()
    assert 'class="ly-answer"' in texts(at)
    at.get("file_uploader")[0].upload("bad.png", b"no picture", "image/png").run()
    assert "cannot be read as a picture" in texts(at) and 'class="ly-answer"' not in texts(at)


def test_more_than_a_request_holds_is_asked_in_several(
    open_page: OpenPage, home, store, in_this_process, monkeypatch: pytest.MonkeyPatch
):
    frame = pd.DataFrame({"text": ["good day", "bad night"] * 30, "mood": ["good", "bad"] * 30})
    add_table(home, store, frame, text="text")
    run = trained(home, store, "mood")
    monkeypatch.setattr("ui.predict_ask.REQUEST_BYTES", 45)
    at = open_page("predict", model=run.id)
    at.text_area[0].set_value("good day\nbad night\ngood xylophone")
    at.checkbox[0].check()
    button(at, "Predict").click().run()
    assert len(in_this_process) == 2
    assert texts(at).count("<figure>") == 3 and "good xylophone: text: not seen in training" in texts(at)


def test_texts_are_pasted_one_or_many(open_page: OpenPage, home, store):
    frame = pd.DataFrame({"text": ["good 好 day", "bad 坏 night"] * 30, "mood": ["好", "坏"] * 30})
    add_table(home, store, frame, text="text")
    run = trained(home, store, "mood")
    at = open_page("predict", model=run.id)
    button(at, "Predict").click().run()
    assert "There is no text yet" in texts(at)
    at.text_area[0].set_value("good 好 day\n\nbad 坏 xylophone")
    at.checkbox[0].check()
    button(at, "Predict").click().run()
    assert texts(at).count("<figure>") == 2 and "xylophone" in texts(at)


def test_lines_that_were_read_as_one_text_are_offered_as_several(open_page: OpenPage, home, store):
    frame = pd.DataFrame({"text": ["good day", "bad night"] * 30, "mood": ["good", "bad"] * 30})
    add_table(home, store, frame, text="text")
    run = trained(home, store, "mood")
    at = open_page("predict", model=run.id)
    at.text_area[0].set_value("good day")
    button(at, "Predict").click().run()
    assert "read as one text" not in texts(at)
    at.text_area[0].set_value("good day\nbad night\ngood night")
    button(at, "Predict").click().run()
    assert texts(at).count("<figure>") == 0 and "3 lines were read as one text." in texts(at)
    button(at, "Answer each line").click().run()
    assert texts(at).count("<figure>") == 3 and "read as one text" not in texts(at)
    assert at.checkbox[0].value is True
    at.checkbox[0].uncheck()
    button(at, "Predict").click().run()
    assert texts(at).count("<figure>") == 0, "a person's choice holds"


def test_paragraphs_are_one_text_where_training_texts_have_them(open_page: OpenPage, home, store):
    frame = pd.DataFrame({"text": ["good\nday", "bad\nnight"] * 30, "mood": ["good", "bad"] * 30})
    add_table(home, store, frame, text="text")
    run = trained(home, store, "mood")
    at = open_page("predict", model=run.id)
    at.text_area[0].set_value("good\nnight")
    button(at, "Predict").click().run()
    assert 'class="ly-answer"' in texts(at) and "read as one text" not in texts(at)


def test_a_model_of_before_there_were_signatures_gets_one(open_page: OpenPage, home, flower_model: Run):
    (home.run(flower_model.id) / SIGNATURE).unlink()
    at = open_page("predict", model=flower_model.id)
    assert [one.label.partition(" ")[0] for one in at.text_input if " to " in one.label] == ["length", "width"]


def test_a_failure_is_a_sentence_and_the_page_stays(open_page: OpenPage, flower_model: Run, monkeypatch):
    def fail(*_arguments):
        raise RunError("service_slow", seconds=300)

    monkeypatch.setattr(service, "predict", fail)
    at = open_page("predict", model=flower_model.id)
    button(at, "Predict").click().run()
    assert "did not answer within 300 s" in texts(at) and not at.exception


def test_a_deleted_model_is_not_found(open_page: OpenPage, home, store, flower_model: Run):
    at = open_page("predict", model=flower_model.id)
    actions.delete_run(home, store, flower_model.id)
    at.run()
    assert "its run may have been deleted" in texts(at)


def test_a_file_s_answers_are_shown_in_short_and_can_be_removed(
    open_page: OpenPage, home, store, flower_model: Run
):
    folder = home.predictions / "token"
    folder.mkdir()
    frame = flowers(30).drop(columns="kind")
    frame.loc[3, "width"] = 77
    frame.to_csv(folder / "new 新.csv", index=False)
    path, out = folder / "new 新.csv", folder / "predictions.csv"
    actions.predict_file(home, store, flower_model.id, path, out, remove_source=True)
    context = claim(home, store, "light")
    result = work.predict(context)
    store.jobs.end(context.job.id, context.owner, "finished", result=result)
    assert not path.exists(), "an upload goes as soon as it was read"
    assert sum(result["classes"].values()) == result["rows"] == len(pd.read_csv(out)) == 30

    at = open_page("predict", model=flower_model.id)
    at.query_params["tab"] = "file"
    at.run()
    shown = texts(at)
    assert "new 新.csv" in shown and "30 answers" in shown
    [outside] = result["outside"]
    assert outside["code"] == "number_above"
    assert f"{outside['num_rows']} of 30 rows (first: row 4): width: 77 is more than anything seen" in shown
    assert list(at.dataframe[0].value.columns[:4]) == ["prediction", "p_iris", "p_rose", "p_tulip"]
    button(at, "Remove").click().run()
    assert not folder.exists() and "new 新.csv" not in texts(at)


def test_the_run_s_page_leads_here(open_page: OpenPage, flower_model: Run):
    at = open_page("run", run=flower_model.id)
    button(at, "Predict").click().run()
    assert at.query_params["model"] == flower_model.id and "Take an example row" in [b.label for b in at.button]
