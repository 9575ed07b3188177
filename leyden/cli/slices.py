"""Figures by the values of a column, as the command line asks for them."""

from leyden.cli.workspace import Workspace
from leyden.datasets.profile import ColumnKind, Part
from leyden.datasets.read import load_profile
from leyden.errors import RunError
from leyden.reports.groups import group_columns, read_groups
from leyden.reports.outcomes import read_outcomes
from leyden.reports.read import read_report
from leyden.reports.slices import Slices, slices
from leyden.store.records import Run


def kind_of_groups(workspace: Workspace, run: Run, part: Part, column: str) -> ColumnKind:
    """How the rows of a part are grouped by a column: as what kind of values.

    Raises:
        RunError: They cannot be grouped by it.
    """
    kinds = group_columns(run, load_profile(workspace.home, run.spec.data.dataset_of(part)))
    if column not in kinds:
        raise RunError("column_not_for_groups", column=column, columns=", ".join(kinds) or "none")
    return kinds[column]


def slices_by(workspace: Workspace, run: Run, part: Part, column: str) -> Slices:
    """The figures of a run for each group of a column's values.

    Raises:
        RunError: Rows cannot be grouped by it, or the run's predictions are gone.
    """
    kind = kind_of_groups(workspace, run, part, column)
    report = read_report(workspace.home, workspace.store, run.id, part)
    try:
        outcomes = read_outcomes(workspace.home.run(run.id), report) if report else None
    except FileNotFoundError:
        outcomes = None
    if report is None or outcomes is None:
        raise RunError("predictions_missing", run=run.id)
    dataset = run.spec.data.dataset_of(part)
    return slices(outcomes, read_groups(workspace.home, dataset, outcomes, column, kind), report.positive_index)
