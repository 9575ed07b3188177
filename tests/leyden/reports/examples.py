"""Reports of every section type, built by hand."""

import numpy as np

from leyden.messages.render import Message
from leyden.reports.model import (
    Bars,
    Calibration,
    Confusion,
    Curves,
    Figure,
    Headline,
    Interval,
    Line,
    Report,
    Scatter,
    Table,
)

NASTY = "<script>alert('x')</script>"
CLASSES = ("Adelie", "帝企鹅", NASTY)


def headline(value=0.97, low=0.94, high=0.99, blind=0.44):
    figure = Figure(
        name="accuracy",
        title="Accuracy",
        value=value,
        interval=Interval(low=low, high=high),
        higher_is_better=True,
    )
    note = Message(code="blind_majority", params={"answer": NASTY})
    return Headline(
        figures=(figure, figure.model_copy(update={"title": "F1 (macro)", "interval": None})),
        blind=figure.model_copy(update={"value": blind, "interval": None}),
        blind_note=note,
    )


def confusion(classes=CLASSES):
    counts = np.random.default_rng(0).poisson(2, (len(classes), len(classes)))
    return Confusion(title="Confusion matrix", classes=classes, counts=tuple(map(tuple, counts.tolist())))


def curves(num_lines=3):
    lines = (Line(name=f"{NASTY} {place}", x=(0.0, 0.5, 1.0), y=(0.0, 0.9, 1.0)) for place in range(num_lines))
    return Curves(
        title="ROC", x_title="False", y_title="True", lines=tuple(lines), diagonal=True, help="Up is good"
    )


def calibration():
    edges, values = ((0.4, 0.5), (0.9, 1.0)), (0.45, 0.97)
    return Calibration(title="Calibration", edges=edges, confidence=values, accuracy=(0.3, 1.0), counts=(4, 40))


def scatter():
    x = (1.0, 2.0, 3.0)
    return Scatter(title="True", x_title="x", y_title="y", x=x, y=x, row_ids=(7, 8, 9), reference="diagonal")


def bars():
    return Bars(title="Residuals", x_title="mpg", edges=(0.0, 1.0, 3.0), counts=(4, 5))


def table():
    return Table(title="Per class", columns=("Class", "F1", "Rows"), rows=((NASTY, 0.5, 1234), ("all", None, 2)))


SECTIONS = {
    "headline": headline(),
    "confusion": confusion(),
    "table": table(),
    "curves": curves(),
    "calibration": calibration(),
    "scatter": scatter(),
    "bars": bars(),
}


def example_report(run_id="r1", part="val"):
    return Report(
        run=run_id,
        part=part,
        checkpoint="best",
        epoch=12,
        step=600,
        num_rows=1052,
        task="classification",
        target="species",
        classes=CLASSES,
        figures={"accuracy": 0.97},
        sections=tuple(SECTIONS.values()),
        notes=(Message(code="classes_not_judged", params={"count": 1, "classes": NASTY}),),
    )
