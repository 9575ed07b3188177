"""The table of schedules. Warm-up is the spec's own field and composes with each. Torch-free."""

from typing import Annotated

from pydantic import Field

from leyden.catalogue import FactoryCard, Options


class CosineOptions(Options):
    """Options of the cosine schedule."""

    final: Annotated[float, Field(ge=0, le=1)] = Field(
        0.0, title="Final share", description="What is left of the learning rate at the end"
    )


class OneCycleOptions(Options):
    """Options of the one-cycle schedule."""

    rise: Annotated[float, Field(gt=0, lt=1)] = Field(
        0.3, title="Rising share", description="Share of the run in which the learning rate rises to its value"
    )
    start_divisor: Annotated[float, Field(ge=1, le=1e6)] = Field(
        25.0, title="Start divided by", description="The run starts at the learning rate divided by this"
    )
    end_divisor: Annotated[float, Field(ge=1, le=1e9)] = Field(
        250_000.0, title="End divided by", description="The run ends at the learning rate divided by this"
    )


class PlateauOptions(Options):
    """Options of reduction on a plateau."""

    factor: Annotated[float, Field(gt=0, lt=1)] = Field(
        0.5, title="Factor", description="The learning rate is multiplied by this when the loss stands still"
    )
    patience: Annotated[int, Field(ge=0, le=1000)] = Field(
        5,
        title="Patience",
        description="Validations without a lower loss before that",
        json_schema_extra={"unit": "validations"},
    )
    minimum: Annotated[float, Field(ge=0, le=1)] = Field(
        1e-3, title="Smallest share", description="The learning rate falls to this share of its value at most"
    )


CARDS = (
    FactoryCard(
        name="cosine",
        title="Cosine",
        summary="Falls along half a cosine, slowly, then fast, then slowly: the safe choice.",
        options=CosineOptions,
        source="Loshchilov and Hutter, arXiv:1608.03983, without restarts",
        factory="lightning_modules.schedules.shapes:cosine",
    ),
    FactoryCard(
        name="constant",
        title="Constant",
        summary="Stays at the learning rate.",
        factory="lightning_modules.schedules.shapes:constant",
    ),
    FactoryCard(
        name="one_cycle",
        title="One cycle",
        summary="Rises from far below to the learning rate, then falls to almost nothing; its rise is its "
        "warm-up, so the warm-up setting has no effect.",
        options=OneCycleOptions,
        source="Smith and Topin, arXiv:1708.07120",
        factory="lightning_modules.schedules.shapes:one_cycle",
    ),
    FactoryCard(
        name="plateau",
        title="Reduce on plateau",
        summary="Lowers the learning rate whenever the validation loss has stopped falling.",
        options=PlateauOptions,
        factory="lightning_modules.schedules.shapes:plateau",
    ),
)
