"""Commands about settings: spec, architectures. And how options become a spec."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from leyden.cli.output import Json, columns, result
from leyden.cli.streams import DASH, read_stdin
from leyden.cli.workspace import Workspace, open_workspace
from leyden.errors import SpecError
from leyden.spec.check import complete
from leyden.spec.defaults import default_spec, fit_architectures
from leyden.spec.fields import INPUTS, fields_of, set_dotted
from leyden.spec.model import Spec
from leyden.spec.partial import check_partial, completed, difference


def spec(
    data: Annotated[str, typer.Option(metavar="ID|PATH", help="A dataset's id, or a file or folder to import.")],
    target: Annotated[str | None, typer.Option(help="Column to predict; default: the suggested one.")] = None,
    architecture: Annotated[str | None, typer.Option(help="Network; default: the one for the data.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Any field.")] = None,
    changed: Annotated[bool, typer.Option("--changed", help="Only what is not the default.")] = False,
    as_json: Json = False,
) -> None:
    """Print the full default spec as JSON."""
    values = read_settings(settings or [])
    workspace = open_workspace()
    dataset = workspace.dataset(data)
    found = read_spec(workspace, dataset.id, target, architecture, values, None)
    plain = _changed(workspace, found) if changed else found.model_dump(mode="json")
    result(plain, [json.dumps(plain, indent=2, ensure_ascii=False)], as_json=as_json)


def architectures(as_json: Json = False) -> None:
    """List the architectures and their options."""
    catalogue = open_workspace().catalogue
    answer: list[dict[str, Any]] = []
    for modality, cards in catalogue.architectures.items():
        for card in cards.values():
            options = {field.name: field.default for field in fields_of(card.options)}
            default = catalogue.default_architectures.get(modality) == card.name
            answer.append(
                {
                    "name": card.name,
                    "modality": modality,
                    "title": card.title,
                    "summary": card.summary,
                    "source": card.source,
                    "is_default": default,
                    "options": options,
                }
            )
    rows = [(one["modality"], one["name"] + (" *" if one["is_default"] else ""), one["summary"]) for one in answer]
    table = columns(("input", "name (* default)", "summary"), rows)
    result({"architectures": answer}, table, as_json=as_json)


def read_settings(settings: list[str]) -> dict[str, Any]:
    """The values of `--set`, by dotted name.

    Raises:
        typer.BadParameter: One has no `=`.
    """
    return dict(_assignment(text) for text in settings)


def read_spec_file(path: Path | None, target: str | None, architecture: str | None) -> dict[str, Any] | None:
    """What the file of `--spec` says, or None without one. Read before data is imported, which can take long.

    Raises:
        SpecError: The file cannot be read, or holds no spec, nor a part of one.
        typer.BadParameter: Target or architecture were given too.
    """
    if path is None:
        return None
    if target is not None or architecture is not None:
        raise typer.BadParameter("--target and --architecture stand in the --spec file; change them with --set")
    return _from_file(path)


def read_spec(
    workspace: Workspace,
    dataset_id: str,
    target: str | None,
    architecture: str | None,
    values: dict[str, Any],
    given: dict[str, Any] | None,
) -> Spec:
    """The spec that the options of `train` and `spec` describe.

    Args:
        workspace: Knows the data.
        dataset_id: Of the data.
        target: The column to predict; None takes the suggested one.
        architecture: Its name; None takes the default.
        values: What `--set` says, by dotted name.
        given: What the file of `--spec` says; what it leaves out is as it would be without one.

    Raises:
        SpecError: A setting is not what a spec can hold.
    """
    profile, data = workspace.profile(dataset_id), (given or {}).get("data", {})
    profile, target = profile.with_kinds(data.get("inputs", {})), data.get("target", target)
    base = default_spec(dataset_id, profile, workspace.catalogue, target=target, architecture=architecture)
    if given is not None:
        base = completed(given, base, workspace.catalogue)
    inputs = {name: value for name, value in values.items() if name == INPUTS or name.startswith(f"{INPUTS}.")}
    if inputs:
        base = fit_architectures(set_dotted(base, inputs, workspace.catalogue), workspace.catalogue)
    others = {name: value for name, value in values.items() if name not in inputs}
    return set_dotted(base, others, workspace.catalogue)


def _changed(workspace: Workspace, found: Spec) -> dict[str, Any]:
    """What of a spec is not the default for its data and target."""
    dataset, catalogue = found.data.dataset, workspace.catalogue
    usual = default_spec(dataset, workspace.profile(dataset), catalogue, target=found.data.target)
    return difference(complete(found, catalogue), complete(usual, catalogue), catalogue)


def _assignment(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"--set must be KEY=VALUE, such as optimisation.lr=0.01: {text}")
    return key.strip(), value


def _from_file(path: Path) -> dict[str, Any]:
    try:
        plain = json.loads(read_stdin() if path == DASH else path.read_bytes())
    except OSError as error:
        raise SpecError("spec_file_unreadable", path=str(path), detail=error.strerror or str(error)) from error
    except ValueError as error:
        raise SpecError("spec_file_not_json", path=str(path), detail=str(error)) from error
    return check_partial(plain)
