import subprocess
import sys
from typing import Any

import pytest

from leyden.errors import SpecError
from leyden.home import PROJECT
from leyden.spec.defaults import default_spec
from leyden.spec.fields import diff, dotted_fields, fields_of, flat, set_dotted, validated
from leyden.spec.model import Data, Images, Optimisation, Spec, Split
from tests.leyden.spec.cases import DescentOptions, NetOptions, catalogue, people


def good() -> Spec:
    return default_spec("d1", people(), catalogue())


def change(**values: Any) -> Spec:
    return set_dotted(good(), {name.replace("__", "."): value for name, value in values.items()}, catalogue())


def field(model, name: str):
    return next(field for field in fields_of(model) if field.name == name)


class TestFields:
    def test_a_field_knows_all_that_a_form_needs(self):
        width = field(NetOptions, "width")
        assert (width.type, width.minimum, width.maximum, width.default) == ("int", 1, 64, 8)
        assert (width.title, width.unit, width.level) == ("Width", "neurons", "advanced")
        assert field(NetOptions, "kind").choices == ("plain", "deep")
        assert field(NetOptions, "rate").is_minimum_exclusive and field(NetOptions, "rate").is_maximum_exclusive
        assert field(DescentOptions, "nesterov").type == "bool"

    def test_the_specs_own_fields(self):
        batch_size = field(Optimisation, "batch_size")
        assert batch_size.type == "int_or_all" and batch_size.choices == ("all",)
        assert (batch_size.minimum, batch_size.maximum, batch_size.unit) == (1, 1_000_000, "rows")
        assert batch_size.level == "essential"
        assert field(Optimisation, "optimiser").type == "choice_of_card"
        assert field(Spec, "optimisation").nested is Optimisation
        assert field(Data, "inputs").type == field(Spec, "architecture").type == "mapping"
        assert field(Data, "target").is_required and not field(Data, "test_dataset").is_required
        assert field(Images, "horizontal_flip").type == "bool"

    def test_every_field_of_every_record_has_a_form(self):
        seen = []

        def walk(model) -> None:
            for one in fields_of(model):
                seen.append(one.name)
                if one.nested:
                    walk(one.nested)
                elif one.name != "version":
                    assert one.title and one.help, one.name

        walk(Spec)
        assert {"lr", "size", "val_fraction", "patience", "scaling"} <= set(seen)

    @pytest.mark.parametrize(
        ("model", "name", "expected"),
        [
            (Optimisation, "lr", "a number above 0 and at most 100"),
            (Optimisation, "epochs", "a whole number from 1 to 100,000"),
            (Optimisation, "batch_size", "a whole number from 1 to 1,000,000, or 'all'"),
            (Optimisation, "clip_norm", "a number of at least 0"),
            (Split, "method", "one of stratified, random, predefined"),
            (Images, "vertical_flip", "true or false"),
        ],
    )
    def test_what_is_expected_reads_well(self, model, name: str, expected: str):
        assert field(model, name).expected == expected

    def test_dotted_fields_are_the_values_of_a_spec(self):
        fields = dotted_fields(good(), catalogue())
        values = flat(good())
        assert set(values) - set(fields) == {f"data.inputs.{name}" for name in good().data.inputs}
        assert fields["optimisation.optimiser"].choices == ("adamw", "descent")
        assert fields["architecture.tabular.options.width"].maximum == 64


