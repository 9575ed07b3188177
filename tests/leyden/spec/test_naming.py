import pytest

from leyden.spec.check import complete
from leyden.spec.defaults import default_spec
from leyden.spec.fields import set_dotted
from leyden.spec.naming import MAX_LETTERS, renamed_for_epochs, telling_name
from tests.leyden.spec.cases import catalogue, column, people, profile

CATALOGUE = catalogue("tabular", "text")


def spec(target=None, **changes):
    return complete(set_dotted(default_spec("d1", people(), CATALOGUE, target), changes, CATALOGUE), CATALOGUE)


def name(found, parent=None):
    return telling_name("people", found, people(), CATALOGUE, parent)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        ({"hardware.device": "cpu"}, ""),
        ({"hardware.num_devices": 2}, " · parallel processes 2"),
        ({"optimisation.lr": 0.01}, " · lr 0.01"),
        ({"optimisation.batch_size": "all", "seed": 3}, " · batch all · seed 3"),
        ({"optimisation.l1": 0.5, "optimisation.epochs": 7}, " · epochs 7 · L1 0.5"),
        ({"optimisation.optimiser": "descent"}, " · descent"),
        ({"architecture.tabular.options.width": 16}, " · tabular width 16"),
        (
            {"architecture.tabular.options.rate": 0.3, "architecture.text.options.rate": 0.3},
            " · tabular keep rate 0.3 · text keep rate 0.3",
        ),
        ({"preparation.texts.lowercase": False}, " · ignore case no"),
        ({"data.inputs.age": "none"}, " · without age"),
        ({"data.inputs.age": "none", "data.inputs.town": "none"}, " · without 2 inputs"),
        ({"data.test_dataset": "d7"}, " · separate test dataset"),
    ],
)
def test_what_is_not_as_usual_stands_in_the_name(changes, told):
    assert name(spec(**changes)) == f"people · small + small{told}"


def test_the_order_of_columns_does_not_change_the_order_of_networks():
    usual = spec()
    turned = usual.model_copy(update={"architecture": dict(reversed(usual.architecture.items()))})
    assert list(turned.architecture) != list(usual.architecture)
    assert name(turned) == name(usual)


def test_another_target_and_network_stand_first():
    other = spec("income", **{"architecture.text": "large", "architecture.text.options.width": 16})
    assert name(other) == "people → income · small + large · text width 16"


def test_options_of_the_only_network_are_told_without_its_kind():
    without_text = {"data.inputs.letter": "none", "architecture.text": "none"}
    only = spec(**without_text, **{"architecture.tabular.options.width": 16})
    assert name(only) == "people · small · without letter · width 16"


def test_many_differences_are_counted_and_those_from_the_parent_are_told():
    many = {f"optimisation.{key}": 0.25 for key in ("lr", "warmup", "weight_decay", "l1", "clip_norm")}
    parent = spec(**many)
    assert name(parent).endswith(" · lr 0.25 · warm-up 0.25 · weight decay 0.25 · L1 0.25 · +1")
    child = spec(**many | {"optimisation.clip_norm": 0.5})
    assert name(child, parent) != name(parent)
    assert name(child, parent).endswith(
        " · lr 0.25 · warm-up 0.25 · weight decay 0.25 · gradient clipping 0.5 · +1"
    )


def test_runs_of_equal_settings_have_equal_names_whatever_they_were_cloned_from():
    changes = {"optimisation.lr": 0.25, "optimisation.l1": 0.5}
    found = spec(**changes)
    for key, value in changes.items():
        assert name(found, spec(**{key: value})) == name(found)


def test_what_a_clone_sets_back_to_the_default_is_told():
    lr = spec().optimisation.lr
    assert name(spec(), spec(**{"optimisation.lr": 0.25})).endswith(f" · lr {lr:g}")


def test_a_long_column_does_not_make_a_long_name():
    long = "花" * 200
    wide = profile(column("age", "number"), column(long, "number"), column("bought", "category"))
    found = default_spec("d1", wide, CATALOGUE, "bought")
    found = complete(set_dotted(found, {f"data.inputs.{long}": "none"}, CATALOGUE), CATALOGUE)
    assert len(telling_name("x", found, wide, CATALOGUE)) < len("x → bought · small · ") + MAX_LETTERS + 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("people · small + small", "people · small + small · epochs 99"),
        ("people · small + small · lr 0.25 · epochs 7", "people · small + small · lr 0.25 · epochs 99"),
        ("my epochs 7", "my epochs 7"),
        ("people · small + small · lr 0.25", "people · small + small · lr 0.25"),
    ],
)
def test_a_run_that_trains_longer_does_not_tell_its_old_epochs(before, after):
    assert renamed_for_epochs(before, "people", spec(**{"optimisation.epochs": 7}), 99) == after
