"""Card and options of the mean of embeddings."""

from typing import Annotated

from pydantic import Field

from leyden.catalogue import ESSENTIAL, ArchitectureCard
from leyden.catalogue import Options as BaseOptions


class Options(BaseOptions):
    """Options of the mean of embeddings."""

    embedding: Annotated[int, Field(ge=1, le=1024)] = Field(
        64,
        title="Embedding",
        description="Numbers that stand for each token",
        json_schema_extra={"unit": "numbers", **ESSENTIAL},
    )
    dense: Annotated[int, Field(ge=0, le=4096)] = Field(
        128,
        title="Dense layer",
        description="Neurons of the layer after the mean; 0 leaves it out",
        json_schema_extra={"unit": "neurons", **ESSENTIAL},
    )
    dropout: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.2,
        title="Dropout",
        description="Share of the mean's values switched off at random while training; helps against overfitting",
        json_schema_extra=ESSENTIAL,
    )


CARD = ArchitectureCard(
    name="embedding_mean",
    title="Mean of embeddings",
    summary="The mean of all words' vectors, then a dense layer: quick, and blind to the order of words.",
    options=Options,
    source="Joulin, Grave, Bojanowski and Mikolov, Bag of Tricks for Efficient Text Classification, arXiv:1607.01759",
    modality="text",
    rank=10,
)
