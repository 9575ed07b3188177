import pytest

from leyden.spec.defaults import default_spec
from leyden.spec.fields import dotted_fields, flat, set_dotted
from leyden.spec.model import Choice
from lightning_modules.catalog import catalogue
from tests.pages.factories import add_pictures, add_table
from ui.form_command import command_of
from ui.form_draft import (
    Draft,
    begun,
    changed,
    changes_between,
    changes_of,
    compose,
    defaults_beside,
    draft_of,
    read_into,
    settled,
    text_of,
    written,
)
from ui.form_groups import DECISIONS, GROUPS, essentials, grouped, is_relevant


@pytest.fixture
def profile(home, store):
    from leyden.actions import profile_of

    add_table(home, store)
    return profile_of(home, store, "d1")


@pytest.fixture
def pictures(home, store):
    from leyden.actions import profile_of

    add_pictures(home, store)
    return profile_of(home, store, "d2")


def spec_of(draft, profile):
    drafted = compose(draft, profile, catalogue())
    assert drafted.spec is not None
    return drafted.spec


def test_nothing_decided_is_the_default(profile):
    drafted = compose(Draft("d1"), profile, catalogue())
    assert drafted.is_ready
    assert drafted.spec == default_spec("d1", profile, catalogue())


def test_another_target_resets_what_depends_on_it_and_keeps_the_rest(profile):
    draft = changed(Draft("d1"), "loss", "mse_one_hot")
    draft = changed(draft, "data.inputs.seen", "none")
    draft = changed(draft, "optimisation.lr", "1e-4")
    spec = spec_of(changed(draft, "data.target", "body_mass_g"), profile)
    assert spec.task.name == "regression" and spec.loss.name != "mse_one_hot"
    assert "species" in spec.data.inputs and "body_mass_g" not in spec.data.inputs
    assert spec.optimisation.lr == 1e-4 and "seen" not in spec.data.inputs


def test_a_former_input_can_become_the_target(profile):
    draft = changed(Draft("d1"), "data.inputs.sex", "category")
    drafted = compose(changed(draft, "data.target", "sex"), profile, catalogue())
    assert drafted.is_ready and "sex" not in drafted.spec.data.inputs


def test_another_architecture_resets_its_options_and_keeps_the_rest(profile):
    draft = changed(Draft("d1"), "architecture.tabular.options.width", "32")
    draft = changed(draft, "optimisation.epochs", "7")
    spec = spec_of(changed(draft, "architecture.tabular", "resnet"), profile)
    assert spec.architecture["tabular"].name == "resnet"
    assert spec.architecture["tabular"].options.get("width") != 32
    assert spec.optimisation.epochs == 7


def test_what_does_not_fit_is_told_and_the_rest_holds(profile):
    draft = changed(changed(Draft("d1"), "optimisation.lr", "fast"), "optimisation.epochs", "7")
    drafted = compose(draft, profile, catalogue())
    assert not drafted.is_ready
    assert [problem.field for problem in drafted.problems if problem.severity == "error"] == ["optimisation.lr"]
    assert drafted.spec.optimisation.epochs == 7


def test_without_inputs_nothing_is_ready(profile):
    draft = Draft("d1")
    for column in profile.columns:
        draft = changed(draft, f"data.inputs.{column.name}", "none")
    drafted = compose(draft, profile, catalogue())
    assert not drafted.is_ready and drafted.problems


def test_an_unknown_target_is_a_problem_and_no_crash(profile):
    drafted = compose(Draft("d1", target="nobody"), profile, catalogue())
    assert drafted.spec is None and "nobody" in drafted.problems[0].message.text


def test_pictures_bring_their_own_architecture(pictures):
    spec = spec_of(Draft("d2"), pictures)
    assert list(spec.architecture) == ["image"] and spec.data.target == "label"


def test_a_clone_comes_to_the_same_spec(profile):
    base = default_spec("d1", profile, catalogue(), architecture="resnet")
    changes = {
        "optimisation.lr": "0.0003",
        "optimisation.optimiser": "sgd",
        "data.inputs.sex": "none",
        "seed": "3",
    }
    spec = set_dotted(base, changes, catalogue())
    draft = draft_of(spec, profile, catalogue())
    assert flat(spec_of(draft, profile)) | flat(spec) == flat(spec_of(draft, profile))
    again = changed(draft, "data.target", "body_mass_g")
    assert spec_of(again, profile).optimisation.lr == 0.0003


def test_command_says_only_what_differs(profile):
    draft = Draft("d1")
    assert "--set" not in command_of(spec_of(draft, profile), profile, catalogue())
    draft = changed(changed(draft, "architecture.tabular", "resnet"), "optimisation.lr", "3e-4")
    command = command_of(spec_of(draft, profile), profile, catalogue())
    assert "--architecture resnet" in command and "--set optimisation.lr=0.0003" in command
    assert command.count("--set") == 1


def test_command_trains_the_same_spec(profile):
    draft = changed(Draft("d1"), "data.inputs.seen", "none")
    draft = changed(changed(draft, "optimisation.batch_size", "all"), "optimisation.optimiser", "sgd")
    spec = spec_of(changed(draft, "optimisation.optimiser.options.nesterov", "true"), profile)
    base, _architecture = defaults_beside(spec, profile, catalogue())
    assert set_dotted(base, changes_between(base, spec), catalogue()) == spec


