"""The fields of a spec by dotted name: listing, setting and comparing them.

A dotted name is the way to a field: `optimisation.lr`, `preparation.images.size`. A choice is named by its own
field (`optimisation.optimiser`, `architecture.tabular`), its options below it
(`architecture.tabular.options.width`), an input by its column (`data.inputs.age`).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from leyden.catalogue import Card, Catalogue
from leyden.spec.field import Field as Field
from leyden.spec.field import fields_of as fields_of
from leyden.spec.model import Choice, Spec
from leyden.spec.parse import parse, parse_inputs
from leyden.spec.problems import error, invalid, problems_of, raise_errors, unknown_field

INPUTS = "data.inputs"
ARCHITECTURE = "architecture"
NONE = "none"
"""Takes an architecture or an input away."""


def tables(catalogue: Catalogue, task: str) -> dict[str, Mapping[str, Card]]:
    """What can be chosen, by the dotted name of each choice; the losses are those of the task."""
    found: dict[str, Mapping[str, Card]] = {
        "task": catalogue.tasks,
        "loss": catalogue.losses_for(task),
        "optimisation.optimiser": catalogue.optimisers,
        "optimisation.schedule": catalogue.schedules,
    }
    return found | {f"architecture.{modality}": cards for modality, cards in catalogue.architectures.items()}


def choices_of(spec: Spec) -> dict[str, Choice]:
    """The choices that a spec has made, by dotted name."""
    found = {
        "task": spec.task,
        "loss": spec.loss,
        "optimisation.optimiser": spec.optimisation.optimiser,
        "optimisation.schedule": spec.optimisation.schedule,
    }
    return found | {f"architecture.{modality}": choice for modality, choice in spec.architecture.items()}


def dotted_fields(spec: Spec, catalogue: Catalogue) -> dict[str, Field]:
    """Every field of this spec that has a value of its own, by dotted name, options of its choices included."""
    fields = {dotted: field for dotted, field in _leaves(Spec, "") if field.type != "mapping"}
    architecture = next(field for field in fields_of(Spec) if field.name == ARCHITECTURE)
    names = {dotted: choice.name for dotted, choice in choices_of(spec).items()}
    for dotted, cards in tables(catalogue, spec.task.name).items():
        known = fields.get(dotted) or replace(architecture, type="choice_of_card", is_required=False)
        fields[dotted] = replace(known, choices=tuple(cards))
        card = cards.get(names.get(dotted, ""))
        for option in fields_of(card.options) if card else ():
            fields[f"{dotted}.options.{option.name}"] = option
    return fields


def stored_fields(catalogue: Catalogue) -> dict[str, Field]:
    """Every single value that some spec may hold, by its way through the stored JSON: what lists of runs can show.

    A choice is found at its name (`optimisation.optimiser.name`). The titles of options say whose they are; where
    several cards have an option of the same name, the first one's title stands for all.
    """
    fields: dict[str, Field] = {}
    for dotted, field in _leaves(Spec, ""):
        if field.type not in ("mapping", "choice_of_card"):
            fields[dotted] = field
    for dotted, cards in _all_tables(catalogue).items():
        whose = dotted.rpartition(".")[2]
        title = next((field.title for name, field in _leaves(Spec, "") if name == dotted), "")
        title = title or f"Architecture ({whose})"
        fields[f"{dotted}.name"] = Field(name="name", title=title, help="", type="choice_of_card", default=None)
        for card in cards.values():
            for option in fields_of(card.options):
                titled = replace(option, title=f"{option.title} ({whose})")
                fields.setdefault(f"{dotted}.options.{option.name}", titled)
    return fields


def _all_tables(catalogue: Catalogue) -> dict[str, Mapping[str, Card]]:
    """What can be chosen, whatever the task."""
    task = next(iter(catalogue.tasks), "")
    return {**tables(catalogue, task), "loss": catalogue.losses}


def set_dotted(spec: Spec, values: Mapping[str, Any], catalogue: Catalogue) -> Spec:
    """The spec with some fields changed; whether it fits its data is for `leyden.spec.check` to say.

    Another name for a choice starts from that card's defaults; another task takes its default loss, unless the
    loss fits it or is set as well. `none` takes an architecture or an input away.

    Args:
        spec: What is changed.
        values: By dotted name; strings are parsed as the field's type, other values are taken as they are.
        catalogue: Knows the options.

    Raises:
        SpecError: With every name that is unknown and every value that does not fit.
    """
    plain = spec.model_dump(mode="json")
    rest = _set_choices(plain, dict(values), catalogue)
    rest = _set_inputs(plain, rest)
    spec = validated(plain)
    fields, problems = dotted_fields(spec, catalogue), []
    for dotted, value in rest.items():
        field = fields.get(dotted)
        if field is None:
            titles = {name: field.title for name, field in fields.items()}
            problems.append(unknown_field(dotted, titles))
            continue
        parsed = parse(field, value)
        if not field.accepts(parsed):
            problems.append(invalid(dotted, field, value))
        _put(plain, dotted, parsed)
    raise_errors(problems)
    return validated(plain)


def validated(plain: Mapping[str, Any]) -> Spec:
    """A spec from JSON.

    Raises:
        SpecError: With every field that is missing, unknown or out of its bounds.
    """
    if not isinstance(plain, Mapping):
        raise_errors([error("", "spec_not_an_object", found=type(plain).__name__)])
    try:
        return Spec.model_validate(plain)
    except ValidationError as failure:
        raise_errors(problems_of(failure, Spec))
        raise


def diff(a: Spec, b: Spec) -> list[tuple[str, Any, Any]]:
    """The fields whose values differ: dotted name, value in a, value in b; None where one has no such field."""
    left, right = flat(a), flat(b)
    names = [*left, *(name for name in right if name not in left)]
    return [(name, left.get(name), right.get(name)) for name in names if left.get(name) != right.get(name)]


def flat(spec: Spec) -> dict[str, Any]:
    """Every value by dotted name; a choice's name stands at the choice itself."""
    found: dict[str, Any] = {}
    _flatten(spec.model_dump(mode="json"), "", found)
    return found


