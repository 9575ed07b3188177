"""Card of classification: binary and multiclass alike."""

from leyden.catalogue import MetricCard, TaskCard

METRICS = (
    MetricCard(
        name="accuracy",
        title="Accuracy",
        summary="Share of rows whose class was found",
        higher_is_better=True,
        best=1.0,
        is_live=True,
    ),
    MetricCard(
        name="balanced_accuracy",
        title="Balanced accuracy",
        summary="Recall averaged over the classes, so that rare classes weigh as much as frequent ones",
        higher_is_better=True,
        best=1.0,
    ),
    MetricCard(
        name="precision_macro",
        title="Precision (macro)",
        summary="Of the rows answered with a class, the share that is of it; averaged over the classes",
        higher_is_better=True,
        best=1.0,
    ),
    MetricCard(
        name="recall_macro",
        title="Recall (macro)",
        summary="Of the rows of a class, the share that was found; averaged over the classes",
        higher_is_better=True,
        best=1.0,
    ),
    MetricCard(
        name="f1_macro",
        title="F1 (macro)",
        summary="Harmonic mean of a class's precision and recall; averaged over the classes",
        higher_is_better=True,
        best=1.0,
        is_live=True,
    ),
    MetricCard(
        name="precision_weighted",
        title="Precision (weighted)",
        summary="Precision averaged over the classes by their number of rows",
        higher_is_better=True,
        best=1.0,
    ),
    MetricCard(
        name="recall_weighted",
        title="Recall (weighted)",
        summary="Recall averaged over the classes by their number of rows; equals accuracy",
        higher_is_better=True,
        best=1.0,
    ),
    MetricCard(
        name="f1_weighted",
        title="F1 (weighted)",
        summary="F1 averaged over the classes by their number of rows",
        higher_is_better=True,
        best=1.0,
    ),
    MetricCard(
        name="roc_auc",
        title="ROC AUC",
        summary="Chance that a row of a class is given a higher probability of it than a row of another class; "
        "averaged over the classes, 0.5 is guessing",
        higher_is_better=True,
        best=1.0,
    ),
    MetricCard(
        name="log_loss",
        title="Log loss",
        summary="How surprised the probabilities are by the true classes; confident mistakes cost most",
        higher_is_better=False,
        best=0.0,
    ),
    MetricCard(
        name="calibration_error",
        title="Expected calibration error",
        summary="How far the confidence of the answers is from how often they are right, on average over 15 bins",
        higher_is_better=False,
        best=0.0,
    ),
)

CARD = TaskCard(
    name="classification",
    title="Classification",
    summary="Which of the classes in the target column a row belongs to, with a probability for each.",
    rank=10,
    target_kinds=("category",),
    allowed_target_kinds=("category", "number", "text"),
    default_loss="cross_entropy",
    metrics=METRICS,
    headline="accuracy",
)
