"""Card and options of regression."""

from pydantic import Field

from leyden.catalogue import MetricCard, TaskCard
from leyden.catalogue import Options as BaseOptions


class Options(BaseOptions):
    """Options of regression."""

    standardise: bool = Field(
        True,
        title="Standardise the target",
        description="Learns the target with mean 0 and deviation 1, and answers in its own units; without it, "
        "large numbers take very long to learn",
    )


METRICS = (
    MetricCard(
        name="r2",
        title="R²",
        summary="Share of the target's variance that the predictions explain; 0 is as good as always answering "
        "the mean, below 0 is worse",
        higher_is_better=True,
        best=1.0,
        is_live=True,
    ),
    MetricCard(
        name="mae",
        title="Mean absolute error",
        summary="How far off a prediction is on average, in the target's units",
        higher_is_better=False,
        best=0.0,
        is_live=True,
    ),
    MetricCard(
        name="rmse",
        title="Root mean squared error",
        summary="As the mean absolute error, but large errors weigh more; in the target's units",
        higher_is_better=False,
        best=0.0,
    ),
)

CARD = TaskCard(
    name="regression",
    title="Regression",
    summary="Which number stands in the target column of a row.",
    options=Options,
    rank=20,
    target_kinds=("number",),
    allowed_target_kinds=("number", "category"),
    default_loss="mse",
    metrics=METRICS,
    headline="r2",
)