@pytest.mark.parametrize("value", [0.0003, 1e-4, 1e-12, 0.1, 1.0, 123456.789, 0, 7, True, "all"])
def test_text_is_read_back_as_the_same_value(value):
    text = text_of(value)
    assert {"True": "true"}.get(str(value), text) == text
    assert value is True or value == "all" or float(text) == value


@pytest.mark.parametrize("target", ["species", "body_mass_g"])
def test_every_relevant_field_has_one_place(profile, target):
    spec = default_spec("d1", profile, catalogue(), target=target)
    placed = [*essentials(spec, catalogue()), *(n for names in grouped(spec, catalogue()).values() for n in names)]
    wanted = [
        name for name in dotted_fields(spec, catalogue()) if name not in DECISIONS and is_relevant(name, spec)
    ]
    assert sorted(placed) == sorted(wanted)
    assert len({group.name for group in GROUPS}) == len(GROUPS)


def test_settings_for_other_inputs_are_left_out(profile, pictures):
    table = grouped(default_spec("d1", profile, catalogue()), catalogue())["preparation"]
    folder = grouped(default_spec("d2", pictures, catalogue()), catalogue())["preparation"]
    assert "preparation.numbers.scaling" in table and "preparation.images.size" not in table
    assert "preparation.images.size" in folder and "preparation.numbers.scaling" not in folder


def test_fusion_is_for_several_kinds_of_input(profile):
    spec = default_spec("d1", profile, catalogue())
    both = spec.model_copy(update={"architecture": {**spec.architecture, "image": Choice(name="cnn")}})
    assert "fusion.width" not in grouped(spec, catalogue())["architecture"]
    assert {"fusion.width", "fusion.dropout"} <= set(grouped(both, catalogue())["architecture"])


def test_essentials_begin_with_the_network(profile):
    names = list(essentials(default_spec("d1", profile, catalogue()), catalogue()))
    assert names[0] == "architecture.tabular"
    assert {"optimisation.lr", "optimisation.batch_size", "optimisation.epochs", "hardware.device"} < set(names)
    assert "architecture.tabular.options.dropout" in names


def test_decisions_survive_as_a_line_of_an_address():
    draft = changed(changed(Draft("d1"), "data.target", "花 & leaf=1"), "optimisation.lr", "0.01")
    again = read_into(Draft("d1", "another"), written(draft))
    assert (again.target, again.changes) == ("花 & leaf=1", {"optimisation.lr": "0.01"})
    assert read_into(draft, "").changes == {}


def edited(draft, profile, **changes):
    for dotted, value in changes.items():
        draft = settled(changed(draft, dotted, value), profile, catalogue())
    return draft


@pytest.mark.parametrize(
    ("dotted", "other", "usual"),
    [
        ("split.test_fraction", "0.2", ".15"),
        ("data.inputs.sex", "none", "category"),
        ("architecture.tabular", "resnet", "mlp"),
        ("architecture.tabular.options.width", "32", "128"),
        ("data.target", "body_mass_g", "species"),
    ],
)
def test_what_is_put_back_to_its_default_is_no_change(profile, dotted, other, usual):
    draft = edited(Draft("d1"), profile, **{"optimisation.epochs": "7", dotted: other})
    assert changes_of(draft) == {"optimisation.epochs", dotted}
    assert written(edited(draft, profile, **{dotted: usual})) == "optimisation.epochs=7"


def test_an_option_of_another_choice_can_be_put_back(profile):
    draft = edited(Draft("d1"), profile, **{"optimisation.optimiser": "sgd"})
    option = "optimisation.optimiser.options.nesterov"
    usual = text_of(dotted_fields(spec_of(draft, profile), catalogue())[option].default)
    other = "false" if usual == "true" else "true"
    assert option in changes_of(edited(draft, profile, **{option: other}))
    back = edited(edited(draft, profile, **{option: other}), profile, **{option: usual})
    assert back.changes == {"optimisation.optimiser": "sgd"}


def test_a_refused_value_stays_until_it_is_mended(profile):
    draft = edited(Draft("d1"), profile, **{"optimisation.lr": "fast"})
    assert draft.changes == {"optimisation.lr": "fast"}
    assert edited(draft, profile, **{"optimisation.lr": "0.001"}).changes == {}


def test_a_clone_is_changed_where_it_differs_from_its_run(profile):
    spec = set_dotted(default_spec("d1", profile, catalogue()), {"optimisation.lr": 0.01}, catalogue())
    clone = draft_of(spec, profile, catalogue(), parent="r1")
    assert changes_of(clone) == set() and clone.changes == {"optimisation.lr": "0.01"}
    usual = edited(clone, profile, **{"optimisation.lr": "0.001"})
    assert changes_of(usual) == {"optimisation.lr"} and spec_of(usual, profile).optimisation.lr == 0.001
    assert changes_of(read_into(clone, written(usual))) == {"optimisation.lr"}
    back = edited(usual, profile, **{"optimisation.lr": "1e-2"})
    assert changes_of(back) == set() and written(back) == written(clone)


def test_a_target_of_the_address_is_where_the_draft_began(profile):
    draft = begun(Draft("d1", "body_mass_g"))
    assert changes_of(draft) == set()
    assert changes_of(edited(draft, profile, **{"data.target": "species"})) == {"data.target"}
