"""The figures of groups as a table, as CSV and as JSON: alike on the page, in the file and on the command line."""

import csv
import io
from typing import Any

from leyden.reports.counts import FEW_ROWS
from leyden.reports.model import Table
from leyden.reports.slices import Slice, Slices
from leyden.words import _


def slices_table(found: Slices, column: str) -> Table:
    """All rows together, then a line for each group; what has few rows says so."""
    lines = (found.whole, *found.groups)
    columns: list[str] = [_("Group"), _("Rows")]
    if found.positive is not None:
        columns.append(_("Of '{name}'").format(name=found.positive))
    columns += [measure.title for measure in found.measures]
    is_noted = any(line.is_uncertain() for line in lines)
    rows = tuple((*_cells(found, line), *([_note(line)] if is_noted else [])) for line in lines)
    return Table(
        title=_("By {column}").format(column=column),
        columns=(*columns, *([_("Uncertain")] if is_noted else [])),
        rows=rows,
        help=" ".join(f"{measure.title}: {measure.summary}." for measure in found.measures),
    )


def slices_csv(found: Slices) -> str:
    """A line for each group and one for all rows, with every figure's interval."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    names = [measure.name for measure in found.measures]
    ends = [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
    positive = [] if found.positive is None else ["positive_rows"]
    writer.writerow(["group", "rows", *positive, *ends, "few_rows"])
    for line in (found.whole, *found.groups):
        figures = [cell for name in names for cell in _with_interval(line, name)]
        counts = [line.num_rows, *([line.num_positive] if positive else [])]
        writer.writerow([line.name, *counts, *figures, "yes" if line.is_uncertain() else "no"])
    return buffer.getvalue()


def slices_plain(found: Slices) -> list[dict[str, Any]]:
    """The same as records for JSON; the first is of all rows."""
    return [
        {
            "group": line.name,
            "rows": line.num_rows,
            **({} if line.num_positive is None else {"positive_rows": line.num_positive}),
            "figures": dict(line.figures),
            "intervals": {name: interval.model_dump() for name, interval in line.intervals.items()},
            "few_rows": line.is_uncertain(),
        }
        for line in (found.whole, *found.groups)
    ]


def _cells(found: Slices, line: Slice) -> tuple[str | int | float | None, ...]:
    positive = () if found.positive is None else (line.num_positive,)
    return line.name, line.num_rows, *positive, *(line.figures.get(one.name) for one in found.measures)


def _note(line: Slice) -> str:
    return _("under {n} rows").format(n=FEW_ROWS) if line.is_uncertain() else ""


def _with_interval(line: Slice, name: str) -> tuple[float | None, float | None, float | None]:
    interval = line.intervals.get(name)
    return (line.figures.get(name), *((interval.low, interval.high) if interval else (None, None)))
