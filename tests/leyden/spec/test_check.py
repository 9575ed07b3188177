import time
from typing import Any

import pytest

from leyden.datasets.profile import Profile
from leyden.errors import SpecError
from leyden.messages.render import SENTENCES
from leyden.spec.check import check, complete, num_rows_by_part, require
from leyden.spec.defaults import default_spec
from leyden.spec.fields import set_dotted
from leyden.spec.model import Choice, Spec
from tests.leyden.spec.cases import catalogue, column, people, profile


def good() -> Spec:
    return default_spec("d1", people(), catalogue())


def changed(**values: Any) -> Spec:
    """The good spec with parts replaced by JSON, unchecked."""
    plain = good().model_dump(mode="json")
    for dotted, value in values.items():
        *path, last = dotted.split("__")
        here = plain
        for part in path:
            here = here[part]
        here[last] = value
    return Spec.model_validate(plain)


def codes(spec: Spec, data: Profile | None = None, severity: str = "error") -> list[tuple[str, str]]:
    problems = check(spec, data or people(), catalogue())
    return [(problem.field, problem.message.code) for problem in problems if problem.severity == severity]


CHANGES: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"data__target": "nope"}, ("data.target", "target_unknown")),
    ({"data__inputs": {"age": "number", "bought": "category"}}, ("data.inputs", "target_is_input")),
    ({"data__inputs": {}}, ("data.inputs", "inputs_none")),
    ({"data__inputs": {"age": "number", "agee": "number"}}, ("data.inputs.agee", "input_unknown")),
    ({"data__inputs": {"age": "number", "id": "ignored"}}, ("data.inputs.id", "input_ignored")),
    ({"data__inputs": {"age": "datetime"}}, ("data.inputs.age", "input_kind_impossible")),
    ({"data__inputs": {"age": "number", "town": "image"}}, ("data.inputs.town", "input_kind_impossible")),
    ({"data__inputs": {"age": "number", "letter": "text"}}, ("data.inputs", "architecture_missing_none")),
    ({"architecture": {}}, ("architecture.tabular", "architecture_missing")),
    (
        {"architecture": {"tabular": {"name": "small"}, "image": {"name": "small"}}},
        ("architecture.image", "architecture_idle"),
    ),
    ({"architecture__tabular__name": "huge"}, ("architecture.tabular", "choice_unknown")),
    ({"architecture__tabular__options": {"width": 0}}, ("architecture.tabular.options.width", "field_invalid")),
    ({"architecture__tabular__options": {"widht": 3}}, ("architecture.tabular.options.widht", "field_unknown")),
    ({"task__name": "dreaming"}, ("task", "choice_unknown")),
    ({"task__name": "guessing", "loss__name": "distance"}, ("task", "target_kind")),
    ({"loss__name": "distance"}, ("loss", "loss_misfit")),
    ({"optimisation__optimiser": {"name": "lion"}}, ("optimisation.optimiser", "choice_unknown")),
    (
        {"optimisation__optimiser": {"name": "descent", "options": {"nesterov": True, "momentum": 0}}},
        ("optimisation.optimiser", "nesterov_without_momentum"),
    ),
    ({"optimisation__schedule": {"name": "wave"}}, ("optimisation.schedule", "choice_unknown")),
    ({"split__method": "predefined"}, ("split.method", "split_without_parts")),
    (
        {"split__val_fraction": 0.5, "split__test_fraction": 0.5},
        ("split.val_fraction", "split_no_training_rows"),
    ),
]


def test_a_good_spec_has_no_problem():
    assert check(good(), people(), catalogue()) == ()


@pytest.mark.parametrize(("change", "problem"), CHANGES, ids=lambda value: str(value)[:60])
def test_each_problem_is_found_at_its_field(change: dict[str, Any], problem: tuple[str, str]):
    found = check(changed(**change), people(), catalogue())
    assert problem in [(one.field, one.message.code) for one in found]
    assert all(one.message.code in SENTENCES and "{" not in one.message.text for one in found)


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ([column("y", "category", num_distinct=1)], ("data.target", "target_constant")),
        ([column("y", "category", num_missing=200)], ("data.target", "target_empty")),
        ([column("y", "datetime")], ("task", "target_kind")),
    ],
)
def test_problems_of_the_target(columns, problem):
    data = profile(column("age", "number"), *columns)
    spec = changed(data__target="y", data__inputs={"age": "number"})
    assert problem in codes(spec, data)


def test_numbers_that_are_none_are_counted():
    data = profile(column("age", "number", num_not_numeric=140, num_missing=9), column("y", "category"))
    spec = changed(data__target="y", data__inputs={"age": "number"})
    problem = next(one for one in check(spec, data, catalogue()) if one.message.code == "column_not_numeric")
    assert problem.message.text == (
        "Column 'age' must be numeric; 140 of 191 values are not. Drop these rows or use the column as a category."
    )
    assert codes(changed(data__target="y", data__inputs={"age": "category"}), data) == []


