"""The table of baselines: what a network should beat to be worth its training. Torch-free."""

from leyden.catalogue import BaselineCard

CARDS = (
    BaselineCard(
        name="constant",
        title="Constant answer",
        summary="Always the same answer: the most frequent class, or the mean of the training rows.",
        factory="lightning_modules.baselines.models:constant",
    ),
    BaselineCard(
        name="linear",
        title="Linear model",
        summary="Logistic or ridge regression on scaled numbers, categories as 0 and 1, texts as TF-IDF of words (of "
        "characters for Chinese, Japanese and Korean), and pictures as 16 by 16 gray pixels.",
        source="scikit-learn: LogisticRegression, Ridge, TfidfVectorizer",
        factory="lightning_modules.baselines.models:linear",
    ),
    BaselineCard(
        name="boosting",
        title="Boosted trees",
        summary="Gradient boosted decision trees on the numbers, categories and dates; texts and pictures are not "
        "seen.",
        source="scikit-learn: HistGradientBoosting",
        factory="lightning_modules.baselines.models:boosting",
        modalities=("tabular",),
    ),
)
