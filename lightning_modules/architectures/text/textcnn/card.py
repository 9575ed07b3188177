"""Card and options of the convolutional network for texts."""

from typing import Annotated

from pydantic import Field

from leyden.catalogue import ESSENTIAL, ArchitectureCard
from leyden.catalogue import Options as BaseOptions


class Options(BaseOptions):
    """Options of the convolutional network for texts."""

    embedding: Annotated[int, Field(ge=1, le=1024)] = Field(
        128,
        title="Embedding",
        description="Numbers that stand for each token",
        json_schema_extra={"unit": "numbers"},
    )
    filters: Annotated[int, Field(ge=1, le=1024)] = Field(
        100,
        title="Filters",
        description="Phrases that are looked for, for each length of phrase",
        json_schema_extra=ESSENTIAL,
    )
    shortest: Annotated[int, Field(ge=1, le=8)] = Field(
        1,
        title="Shortest phrase",
        description="Tokens of the shortest phrases; 1 looks for single words, too",
        json_schema_extra={"unit": "tokens"},
    )
    lengths: Annotated[int, Field(ge=1, le=8)] = Field(
        3,
        title="Lengths of phrases",
        description="How many lengths there are, each one token longer than the one before",
    )
    dropout: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.5,
        title="Dropout",
        description="Share of values switched off at random while training; helps against overfitting",
        json_schema_extra=ESSENTIAL,
    )


CARD = ArchitectureCard(
    name="textcnn",
    title="TextCNN",
    summary="Looks for short phrases anywhere in the text: quick, and hard to beat where phrases tell.",
    options=Options,
    source="Kim, Convolutional Neural Networks for Sentence Classification, arXiv:1408.5882",
    modality="text",
    rank=20,
)