def test_a_number_can_only_be_predicted_from_numbers():
    data = profile(column("age", "number"), column("price", "number", num_not_numeric=2))
    spec = set_dotted(good(), {"task": "guessing", "data.inputs": "age"}, catalogue())
    spec = spec.model_copy(update={"data": spec.data.model_copy(update={"target": "price"})})
    assert ("data.target", "column_not_numeric") in codes(spec, data)


def test_things_worth_knowing_are_notes():
    spec = changed(data__target="income", data__inputs={"age": "number"}, task__name="guessing")
    spec = spec.model_copy(update={"loss": Choice(name="distance")})
    assert codes(spec, severity="note") == [("data.target", "target_gaps")]
    assert codes(spec) == []
    assert codes(changed(optimisation__batch_size=1000), severity="note") == [
        ("optimisation.batch_size", "batch_larger_than_data")
    ]
    many = profile(column("age", "number"), column("bought", "category", num_distinct=180))
    assert codes(changed(data__inputs={"age": "number"}), many, "note") == [("data.target", "target_many_classes")]


def test_all_problems_come_together():
    spec = changed(data__target="nope", data__inputs={"x": "number"}, optimisation__schedule={"name": "wave"})
    assert len(codes(spec)) == 3
    with pytest.raises(SpecError) as failure:
        require(spec, people(), catalogue())
    assert all(part in str(failure.value) for part in ("'nope'", "'x'", "'wave'"))


def test_one_problem_is_raised_as_itself():
    with pytest.raises(SpecError) as failure:
        require(changed(data__target="nope"), people(), catalogue())
    assert failure.value.message.code == "target_unknown"


def test_notes_do_not_stop_a_run():
    assert require(changed(optimisation__batch_size=1000), people(), catalogue()).optimisation.batch_size == 1000


class TestComplete:
    def test_every_option_is_filled_in_and_typed(self):
        spec = complete(changed(architecture__tabular__options={"width": "16"}), catalogue())
        assert spec.architecture["tabular"].options == {"width": 16, "rate": 0.5, "kind": "plain"}

    def test_problems_name_the_field_what_was_expected_and_found(self):
        wrong = changed(
            architecture__tabular__options={"width": 99, "rate": 1.0, "kind": "odd"},
            optimisation__optimiser={"name": "lion"},
        )
        with pytest.raises(SpecError) as failure:
            complete(wrong, catalogue())
        text = str(failure.value)
        assert "'architecture.tabular.options.width' must be a whole number from 1 to 64, but is 99." in text
        assert "'architecture.tabular.options.rate' must be a number above 0 and below 1, but is 1.0." in text
        assert "'architecture.tabular.options.kind' must be one of plain, deep, but is 'odd'." in text
        assert "'optimisation.optimiser' must be one of adamw, descent, but is 'lion'." in text

    def test_equal_decisions_have_equal_fingerprints(self):
        spelled = changed(architecture__tabular__options={"width": 8})
        assert complete(spelled, catalogue()).fingerprint == good().fingerprint


class TestRowsByPart:
    def test_fractions(self):
        assert num_rows_by_part(good(), people()) == {"train": 140, "val": 30, "test": 30}

    def test_rows_without_a_target_are_in_no_part(self):
        spec = changed(data__target="income")
        assert sum(num_rows_by_part(spec, people()).values()) == 197

    def test_a_separate_test_dataset_takes_no_rows(self):
        assert num_rows_by_part(changed(data__test_dataset="d2"), people())["test"] == 0

    def test_a_predefined_split_lends_validation_rows_from_training(self):
        data = people().model_copy(update={"parts": {"train": 180, "test": 20}})
        spec = changed(split__method="predefined")
        assert num_rows_by_part(spec, data) == {"train": 153, "val": 27, "test": 20}


def test_one_column_of_pictures_at_a_time_and_gaps_in_it_are_told():
    data = profile(
        column("front", "image", num_missing=3),
        column("back", "image"),
        column("size", "number"),
        column("bought", "category", num_distinct=2),
    )
    spec = default_spec("d1", data, catalogue(), target="bought")
    assert ("data.inputs", "one_image_column") in codes(spec, data)
    assert ("data.inputs.front", "input_pictures_missing") in codes(spec, data, "note")
    alone = set_dotted(spec, {"data.inputs.back": "none"}, catalogue())
    assert codes(alone, data) == []


def test_ten_thousand_columns_are_checked_at_once():
    columns = [column(f"gene {place}", "number") for place in range(10_000)]
    data = profile(*columns, column("ill", "category"), num_rows=100)
    spec = default_spec("d1", data, catalogue(), target="ill")
    before = time.process_time()
    assert not [problem for problem in check(spec, data, catalogue()) if problem.severity == "error"]
    assert time.process_time() - before < 2.0, "each input must not be looked for among all columns"


def test_kinds_that_are_not_changed_leave_the_columns_alone():
    data = people()
    chosen = data.with_kinds({**data.kinds, "age": "category"})
    assert chosen.kinds["age"] == "category"
    assert all(one is other for one, other in zip(chosen.columns, data.columns, strict=True) if one.name != "age")
