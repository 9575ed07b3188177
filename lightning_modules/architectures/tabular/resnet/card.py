"""Card and options of the residual network for tables."""

from typing import Annotated, Literal

from pydantic import Field

from leyden.catalogue import ESSENTIAL, ArchitectureCard
from leyden.catalogue import Options as BaseOptions


class Options(BaseOptions):
    """Options of the residual network for tables."""

    layers: Annotated[int, Field(ge=1, le=16)] = Field(
        2, title="Blocks", description="Residual blocks, one after the other", json_schema_extra=ESSENTIAL
    )
    width: Annotated[int, Field(ge=1, le=2048)] = Field(
        192,
        title="Width",
        description="Size of the vector that the blocks refine",
        json_schema_extra={"unit": "neurons", **ESSENTIAL},
    )
    dropout: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.2,
        title="Dropout",
        description="Share of neurons inside a block switched off at random while training",
        json_schema_extra=ESSENTIAL,
    )
    residual_dropout: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.0,
        title="Residual dropout",
        description="Share of a block's results switched off at random",
    )
    expansion: Annotated[float, Field(ge=0.25, le=8)] = Field(
        2.0, title="Expansion", description="How many times wider a block is inside"
    )
    categories: Literal["embedding", "one_hot"] = Field(
        "embedding",
        title="Categories as",
        description="Embedding: a learned vector per value; one-hot: one input per value",
    )


CARD = ArchitectureCard(
    name="resnet",
    title="ResNet for tables",
    summary="Blocks that each refine what the ones before made: deeper than an MLP and steadier to train.",
    options=Options,
    source="Gorishniy, Rubachev, Khrulkov and Babenko, Revisiting Deep Learning Models for Tabular Data (2021), "
    "section 3.2, arXiv:2106.11959",
    modality="tabular",
    rank=20,
)
