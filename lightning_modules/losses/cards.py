"""The table of losses: what each makes small, and for which tasks. Torch-free."""

from typing import Annotated, Literal

from pydantic import Field

from leyden.catalogue import LossCard, Options


class CrossEntropyOptions(Options):
    """Options of cross-entropy."""

    class_weights: Literal["none", "balanced"] = Field(
        "none",
        title="Class weights",
        description="Balanced: rows of rare classes count more, so that every class weighs the same in total",
    )
    label_smoothing: Annotated[float, Field(ge=0, le=0.5)] = Field(
        0.0,
        title="Label smoothing",
        description="Share of certainty spread over all classes; tames overconfidence and wrong labels",
    )


class HuberOptions(Options):
    """Options of Huber's loss."""

    delta: Annotated[float, Field(gt=0, le=1000)] = Field(
        1.0,
        title="Delta",
        description="Errors beyond this count linearly instead of squared; in the target's standard deviations "
        "when the target is standardised",
    )


CARDS = (
    LossCard(
        name="cross_entropy",
        title="Cross-entropy",
        summary="How surprised the model is by the right class: the standard for classification.",
        options=CrossEntropyOptions,
        source="Good, Rational Decisions (1952); label smoothing: Szegedy et al., arXiv:1512.00567",
        tasks=("classification",),
        factory="lightning_modules.losses.classification:cross_entropy",
    ),
    LossCard(
        name="mse_one_hot",
        title="MSE on one-hot",
        summary="Mean squared difference between the softmax probabilities and 1 for the right class, 0 for the "
        "others; known as the Brier score. Learns more slowly than cross-entropy, and shows why.",
        source="Brier, Verification of forecasts expressed in terms of probability (1950)",
        tasks=("classification",),
        factory="lightning_modules.losses.classification:mse_one_hot",
    ),
    LossCard(
        name="mse",
        title="Mean squared error",
        summary="Squared errors: predicts the mean, and large errors weigh most.",
        tasks=("regression",),
        factory="lightning_modules.losses.regression:mse",
    ),
    LossCard(
        name="mae",
        title="Mean absolute error",
        summary="Absolute errors: predicts the median, and outliers weigh no more than others.",
        tasks=("regression",),
        factory="lightning_modules.losses.regression:mae",
    ),
    LossCard(
        name="huber",
        title="Huber",
        summary="Squared for small errors and absolute for large ones: between the two.",
        options=HuberOptions,
        source="Huber, Robust Estimation of a Location Parameter (1964)",
        tasks=("regression",),
        factory="lightning_modules.losses.regression:huber",
    ),
)
