"""Every architecture of the catalogue with inputs, and with options at their bounds."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from leyden.catalogue import ArchitectureCard, Modality
from leyden.spec.field import Field, fields_of
from lightning_modules.architectures.inputs import ImageInputs, Inputs, TabularInputs, TextInputs
from lightning_modules.catalog import catalogue

INPUTS: dict[Modality, tuple[Inputs, ...]] = {
    "tabular": (
        TabularInputs(num_numbers=10, cardinalities=(3, 120)),
        TabularInputs(num_numbers=4),
        TabularInputs(num_numbers=0, cardinalities=(2, 7)),
    ),
    "image": (ImageInputs(size=64), ImageInputs(size=16), ImageInputs(size=28), ImageInputs(size=101)),
    "text": (TextInputs(num_tokens=50, max_length=12), TextInputs(num_tokens=3, max_length=1)),
}


def cards() -> list[ArchitectureCard]:
    return [card for modality in INPUTS for card in catalogue().architectures.get(modality, {}).values()]


def cases() -> Iterator[tuple[ArchitectureCard, Inputs]]:
    """Every architecture with every sort of input."""
    for card in cards():
        for inputs in INPUTS[card.modality]:
            yield card, inputs


def at_bounds() -> Iterator[tuple[ArchitectureCard, dict[str, Any]]]:
    """Every architecture with each option, the others being the defaults, at each of its bounds or choices."""
    for card in cards():
        for field in fields_of(card.options):
            for value in bounds(field):
                yield card, {field.name: value}


def bounds(field: Field) -> list[Any]:
    if field.type == "bool":
        return [False, True]
    return list(field.choices) if field.type == "choice" else [field.minimum, field.maximum]


def batch(inputs: Inputs, num_rows: int, seed: int = 0) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    if isinstance(inputs, ImageInputs):
        shape = (num_rows, inputs.channels, inputs.size, inputs.size)
        return {"pixels": torch.randn(shape, generator=generator)}
    if isinstance(inputs, TextInputs):
        tokens = torch.randint(1, inputs.num_tokens, (num_rows, inputs.max_length), generator=generator)
        lengths = torch.randint(1, inputs.max_length + 1, (num_rows, 1), generator=generator)
        return {"tokens": tokens.masked_fill(torch.arange(inputs.max_length) >= lengths, 0)}
    columns = [torch.randint(0, size, (num_rows,), generator=generator) for size in inputs.cardinalities]
    empty = torch.empty((num_rows, 0), dtype=torch.int64)
    return {
        "numbers": torch.randn((num_rows, inputs.num_numbers), generator=generator),
        "categories": torch.stack(columns, dim=1) if columns else empty,
    }


def case_id(value: object) -> str:
    if isinstance(value, ArchitectureCard):
        return f"{value.modality}-{value.name}"
    if isinstance(value, ImageInputs):
        return f"{value.size}px"
    if isinstance(value, TextInputs):
        return f"{value.max_length} of {value.num_tokens}"
    if isinstance(value, TabularInputs):
        return f"{value.num_numbers}+{len(value.cardinalities)}"
    return str(value)