class TestSetDotted:
    @pytest.mark.parametrize(
        ("dotted", "text", "value"),
        [
            ("optimisation.lr", "0.01", 0.01),
            ("optimisation.lr", "3e-4", 3e-4),
            ("optimisation.lr", 1, 1.0),
            ("optimisation.epochs", "1e2", 100),
            ("optimisation.batch_size", "all", "all"),
            ("optimisation.batch_size", "1_000", 1000),
            ("optimisation.precision", "16", "16"),
            ("optimisation.early_stopping.patience", "0", 0),
            ("preparation.images.horizontal_flip", "yes", True),
            ("preparation.images.horizontal_flip", "False", False),
            ("preparation.numbers.scaling", "quantile", "quantile"),
            ("architecture.tabular.options.width", "16", 16),
            ("hardware.device", "cuda:1", "cuda:1"),
            ("data.target", "town", "town"),
            ("data.test_dataset", "d2", "d2"),
            ("data.test_dataset", "", None),
            ("seed", "7", 7),
        ],
    )
    def test_text_becomes_a_value_of_the_fields_type(self, dotted: str, text: Any, value: Any):
        assert flat(set_dotted(good(), {dotted: text}, catalogue()))[dotted] == value

    def test_a_choice_by_name_starts_from_its_defaults(self):
        spec = change(architecture__tabular="large", optimisation__optimiser="descent")
        assert spec.architecture["tabular"].name == "large" and spec.architecture["tabular"].options == {}
        assert spec.optimisation.optimiser.options == {}

    def test_the_same_choice_keeps_its_options(self):
        spec = change(architecture__tabular__options__width="16")
        again = set_dotted(spec, {"architecture.tabular": "small"}, catalogue())
        assert again.architecture["tabular"].options["width"] == 16

    def test_options_of_a_new_choice_are_set_in_any_order(self):
        values = {"optimisation.optimiser.options.momentum": "0.5", "optimisation.optimiser": "descent"}
        assert set_dotted(good(), values, catalogue()).optimisation.optimiser.options == {"momentum": 0.5}

    def test_another_task_brings_its_loss_unless_the_loss_fits(self):
        assert change(task="guessing").loss.name == "distance"
        assert change(task="guessing", loss="either").loss.name == "either"
        assert set_dotted(change(loss="either"), {"task": "guessing"}, catalogue()).loss.name == "either"

    def test_architectures_come_and_go(self):
        both = change(architecture__image="large")
        assert set(both.architecture) == {"tabular", "image"}
        assert set(set_dotted(both, {"architecture.tabular": "none"}, catalogue()).architecture) == {"image"}

    @pytest.mark.parametrize(
        ("value", "inputs"),
        [
            ("age, town", {"age": "number", "town": "category"}),
            ("age,id=category", {"age": "number", "id": "category"}),
            ('{"age": "category"}', {"age": "category"}),
            ({"age": "number"}, {"age": "number"}),
            (["age"], {"age": "number"}),
        ],
    )
    def test_inputs_as_a_whole(self, value: Any, inputs: dict[str, str]):
        assert change(data__inputs=value).data.inputs == inputs

    def test_inputs_one_by_one(self):
        spec = set_dotted(good(), {"data.inputs.age": "category", "data.inputs.town": "none"}, catalogue())
        assert spec.data.inputs == {"age": "category", "joined": "datetime", "income": "number"}

    def test_columns_may_have_dots_and_equal_signs_in_their_names(self):
        spec = set_dotted(good(), {"data.inputs.a.b=c": "number"}, catalogue())
        assert set_dotted(spec, {"data.inputs": "a.b=c"}, catalogue()).data.inputs == {"a.b=c": "number"}

    @pytest.mark.parametrize(
        ("dotted", "value", "sentence"),
        [
            ("optimisation.learning_rate", "1", "Did you mean optimisation.lr?"),
            ("lr", "1", "Did you mean optimisation.lr?"),
            ("optimisation.batchsize", "1", "Did you mean optimisation.batch_size?"),
            ("architecture.tabular.width", "1", "Did you mean architecture.tabular.options.width?"),
            ("architecture.tabular.options.widht", "1", "Did you mean architecture.tabular.options.width?"),
            ("optimisation.lr", "fast", "must be a number above 0 and at most 100, but is 'fast'"),
            ("optimisation.lr", "nan", "but is 'nan'"),
            ("optimisation.lr", "0", "but is '0'"),
            ("optimisation.epochs", "1.5", "must be a whole number from 1 to 100,000, but is '1.5'"),
            ("optimisation.epochs", True, "but is True"),
            ("preparation.images.vertical_flip", "maybe", "must be true or false, but is 'maybe'"),
            ("preparation.numbers.scaling", "log", "one of standard, minmax"),
            ("optimisation.optimiser", "lion", "must be one of adamw, descent, but is 'lion'"),
            ("loss", "distance", "must be one of surprise, either, but is 'distance'"),
            ("task", "dreaming", "must be one of sorting, guessing, but is 'dreaming'"),
            ("hardware.device", "tpu", "hardware.device"),
            ("data.inputs", "age,id", "id=number, category"),
            ("data.inputs", "{age", "commas between them"),
            ("data.inputs.age", "colour", "data.inputs.age"),
            ("optimisation", "x", "There is no setting 'optimisation'"),
            ("architecture.audio", "small", "There is no setting 'architecture.audio'"),
        ],
    )
    def test_what_is_wrong_is_said(self, dotted: str, value: Any, sentence: str):
        with pytest.raises(SpecError) as failure:
            set_dotted(good(), {dotted: value}, catalogue())
        assert sentence in str(failure.value)

    def test_everything_wrong_is_said_at_once(self):
        with pytest.raises(SpecError) as failure:
            change(optimisation__lr="x", optimisation__epochs="y", seed="z")
        assert all(name in str(failure.value) for name in ("optimisation.lr", "optimisation.epochs", "seed"))

    def test_the_spec_itself_is_left_alone(self):
        spec = good()
        before = spec.model_dump_json()
        set_dotted(spec, {"optimisation.lr": "0.5", "data.inputs.age": "none"}, catalogue())
        assert spec.model_dump_json() == before


