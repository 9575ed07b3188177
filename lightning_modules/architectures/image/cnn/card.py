"""Card and options of the small convolutional network."""

from typing import Annotated

from pydantic import Field

from leyden.catalogue import ESSENTIAL, ArchitectureCard
from leyden.catalogue import Options as BaseOptions


class Options(BaseOptions):
    """Options of the small convolutional network."""

    blocks: Annotated[int, Field(ge=1, le=6)] = Field(
        4,
        title="Blocks",
        description="Each block sees twice as far and halves the picture, down to 2 px",
        json_schema_extra=ESSENTIAL,
    )
    width: Annotated[int, Field(ge=4, le=256)] = Field(
        24,
        title="Width",
        description="Channels of the first block; each further one has twice as many, up to eight times",
        json_schema_extra={"unit": "channels", **ESSENTIAL},
    )
    dropout: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.2,
        title="Dropout",
        description="Share of the final features switched off at random while training; helps against overfitting",
        json_schema_extra=ESSENTIAL,
    )


CARD = ArchitectureCard(
    name="cnn",
    title="Small CNN",
    summary="A few convolution blocks, trained from scratch: quick on a CPU, for pictures of any size.",
    options=Options,
    source="LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition (1998); "
    "blocks as in Simonyan and Zisserman, arXiv:1409.1556",
    modality="image",
    rank=10,
)