def _flatten(value: Any, dotted: str, found: dict[str, Any]) -> None:
    if not isinstance(value, dict):
        found[dotted] = value
        return
    if value.keys() == {"name", "options"}:
        found[dotted] = value["name"]
        value = {"options": value["options"]}
    for name, inner in value.items():
        _flatten(inner, f"{dotted}.{name}" if dotted else name, found)


def _leaves(model: type[BaseModel], prefix: str) -> list[tuple[str, Field]]:
    found = []
    for field in fields_of(model):
        dotted = f"{prefix}{field.name}"
        found += _leaves(field.nested, f"{dotted}.") if field.nested else [(dotted, field)]
    return found


def _set_choices(plain: dict[str, Any], values: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """Sets the choices among the values, the task first, since it decides the losses; returns the others."""
    task = values.get("task", plain["task"]["name"])
    losses = catalogue.losses_for(task)
    if "loss" not in values and losses and plain["loss"]["name"] not in losses:
        values["loss"] = catalogue.tasks[task].default_loss
    problems = []
    for dotted, cards in tables(catalogue, task).items():
        if dotted not in values:
            continue
        name = values.pop(dotted)
        if dotted.startswith(f"{ARCHITECTURE}.") and name == NONE:
            plain[ARCHITECTURE].pop(dotted.partition(".")[2], None)
        elif name not in cards:
            problems.append(
                error(dotted, "choice_unknown", field=dotted, expected=", ".join(cards), found=str(name))
            )
        else:
            _choose(plain, dotted, name)
    raise_errors(problems)
    return values


def _choose(plain: dict[str, Any], dotted: str, name: str) -> None:
    *path, last = dotted.split(".")
    for part in path:
        plain = plain[part]
    if plain.get(last, {}).get("name") != name:
        plain[last] = {"name": name, "options": {}}


def _set_inputs(plain: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Sets the inputs as a whole or one by one; returns the other values."""
    inputs = plain["data"]["inputs"]
    if INPUTS in values:
        inputs = parse_inputs(values.pop(INPUTS), inputs)
    for dotted in [dotted for dotted in values if dotted.startswith(f"{INPUTS}.")]:
        column, kind = dotted.removeprefix(f"{INPUTS}."), values.pop(dotted)
        inputs = {**inputs, column: kind}
    plain["data"]["inputs"] = {column: kind for column, kind in inputs.items() if kind != NONE}
    return values


def _put(plain: dict[str, Any], dotted: str, value: Any) -> None:
    *path, last = dotted.split(".")
    for part in path:
        plain = plain[part]
    plain[last] = value
