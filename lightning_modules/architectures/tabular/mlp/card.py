"""Card and options of the multi-layer perceptron."""

from typing import Annotated, Literal

from pydantic import Field

from leyden.catalogue import ESSENTIAL, ArchitectureCard
from leyden.catalogue import Options as BaseOptions


class Options(BaseOptions):
    """Options of the multi-layer perceptron."""

    layers: Annotated[int, Field(ge=1, le=16)] = Field(
        2, title="Hidden layers", description="More layers learn more intricate rules", json_schema_extra=ESSENTIAL
    )
    width: Annotated[int, Field(ge=1, le=4096)] = Field(
        128,
        title="Width",
        description="Neurons in each hidden layer",
        json_schema_extra={"unit": "neurons", **ESSENTIAL},
    )
    dropout: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.1,
        title="Dropout",
        description="Share of neurons switched off at random while training; helps against overfitting",
        json_schema_extra=ESSENTIAL,
    )
    activation: Literal["relu", "sigmoid", "tanh", "gelu", "silu"] = Field(
        "relu", title="Activation", description="The bend after each layer; ReLU is the usual choice"
    )
    batch_norm: bool = Field(
        False,
        title="Batch normalisation",
        description="Rescales each layer's values per batch; for deep networks",
    )
    categories: Literal["embedding", "one_hot"] = Field(
        "embedding",
        title="Categories as",
        description="Embedding: a learned vector per value; one-hot: one input per value",
    )


CARD = ArchitectureCard(
    name="mlp",
    title="MLP",
    summary="Fully connected layers, one after the other: the standard network for tables.",
    options=Options,
    source="Rumelhart, Hinton and Williams, Learning representations by back-propagating errors (1986)",
    modality="tabular",
    rank=10,
)
