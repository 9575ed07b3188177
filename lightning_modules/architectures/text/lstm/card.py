"""Card and options of the recurrent network."""

from typing import Annotated, Literal

from pydantic import Field

from leyden.catalogue import ESSENTIAL, ArchitectureCard
from leyden.catalogue import Options as BaseOptions


class Options(BaseOptions):
    """Options of the recurrent network."""

    cell: Literal["lstm", "gru"] = Field(
        "lstm", title="Cell", description="LSTM, or the simpler GRU", json_schema_extra=ESSENTIAL
    )
    embedding: Annotated[int, Field(ge=1, le=1024)] = Field(
        128,
        title="Embedding",
        description="Numbers that stand for each token",
        json_schema_extra={"unit": "numbers"},
    )
    width: Annotated[int, Field(ge=1, le=1024)] = Field(
        64,
        title="Width",
        description="Neurons of a layer in one direction",
        json_schema_extra={"unit": "neurons", **ESSENTIAL},
    )
    layers: Annotated[int, Field(ge=1, le=4)] = Field(
        1, title="Layers", description="Each layer reads what the one before made of the text"
    )
    both_ways: bool = Field(
        True,
        title="Both directions",
        description="Reads the text forwards and backwards, so that each word is seen between its neighbours",
        json_schema_extra=ESSENTIAL,
    )
    pooling: Literal["last", "mean", "max"] = Field(
        "max",
        title="Pooling",
        description="What stands for the whole text: where the reading ended, or mean or maximum over all tokens",
    )
    dropout: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.5,
        title="Dropout",
        description="Share of values switched off at random while training; helps against overfitting",
        json_schema_extra=ESSENTIAL,
    )
    dense: Annotated[int, Field(ge=0, le=4096)] = Field(
        64,
        title="Dense layer",
        description="Neurons of the layer after the reading; 0 leaves it out",
        json_schema_extra={"unit": "neurons"},
    )


CARD = ArchitectureCard(
    name="lstm",
    title="LSTM or GRU",
    summary="Reads a text token by token and remembers what matters: for texts in which order decides.",
    options=Options,
    source="Hochreiter and Schmidhuber, Long Short-Term Memory (1997); Cho et al., arXiv:1406.1078 (GRU)",
    modality="text",
    rank=30,
)
