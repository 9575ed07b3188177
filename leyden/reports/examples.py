"""Rows of a report as people look at them: what was true, what was answered, how sure, and the row itself.

Only the rows that are shown are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from leyden.datasets.profile import FILE, ColumnKind
from leyden.datasets.read import load_profile, read_frame
from leyden.home import Home
from leyden.reports.model import Report, Table
from leyden.reports.numbers import figure_text
from leyden.reports.outcomes import Outcomes
from leyden.reports.picks import NEAR, Pick
from leyden.store.records import Run
from leyden.words import _

MAX_COLUMNS = 30
OWN = ("Row", "True", "Predicted")

Cell = str | int | float | None


@dataclass(frozen=True)
class Example:
    """One judged row, numbered from 0.

    Args:
        row_id: Which row of the dataset.
        true: What was true, as text.
        predicted: What was answered, likewise.
        certainty: The probability of the answer, or the error of a number; None where there was no answer.
        is_right: None for numbers.
        images: SHA-256 of its pictures.
        texts: Its texts.
        facts: Its other inputs by name.
        numbers: What was true and what was answered, where that are numbers.
        sought: The class by whose probability the rows were picked, and that of this row; None for other picks.
    """

    row_id: int
    true: str
    predicted: str
    certainty: float | None
    is_right: bool | None
    images: tuple[str, ...]
    texts: tuple[str, ...]
    facts: tuple[tuple[str, Cell], ...]
    numbers: tuple[float, float | None] | None = None
    sought: tuple[str, float | None] | None = None


def read_examples(
    home: Home, run: Run, report: Report, outcomes: Outcomes, positions: Sequence[int], pick: Pick | None = None
) -> tuple[Example, ...]:
    """The rows at these positions of the outcomes, in this order, with their inputs; `pick` says why these."""
    dataset = run.spec.data.dataset_of(report.part)
    kinds = dict(run.spec.data.inputs)
    if "image" in kinds.values() and load_profile(home, dataset).column(FILE) is not None:
        kinds.setdefault(FILE, "ignored")
    row_ids = [int(outcomes.row_ids[position]) for position in positions]
    rows = read_frame(home, dataset, list(kinds), row_ids).to_dict("index")
    examples = [
        _example(outcomes, position, row_id, {str(name): value for name, value in rows[row_id].items()}, kinds)
        for position, row_id in zip(positions, row_ids, strict=True)
        if row_id in rows
    ]
    if pick is None or pick.kind != NEAR or outcomes.classes is None:
        return tuple(examples)
    place = int(pick.values[0])
    given = dict(zip(row_ids, outcomes.probability(place)[list(positions)].tolist(), strict=True))
    name = outcomes.classes[place]
    return tuple(replace(one, sought=(name, _known(given[one.row_id]))) for one in examples)


def is_plain_table(examples: Sequence[Example]) -> bool:
    """Whether the rows are best shown as a table: nothing among them has a picture or a text."""
    return not any(example.images or example.texts for example in examples)


def examples_table(examples: Sequence[Example], title: str, *, is_number: bool) -> Table:
    """Plain rows as a table: as many columns as `num_own` says, then the inputs."""
    names = [name for name, __ in examples[0].facts[:MAX_COLUMNS]] if examples else []
    own = tuple(_(name) for name in (*OWN, "Error" if is_number else "Confidence"))
    if examples and (sought := examples[0].sought) is not None:
        own = (*own, _("Probability of '{name}'").format(name=sought[0]))
    # A table's columns are told apart by name, and the data may have one of ours.
    columns = (*own, *(_("{name} (input)").format(name=name) if name in own else name for name in names))
    rows = tuple(
        (
            one.row_id + 1,
            *(one.numbers or (one.true, one.predicted)),
            one.certainty,
            *(() if one.sought is None else one.sought[1:]),
            *(value for __, value in one.facts[:MAX_COLUMNS]),
        )
        for one in examples
    )
    return Table(title=title, columns=columns, rows=rows)


def num_own(examples: Sequence[Example]) -> int:
    """Leyden's columns: row number, true, answer, how sure, and the probability by which the rows were picked."""
    return len(OWN) + (2 if examples and examples[0].sought is not None else 1)


def _example(
    outcomes: Outcomes, position: int, row_id: int, row: dict[str, object], kinds: dict[str, ColumnKind]
) -> Example:
    images, texts = (
        tuple(str(row[name]) for name, its in kinds.items() if its == kind and not pd.isna(row[name]))  # type: ignore[call-overload]
        for kind in ("image", "text")
    )
    facts = tuple((name, _cell(row[name])) for name, kind in kinds.items() if kind not in ("image", "text"))
    numbers = _numbers(outcomes, position) if outcomes.classes is None else None
    return Example(row_id, *_answer(outcomes, position), images, texts, facts, numbers)


def _numbers(outcomes: Outcomes, position: int) -> tuple[float, float | None]:
    true, predicted = float(outcomes.true[position]), float(outcomes.predicted[position])
    return true, predicted if np.isfinite(predicted) else None


def _answer(outcomes: Outcomes, position: int) -> tuple[str, str, float | None, bool | None]:
    true, predicted = outcomes.true[position], outcomes.predicted[position]
    if outcomes.classes is None:
        if not np.isfinite(predicted):
            return figure_text(float(true)), "–", None, None
        return figure_text(float(true)), figure_text(float(predicted)), float(predicted - true), None
    names = [outcomes.classes[code] if code >= 0 else "–" for code in (int(true), int(predicted))]
    confidence = float(outcomes.confidence[position])
    return names[0], names[1], _known(confidence), bool(true == predicted)


def _known(probability: float) -> float | None:
    return probability if np.isfinite(probability) else None


def _cell(value: object) -> Cell:
    """A value of a frame as a table's cell."""
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        number = float(value)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(value)
