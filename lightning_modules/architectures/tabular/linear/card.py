"""Card of the linear model."""

from leyden.catalogue import ArchitectureCard

CARD = ArchitectureCard(
    name="linear",
    title="Linear model",
    summary="Weighs each input once: logistic regression for classes, linear regression for numbers. "
    "Small, fast, and the yardstick for everything else.",
    source="Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), chapters 3 and 4",
    modality="tabular",
    rank=30,
)
