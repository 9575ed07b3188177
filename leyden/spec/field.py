"""What forms, the command line and documents know of a field, read from the pydantic models."""

from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from leyden.messages.render import show
from leyden.spec.model import Choice

FieldType = Literal["int", "float", "bool", "choice", "str", "int_or_all", "choice_of_card", "nested", "mapping"]

Model = type[BaseModel]

SPELLINGS = {
    "16": "16 bits",
    "32": "32 bits",
    "bf16": "bfloat16",
    "bpe": "BPE",
    "convnext_tiny": "ConvNeXt tiny",
    "efficientnet_b0": "EfficientNet-B0",
    "gelu": "GELU",
    "gru": "GRU",
    "imagenet": "ImageNet",
    "lstm": "LSTM",
    "minmax": "Min-max",
    "mobilenet_v2": "MobileNet V2",
    "mobilenet_v3_large": "MobileNet V3 large",
    "mobilenet_v3_small": "MobileNet V3 small",
    "one_hot": "One-hot",
    "relu": "ReLU",
    "resnet18": "ResNet-18",
    "resnet50": "ResNet-50",
    "silu": "SiLU",
    "vgg16": "VGG-16",
    "vit_b_16": "ViT-B/16",
}
"""Choices whose names are not written as words are."""


def choice_text(value: str) -> str:
    """A choice as people read it: `ReLU`, `One-hot`, `Stratified`."""
    return SPELLINGS.get(value, value.replace("_", " ").capitalize())


@dataclass(frozen=True)
class Field:
    """One field of a record. A `mapping` has an entry per name: the inputs and the architectures."""

    name: str
    title: str
    help: str
    type: FieldType
    default: Any
    """None where a value must be given."""
    is_required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    is_minimum_exclusive: bool = False
    is_maximum_exclusive: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""
    wanted: str = ""
    """What a text must be, where not every text will do."""
    level: Literal["essential", "advanced"] = "advanced"
    nested: Model | None = None
    """The record behind a nested field."""

    @property
    def expected(self) -> str:
        """What a value must be, to be read after "must be"."""
        bounds = self._bounds
        match self.type:
            case "int":
                return f"a whole number{bounds}"
            case "float":
                return f"a number{bounds}"
            case "int_or_all":
                return f"a whole number{bounds}, or 'all'"
            case "bool":
                return "true or false"
            case "choice" | "choice_of_card" if self.choices:
                return "one of " + ", ".join(self.choices)
            case "choice_of_card":
                return "an object with the name of the choice"
            case "nested" | "mapping":
                return "an object"
            case _:
                return self.wanted or "text"

    def accepts(self, value: Any) -> bool:
        """Whether a value is of this type and within the bounds."""
        match self.type:
            case "bool":
                return isinstance(value, bool)
            case "choice":
                return value in self.choices
            case "int" | "float" | "int_or_all":
                return value in self.choices or self._is_number(value)
            case _:
                return isinstance(value, str) or (value is None and not self.is_required)

    def _is_number(self, value: Any) -> bool:
        kinds = (int,) if self.type != "float" else (int, float)
        if not isinstance(value, kinds) or isinstance(value, bool):
            return False
        low, high = self.minimum, self.maximum
        is_high_enough = low is None or value > low or (value == low and not self.is_minimum_exclusive)
        is_low_enough = high is None or value < high or (value == high and not self.is_maximum_exclusive)
        return is_high_enough and is_low_enough

    @property
    def _bounds(self) -> str:
        if self.minimum is None and self.maximum is None:
            return ""
        is_closed = not (self.is_minimum_exclusive or self.is_maximum_exclusive)
        if is_closed and self.minimum is not None and self.maximum is not None:
            return f" from {show(self.minimum)} to {show(self.maximum)}"
        low = "above" if self.is_minimum_exclusive else "of at least"
        high = "below" if self.is_maximum_exclusive else "at most"
        parts = [] if self.minimum is None else [f"{low} {show(self.minimum)}"]
        parts += [] if self.maximum is None else [f"{high} {show(self.maximum)}"]
        return " " + " and ".join(parts)


def fields_of(model_type: type[BaseModel]) -> tuple[Field, ...]:
    """The fields of a record or of a card's options, in their order."""
    return tuple(_field(name, info) for name, info in model_type.model_fields.items())


def _field(name: str, info: FieldInfo) -> Field:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    kind, choices, nested, constraints = _kind(info)
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    return Field(
        name=name,
        title=info.title or name.replace("_", " ").capitalize(),
        help=info.description or "",
        type=kind,
        default=default,
        is_required=info.is_required(),
        choices=choices,
        unit=str(extra.get("unit", "")),
        wanted=str(extra.get("wanted", "")),
        level="essential" if extra.get("level") == "essential" else "advanced",
        nested=nested,
        **_limits(constraints),
    )


Kind = tuple[FieldType, tuple[str, ...], type[BaseModel] | None, list[Any]]


def _kind(info: FieldInfo) -> Kind:
    """Type, choices, record and constraints of a field."""
    annotation, constraints = _unwrap(info.annotation, list(info.metadata))
    if get_origin(annotation) in (Union, UnionType):
        members = [_unwrap(member, []) for member in get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            annotation, constraints = members[0][0], constraints + members[0][1]
        else:
            assert members[0][0] is int and members[1][0] == Literal["all"], f"no form for {annotation}"
            return "int_or_all", ("all",), None, members[0][1]
    if get_origin(annotation) is Literal:
        values = get_args(annotation)
        return "choice", tuple(str(value) for value in values), None, constraints
    if get_origin(annotation) is dict:
        return "mapping", (), None, constraints
    if annotation is Choice:
        return "choice_of_card", (), None, constraints
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "nested", (), annotation, constraints
    simple: dict[Any, FieldType] = {int: "int", float: "float", bool: "bool", str: "str"}
    return simple[annotation], (), None, constraints


def _unwrap(annotation: Any, constraints: list[Any]) -> tuple[Any, list[Any]]:
    """An annotation without `Annotated`, and the constraints that stood there."""
    if get_origin(annotation) is not Annotated:
        return annotation, constraints
    inner, *found = get_args(annotation)
    for item in found:
        constraints = constraints + (list(item.metadata) if isinstance(item, FieldInfo) else [item])
    return inner, constraints


def _limits(constraints: list[Any]) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    for constraint in constraints:
        match constraint:
            case annotated_types.Ge(ge=value):
                limits |= {"minimum": value}
            case annotated_types.Gt(gt=value):
                limits |= {"minimum": value, "is_minimum_exclusive": True}
            case annotated_types.Le(le=value):
                limits |= {"maximum": value}
            case annotated_types.Lt(lt=value):
                limits |= {"maximum": value, "is_maximum_exclusive": True}
    return limits
