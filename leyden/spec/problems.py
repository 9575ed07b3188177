"""What is wrong with a spec, field by field, in the user's words."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from leyden.errors import SpecError
from leyden.messages.render import Message
from leyden.records import Record
from leyden.spec.field import Field, fields_of


class SpecProblem(Record):
    """One thing that a person should mend (error) or know (note)."""

    field: str
    """Dotted name."""
    message: Message
    severity: Literal["error", "note"] = "error"


def error(field: str, code: str, /, **params: str | int | float | None) -> SpecProblem:
    """Something that must be mended before the run can start."""
    return SpecProblem(field=field, message=Message(code=code, params=params))


def note(field: str, code: str, /, **params: str | int | float | None) -> SpecProblem:
    """Something that is good to know."""
    return SpecProblem(field=field, message=Message(code=code, params=params), severity="note")


def invalid(dotted: str, field: Field, value: object) -> SpecProblem:
    """The value of a field is not what it must be."""
    return error(dotted, "field_invalid", field=dotted, expected=field.expected, found=found(value))


def raise_errors(problems: Iterable[SpecProblem]) -> None:
    """Nothing if there are only notes.

    Raises:
        SpecError: With every error, in one message.
    """
    errors = [problem.message for problem in problems if problem.severity == "error"]
    if len(errors) == 1:
        raise SpecError(errors[0].code, **errors[0].params)
    if errors:
        raise SpecError("spec_invalid", problems=" ".join(message.text for message in errors))


def problems_of(failure: ValidationError, model: type[BaseModel], prefix: str = "") -> list[SpecProblem]:
    """Pydantic's findings about a record as sentences.

    Args:
        failure: What validating it raised.
        model: The type of the record.
        prefix: Dotted name of the record itself; empty for the whole spec.
    """
    return [_problem(item, model, prefix) for item in failure.errors(include_url=False)]


def unknown_field(dotted: str, known: Mapping[str, str]) -> SpecProblem:
    """There is no such field; names the closest ones.

    Args:
        dotted: What was asked for.
        known: Titles by dotted name.
    """
    return error(dotted, "field_unknown", field=dotted, hint=_hint(dotted, known))


def _problem(item: Mapping[str, Any], model: type[BaseModel], prefix: str) -> SpecProblem:
    if not item["loc"]:
        # About several options at once: it stands at the choice that they belong to.
        return error(prefix.removesuffix(".options"), item["type"])
    dotted, field, known = _locate(item["loc"], model, prefix)
    if item["type"] == "extra_forbidden":
        return unknown_field(dotted, known)
    expected = field.expected if field else "an object"
    if item["type"] == "missing":
        return error(dotted, "field_missing", field=dotted, expected=expected)
    return error(dotted, "field_invalid", field=dotted, expected=expected, found=found(item["input"]))


def _locate(
    loc: Sequence[str | int], model: type[BaseModel], prefix: str
) -> tuple[str, Field | None, dict[str, str]]:
    """The dotted name of a finding, its field if it has one, and the names beside it.

    Pydantic appends the member of a union to the place; it is no part of the dotted name.
    """
    path = [prefix] if prefix else []
    here: type[BaseModel] | None = model
    field, beside = None, {}
    for index, part in enumerate(loc):
        if here is None:
            break
        fields = {field.name: field for field in fields_of(here)}
        beside = {".".join([*path, name]): field.title for name, field in fields.items()}
        path.append(str(part))
        field = fields.get(str(part))
        here = field.nested if field else None
        if field and field.type == "mapping":
            path += [str(key) for key in loc[index + 1 : index + 2]]
    return ".".join(path), field, beside


def found(value: Any) -> str:
    """A value as it is quoted in a sentence, cut where it is long."""
    text = f"'{value}'" if isinstance(value, str) else "nothing" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _hint(dotted: str, known: Mapping[str, str]) -> str:
    """The closest names: by the whole name, by its last part, or by the title of the field."""
    by_last = {name.rpartition(".")[2]: name for name in known}
    by_title = {title.lower().replace(" ", "_").replace("-", "_"): name for name, title in known.items()}
    last = dotted.rpartition(".")[2].lower()
    close = [by_title[name] for name in difflib.get_close_matches(last, by_title, 1, 0.8)]
    close += [by_last[name] for name in difflib.get_close_matches(last, by_last, 1, 0.75)]
    close += difflib.get_close_matches(dotted, known, 1, 0.75)
    if close:
        return f"Did you mean {close[0]}?"
    return f"The settings here are {', '.join(known)}." if known else "There are no settings here."
