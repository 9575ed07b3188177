import pytest

from leyden.errors import SpecError
from leyden.spec.check import check, complete
from leyden.spec.defaults import default_spec
from tests.leyden.spec.cases import catalogue, column, people, profile


def test_a_target_is_enough():
    spec = default_spec("d1", people(), catalogue())
    assert spec.data.dataset == "d1" and spec.data.target == "bought"
    assert spec.data.inputs == {"age": "number", "town": "category", "joined": "datetime", "income": "number"}
    assert spec.task.name == "sorting" and spec.loss.name == "surprise"
    assert {modality: choice.name for modality, choice in spec.architecture.items()} == {"tabular": "small"}
    assert check(spec, people(), catalogue()) == ()
    assert complete(spec, catalogue()) == spec


def test_another_target_brings_its_task():
    spec = default_spec("d1", people(), catalogue(), target="income")
    assert spec.task.name == "guessing" and spec.loss.name == "distance"
    assert "bought" in spec.data.inputs and "income" not in spec.data.inputs


def test_text_is_left_out_until_an_architecture_reads_it():
    spec = default_spec("d1", people(), catalogue("tabular", "text"))
    assert spec.data.inputs["letter"] == "text" and set(spec.architecture) == {"tabular", "text"}


def test_an_architecture_is_found_by_name():
    spec = default_spec("d1", people(), catalogue(), architecture="large")
    assert spec.architecture["tabular"].name == "large"
    with pytest.raises(SpecError) as failure:
        default_spec("d1", people(), catalogue(), architecture="huge")
    assert "'huge'" in str(failure.value) and "small, large" in str(failure.value)


def test_numbers_and_a_picture_per_row_train_together():
    table = profile(column("age", "number"), column("photo", "image"), column("kind", "category", num_distinct=2))
    spec = default_spec("d1", table, catalogue(), target="kind", architecture="large")
    assert set(spec.architecture) == {"tabular", "image"}
    assert [choice.name for choice in spec.architecture.values()] == ["large", "small"]


@pytest.mark.parametrize(("side", "size"), [(8, 16), (28, 28), (32, 32), (64, 64), (100, 64), (3000, 64)])
def test_small_pictures_keep_their_size(side: int, size: int):
    folder = profile(column("image", "image", side=side), column("label", "category", num_distinct=3))
    spec = default_spec("d1", folder, catalogue(), target="label")
    assert spec.preparation.images.size == size


@pytest.mark.parametrize(("rows", "batch"), [(20, 16), (344, 16), (5_000, 64), (20_000, 256), (10**6, 512)])
def test_the_batch_size_follows_the_rows(rows: int, batch: int):
    table = profile(column("x", "number"), column("y", "number"), num_rows=rows)
    assert default_spec("d1", table, catalogue(), target="y").optimisation.batch_size == batch


def test_a_split_that_came_with_the_data_is_used():
    parts = {"train": 150, "val": 25, "test": 25}
    table = people().model_copy(update={"parts": parts})
    assert default_spec("d1", table, catalogue()).split.method == "predefined"
    assert default_spec("d1", people(), catalogue()).split.method == "stratified"


def test_numbers_with_a_few_mistakes_stay_numbers():
    table = profile(column("age", "number", num_not_numeric=3), column("y", "number"))
    spec = default_spec("d1", table, catalogue(), target="y")
    assert spec.data.inputs == {"age": "number"}
    problems = check(spec, table, catalogue())
    assert [(one.severity, one.message.code) for one in problems] == [("note", "input_not_all_numeric")]
    assert problems[0].message.text == "3 of 200 values of 'age' are not numbers; they count as missing."


def test_columns_without_values_are_left_out():
    table = profile(column("empty", "number", num_missing=200), column("x", "number"), column("y", "number"))
    assert default_spec("d1", table, catalogue(), target="y").data.inputs == {"x": "number"}


def test_an_ignored_column_can_be_the_target():
    assert default_spec("d1", people(), catalogue(), target="id").task.name == "guessing"


@pytest.mark.parametrize(
    ("target", "sentence"),
    [("nope", "no 'nope'"), (None, "Choose the column to predict"), ("joined", "of kind datetime")],
)
def test_a_target_that_cannot_be_is_refused(target: str | None, sentence: str):
    table = people().model_copy(update={"suggested_target": None})
    with pytest.raises(SpecError, match=sentence):
        default_spec("d1", table, catalogue(), target=target)


def test_something_must_be_there_to_learn_from():
    table = profile(column("prose", "text"), column("y", "number"))
    with pytest.raises(SpecError, match="No column beside 'y' can be an input"):
        default_spec("d1", table, catalogue(), target="y")