class TestValidated:
    def test_json_comes_back(self):
        assert validated(good().model_dump(mode="json")) == good()

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            (
                {"optimisation": {"lr": -1}},
                "'optimisation.lr' must be a number above 0 and at most 100, but is -1.",
            ),
            ({"optimisation": {"batch_size": "some"}}, "'optimisation.batch_size' must be a whole number from 1"),
            ({"optimisation": {"learning_rate": 1}}, "Did you mean optimisation.lr?"),
            ({"optimisation": 3}, "'optimisation' must be an object, but is 3."),
            ({"split": {"method": "by_hand"}}, "one of stratified, random, predefined, but is 'by_hand'"),
            ({"data": {"dataset": "d1", "inputs": {}}}, "The setting 'data.target' is missing"),
            ({"data": {"dataset": "d1", "target": "y", "inputs": {"a.b": "colour"}}}, "data.inputs.a.b"),
            ({"architecture": {"audio": {"name": "x"}}}, "architecture.audio"),
            ({"colour": 1}, "There is no setting 'colour'."),
        ],
    )
    def test_what_is_wrong_is_said(self, change: dict[str, Any], sentence: str):
        with pytest.raises(SpecError) as failure:
            validated(good().model_dump(mode="json") | change)
        assert sentence in str(failure.value)

    def test_something_else_than_an_object(self):
        with pytest.raises(SpecError, match="must be a JSON object"):
            validated([1, 2])


class TestDiff:
    def test_equal_specs_do_not_differ(self):
        assert diff(good(), good()) == []

    def test_what_differs_by_dotted_name(self):
        other = change(optimisation__lr="0.5", architecture__tabular="large")
        assert diff(good(), other) == [
            ("architecture.tabular", "small", "large"),
            ("architecture.tabular.options.width", 8, None),
            ("architecture.tabular.options.rate", 0.5, None),
            ("architecture.tabular.options.kind", "plain", None),
            ("optimisation.lr", 0.001, 0.5),
        ]

    def test_a_diff_can_be_set(self):
        other = change(optimisation__lr="0.5", data__inputs__age="none", optimisation__optimiser="descent")
        values = {name: value for name, _, value in diff(good(), other) if value is not None}
        values["data.inputs.age"] = "none"
        assert set_dotted(good(), values, catalogue()) == other


def test_no_torch_is_imported():
    code = "import sys, leyden.spec.defaults, leyden.spec.check, leyden.spec.fields; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
