"""Commands about datasets: import, datasets."""

from pathlib import Path
from typing import Annotated

import typer

from leyden.cli.output import Json, columns, result
from leyden.cli.workspace import open_workspace
from leyden.datasets.profile import COLUMN_KINDS, ColumnKind, ReadOptions


def import_(
    path: Annotated[
        Path,
        typer.Argument(
            help="CSV, TSV, Parquet, Excel, JSON Lines; zip, tar or folder of images, or with a table."
        ),
    ],
    name: Annotated[str | None, typer.Option(help="What the dataset is called; default: after the file.")] = None,
    kind: Annotated[list[str] | None, typer.Option(metavar="COL=KIND", help="Read a column as this kind.")] = None,
    no_header: Annotated[bool, typer.Option("--no-header", help="The first line is data already.")] = False,
    header: Annotated[bool, typer.Option("--header", help="The first line holds the names.")] = False,
    delimiter: Annotated[str | None, typer.Option(help="Between the fields, such as ';' or '\\t'.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Such as utf-8, gb18030, latin-1.")] = None,
    decimal: Annotated[str | None, typer.Option(help="Decimal sign, '.' or ','.")] = None,
    missing: Annotated[list[str] | None, typer.Option(help="Token that means: no value. Repeatable.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Excel sheet; default: the first.")] = None,
    as_json: Json = False,
) -> None:
    """Import a file or folder; what is not said is detected."""
    if header and no_header:
        raise typer.BadParameter("choose one of --header and --no-header")
    if decimal not in (None, ".", ","):
        raise typer.BadParameter(f"--decimal must be '.' or ',', not '{decimal}'")
    options = ReadOptions(
        encoding=encoding,
        delimiter=delimiter.replace("\\t", "\t") if delimiter else None,
        has_header=False if no_header else True if header else None,
        decimal="," if decimal == "," else "." if decimal else None,
        missing_values=tuple(missing) if missing else None,
        sheet=sheet,
    )
    workspace = open_workspace()
    dataset = workspace.ingest(path, name=name, options=options, kinds=_kinds(kind or []))
    profile = workspace.profile(dataset.id)
    problems = [problem.message.text for problem in profile.problems]
    answer = {
        "dataset": dataset.id,
        "name": dataset.name,
        "rows": dataset.num_rows,
        "columns": dataset.num_columns,
        "problems": problems,
    }
    lines = [f"{dataset.id}  {dataset.name}: {dataset.num_rows:,} rows, {dataset.num_columns:,} columns"]
    result(answer, [*lines, *(f"  {problem}" for problem in problems)], as_json=as_json)


def datasets(as_json: Json = False) -> None:
    """List the datasets."""
    workspace = open_workspace()
    found = workspace.store.datasets.list()
    num_runs = workspace.store.datasets.num_runs()
    answer = {"datasets": [{**dataset.model_dump(), "runs": num_runs.get(dataset.id, 0)} for dataset in found]}
    rows = [(d.id, d.name, d.num_rows, d.num_columns, num_runs.get(d.id, 0)) for d in found]
    result(answer, columns(("id", "name", "rows", "columns", "runs"), rows), as_json=as_json)


def _kinds(assignments: list[str]) -> dict[str, ColumnKind]:
    kinds: dict[str, ColumnKind] = {}
    for assignment in assignments:
        column, equals, wanted = assignment.rpartition("=")
        kind = next((kind for kind in COLUMN_KINDS if kind == wanted), None)
        if not equals or kind is None:
            raise typer.BadParameter(
                f"--kind must be COLUMN=KIND with one of {', '.join(COLUMN_KINDS)}: {assignment}"
            )
        kinds[column] = kind
    return kinds
