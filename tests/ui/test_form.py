"""The form of every card and of the spec itself: each field draws, shows its value, and reports an edit."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from leyden.actions import profile_of
from leyden.spec.defaults import default_spec
from leyden.spec.fields import dotted_fields, set_dotted, tables
from lightning_modules.catalog import catalogue
from tests.pages.factories import add_pictures, add_table
from ui.form_draft import text_of

CHOICES = [
    (dotted, name)
    for task in catalogue().tasks
    for dotted, cards in tables(catalogue(), task).items()
    for name in cards
    if dotted not in ("task",)
]


def script(spec_json, changes):
    import streamlit as st

    from leyden.spec.fields import dotted_fields
    from leyden.spec.model import Spec
    from lightning_modules.catalog import catalogue
    from ui.form import field_inputs, form_of
    from ui.form_draft import Draft, Drafted

    spec = Spec.model_validate_json(spec_json)
    draft = Draft("d1", id="fixed", changes=changes)

    def on_edit(dotted, value, shown=None):
        st.session_state["edit"] = (dotted, value)

    form = form_of(
        draft, Drafted(spec, ()), catalogue(), {"hardware.device": [("auto", "Auto"), ("cpu", "CPU")]}, on_edit
    )
    fields = dotted_fields(spec, catalogue())
    field_inputs(
        form,
        {
            n: f
            for n, f in fields.items()
            if n.split(".")[0] != "architecture" or n.split(".")[1] in spec.architecture
        },
    )


def draw(spec):
    app = AppTest.from_function(
        script, kwargs={"spec_json": spec.model_dump_json(), "changes": {}}, default_timeout=30
    )
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.fixture
def spec(home, store):
    add_table(home, store)
    return default_spec("d1", profile_of(home, store, "d1"), catalogue())


@pytest.fixture
def picture_spec(home, store):
    add_pictures(home, store)
    return default_spec("d2", profile_of(home, store, "d2"), catalogue())


@pytest.fixture
def regression_spec(home, store):
    add_table(home, store)
    return default_spec("d1", profile_of(home, store, "d1"), catalogue(), target="body_mass_g")


@pytest.mark.parametrize(("dotted", "name"), dict.fromkeys(CHOICES))
def test_every_card_s_options_become_inputs(request, dotted, name):
    fixture = "picture_spec" if dotted == "architecture.image" else "spec"
    if dotted == "loss" and "classification" not in catalogue().losses[name].tasks:
        fixture = "regression_spec"
    spec = set_dotted(request.getfixturevalue(fixture), {dotted: name}, catalogue())
    app = draw(spec)
    for option_name, option in dotted_fields(spec, catalogue()).items():
        if not option_name.startswith(f"{dotted}.options."):
            continue
        widget = app.get_by_key(f"new.fixed.{option_name}")
        shown = text_of(widget.value)
        assert shown == text_of(option.default)
        assert option.title in widget.label and widget.help == option.help


@pytest.mark.parametrize("value", ["0.0003", "1e-4", "3"])
def test_a_fraction_is_typed_as_people_write_it(spec, value):
    app = draw(spec)
    app.text_input(key="new.fixed.optimisation.lr").set_value(value).run()
    assert app.session_state["edit"] == ("optimisation.lr", value)


def test_small_fractions_are_shown_as_they_are(spec):
    app = draw(set_dotted(spec, {"optimisation.lr": "0.0003"}, catalogue()))
    assert app.text_input(key="new.fixed.optimisation.lr").value == "0.0003"


def test_every_sort_of_field_reports_its_edit(spec):
    app = draw(spec)
    app.number_input(key="new.fixed.optimisation.epochs").set_value(12).run()
    assert app.session_state["edit"] == ("optimisation.epochs", "12")
    app.selectbox(key="new.fixed.optimisation.batch_size").select("all").run()
    assert app.session_state["edit"] == ("optimisation.batch_size", "all")
    app.toggle(key="new.fixed.architecture.tabular.options.batch_norm").set_value(True).run()
    assert app.session_state["edit"] == ("architecture.tabular.options.batch_norm", "true")
    app.selectbox(key="new.fixed.architecture.tabular").select("resnet").run()
    assert app.session_state["edit"] == ("architecture.tabular", "resnet")
    app.selectbox(key="new.fixed.hardware.device").select("cpu").run()
    assert app.session_state["edit"] == ("hardware.device", "cpu")


def test_whole_numbers_leave_their_bounds_to_a_sentence(spec):
    widget = draw(spec).number_input(key="new.fixed.optimisation.epochs")
    assert (widget.min, widget.max, widget.step) == (None, None, 1)


def test_options_of_several_networks_say_whose_they_are(spec, picture_spec):
    from ui.form import label_of, title_of

    both = spec.model_copy(update={"architecture": spec.architecture | picture_spec.architecture})
    fields = dotted_fields(both, catalogue())
    labels = [
        label_of(SimpleNamespace(spec=both), f"architecture.{name}", fields[f"architecture.{name}"])
        for name in ("tabular", "tabular.options.width", "image.options.dropout")
    ]
    assert labels == ["Architecture for table values", "Width (neurons, table values)", "Dropout (pictures)"]
    width = "architecture.tabular.options.width"
    assert title_of(both, width, fields[width]) == "Width (table values)", "as a problem names it"


def test_units_stand_in_the_label(spec):
    assert draw(spec).selectbox(key="new.fixed.optimisation.batch_size").label == "Batch size (rows)"
