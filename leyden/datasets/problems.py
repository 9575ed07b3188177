"""What is wrong with a dataset, in the user's words, all of it at once and the worst first."""

from collections.abc import Sequence

from leyden.datasets.capped import piles
from leyden.datasets.facts import ColumnFacts
from leyden.datasets.problem import Severity, problem
from leyden.datasets.profile import WORTH_TELLING, Column, Problem
from leyden.messages.render import Param

FEW_ROWS = 50
FEW_ROWS_OF_CLASS = 5
SEVERE_MISSING_SHARE = 0.2
IMBALANCE_SHARE = 0.8
SEVERE_IMBALANCE_SHARE = 0.9
SEVERE_DUPLICATE_SHARE = 0.1


def find_problems(
    columns: Sequence[Column], facts: Sequence[ColumnFacts], num_rows: int, num_duplicates: int, target: str | None
) -> list[Problem]:
    """Everything that the columns' facts show.

    Args:
        num_duplicates: Rows that repeat an earlier one in every column.
        target: The suggested target, whose classes are looked at more closely.
    """
    found: list[Problem] = []
    for column, fact in zip(columns, facts, strict=True):
        found += _of_column(column, fact, num_rows)
    if num_rows < FEW_ROWS:
        found.append(problem("few_rows", "warning", count=num_rows))
    if len(columns) == 1:
        found.append(problem("one_column", "warning", column=columns[0].name))
    num_inputs = sum(column.kind != "ignored" and column.name != target for column in columns)
    if num_inputs > num_rows:
        found.append(problem("wide_table", "warning", {"columns": num_inputs, "rows": num_rows}))
    if num_duplicates:
        severity: Severity = "warning" if num_duplicates >= SEVERE_DUPLICATE_SHARE * num_rows else "info"
        found.append(problem("duplicate_rows", severity, {"rows": num_rows}, count=num_duplicates))
    for column in columns:
        if column.name == target and column.kind == "category":
            found += class_problems(column, num_rows)
    return found


def class_problems(column: Column, num_rows: int) -> list[Problem]:
    """Classes that are too rare to learn, and a class that is nearly everything."""
    found: list[Problem] = []
    name = column.name
    rare = [entry.value for entry in column.values if entry.count < FEW_ROWS_OF_CLASS]
    if rare and num_rows >= FEW_ROWS:
        params: dict[str, Param] = {"fewer": FEW_ROWS_OF_CLASS, "first": rare[0]}
        found.append(problem("rare_classes", "warning", params, column=name, examples=rare, count=len(rare)))
    num_values = num_rows - column.num_missing
    top = column.values[0] if column.values else None
    if top and len(column.values) > 1 and top.count >= IMBALANCE_SHARE * num_values:
        severity: Severity = "warning" if top.count >= SEVERE_IMBALANCE_SHARE * num_values else "info"
        share = round(100 * top.count / num_values, 1)
        found.append(problem("imbalance", severity, {"value": top.value, "share": share}, column=name))
    return found


def _of_column(column: Column, fact: ColumnFacts, num_rows: int) -> list[Problem]:
    """An ignored column has one problem, its reason; others may miss values or mix them."""
    name, code = column.name, WORTH_TELLING.get(column.reason.code)
    if column.kind == "ignored" and code is not None:
        severity: Severity = "warning" if column.reason.code == "kind_nearly_empty" else "info"
        return [problem(code, severity, column.reason.params, column=name, examples=fact.examples)]
    found: list[Problem] = []
    if fact.num_missing:
        severity = "warning" if fact.num_missing >= SEVERE_MISSING_SHARE * num_rows else "info"
        found.append(problem("missing_values", severity, {"rows": num_rows}, column=name, count=fact.num_missing))
    if fact.first_not_numeric is not None:
        row, value = fact.first_not_numeric
        params: dict[str, Param] = {"of": fact.num_values, "row": row + 1, "value": value[:80]}
        bad = fact.num_not_numeric
        found.append(problem("mixed_values", "warning", params, column=name, examples=(value,), count=bad))
    if column.kind == "number":
        found += _capped(fact)
    return found


def _capped(fact: ColumnFacts) -> list[Problem]:
    """Ends of a number's range at which its values pile up."""
    found = []
    for pile in piles(fact):
        share = round(100 * pile.num_rows / fact.num_values, 1)
        # The count ranks it among the others.
        params: dict[str, Param] = {"share": share, "value": pile.value, "count": pile.num_rows}
        found.append(problem(pile.code, "info", params, column=fact.name))
    return found
