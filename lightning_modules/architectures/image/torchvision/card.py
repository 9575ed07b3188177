"""Card and options of torchvision's networks."""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from leyden.catalogue import ESSENTIAL, ArchitectureCard
from leyden.catalogue import Options as BaseOptions

Model = Literal[
    "resnet18",
    "resnet50",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "mobilenet_v3_large",
    "efficientnet_b0",
    "convnext_tiny",
    "vit_b_16",
    "vgg16",
]


class Options(BaseOptions):
    """Options of torchvision's networks."""

    model: Model = Field(
        "resnet18",
        title="Network",
        description="MobileNets are the quickest, ResNet-18 the usual start; ViT and VGG-16 want a GPU. Pictures of "
        "fewer than 64 px are enlarged to 64",
        json_schema_extra=ESSENTIAL,
    )
    weights: Literal["none", "imagenet"] = Field(
        "none",
        title="Start from",
        description="None: random weights; ImageNet: weights learned on 1.3 million photos, fetched once, "
        "which is far better on few pictures",
        json_schema_extra=ESSENTIAL,
    )
    freeze: bool = Field(
        False,
        title="Freeze the network",
        description="Trains only a last layer on ImageNet's features: quick, and safe on very few pictures",
    )
    dropout: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.2,
        title="Dropout",
        description="Share of the final features switched off at random while training; helps against overfitting",
        json_schema_extra=ESSENTIAL,
    )

    @model_validator(mode="after")
    def _frozen_networks_have_learned(self) -> "Options":
        if self.freeze and self.weights == "none":
            raise PydanticCustomError("freeze_without_weights", "a frozen network needs weights")
        return self


CARD = ArchitectureCard(
    name="torchvision",
    title="Known network",
    summary="ResNet, MobileNet, EfficientNet, ConvNeXt, ViT or VGG as published, from random or ImageNet weights.",
    options=Options,
    source="torchvision's models, with their papers: https://docs.pytorch.org/vision/stable/models.html",
    modality="image",
    rank=20,
)
