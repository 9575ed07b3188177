"""What people type, as values: `--set lr=1e-3` on the command line and text in a form."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from leyden.errors import SpecError
from leyden.spec.field import Field, FieldType

TRUE = ("true", "yes", "on", "1")
FALSE = ("false", "no", "off", "0")


def parse(field: Field, value: Any) -> Any:
    """A string as the type of its field, or as it is where it is not of that type; other values as they are."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    try:
        return PARSERS.get(field.type, str)(text) if field.default is not None or text else None
    except ValueError:
        return text


def parse_inputs(value: Any, known: Mapping[str, str]) -> dict[str, str]:
    """Inputs by column, from an object, JSON, or `age,sex=category`; columns keep the kind that they have.

    Raises:
        SpecError: It is none of these, or a column has no kind yet and none is given.
    """
    if isinstance(value, str) and value.strip().startswith("{"):
        value = _json_object(value)
    if isinstance(value, Mapping):
        return {str(column): str(kind) for column, kind in value.items()}
    names = value.split(",") if isinstance(value, str) else list(value)
    inputs = {}
    for item in (name.strip() for name in names):
        column, _, kind = (item, "", known[item]) if item in known else item.rpartition("=")
        if not column:
            raise SpecError("input_kind_missing", column=item)
        inputs[column] = kind
    return inputs


def _json_object(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as failure:
        raise SpecError("inputs_invalid", found=text) from failure


def _int(text: str) -> int:
    number = float(text.replace("_", ""))
    if not number.is_integer():
        raise ValueError(text)
    return int(number)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _bool(text: str) -> bool:
    if text.lower() not in TRUE + FALSE:
        raise ValueError(text)
    return text.lower() in TRUE


PARSERS: Mapping[FieldType, Callable[[str], Any]] = {
    "int": _int,
    "float": _float,
    "bool": _bool,
    "int_or_all": lambda text: "all" if text.lower() == "all" else _int(text),
}
