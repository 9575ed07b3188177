"""Card and options of the transformer."""

from typing import Annotated

from pydantic import Field

from leyden.catalogue import ESSENTIAL, ArchitectureCard
from leyden.catalogue import Options as BaseOptions


class Options(BaseOptions):
    """Options of the transformer."""

    layers: Annotated[int, Field(ge=1, le=12)] = Field(
        2, title="Layers", description="Each one lets every token look at all others", json_schema_extra=ESSENTIAL
    )
    heads: Annotated[int, Field(ge=1, le=16)] = Field(
        4,
        title="Heads",
        description="Relations between tokens that a layer follows at a time",
        json_schema_extra=ESSENTIAL,
    )
    head_width: Annotated[int, Field(ge=4, le=128)] = Field(
        16,
        title="Width of a head",
        description="A token is a vector of heads times this many numbers",
        json_schema_extra={"unit": "numbers"},
    )
    dropout: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.2,
        title="Dropout",
        description="Share of values switched off at random while training; helps against overfitting",
        json_schema_extra=ESSENTIAL,
    )


CARD = ArchitectureCard(
    name="transformer",
    title="Transformer",
    summary="Relates every token to every other one: strong with many texts, hungry with few.",
    options=Options,
    source="Vaswani et al., Attention Is All You Need, arXiv:1706.03762",
    modality="text",
    rank=40,
)
