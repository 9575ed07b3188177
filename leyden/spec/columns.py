"""Whether target and inputs are columns that can be read and learned as a spec says."""

from collections.abc import Iterator

from leyden.catalogue import MODALITY_OF, Catalogue, Modality, TaskCard
from leyden.datasets.profile import Column, ColumnKind, Profile
from leyden.spec.model import Spec
from leyden.spec.problems import SpecProblem, error, note

MANY_CLASSES = 50
"""More classes than this, with fewer than ROWS_PER_CLASS rows each, look like a mistake."""
ROWS_PER_CLASS = 5
MOST = 0.5
"""With fewer mistakes than this, a column is one of numbers, and the mistakes count as missing."""


def target_kind(column: Column) -> ColumnKind:
    """What a column is as a target: its kind, or, for an ignored one, what its values look like."""
    if column.kind != "ignored":
        return column.kind
    return "number" if column.numbers is not None and column.storage != "boolean" else "category"


def usable_inputs(profile: Profile, catalogue: Catalogue, target: str) -> dict[str, ColumnKind]:
    """The columns that can be learned from, and as what: those with values, of a kind that an architecture reads."""
    inputs: dict[str, ColumnKind] = {}
    for column in profile.columns:
        is_read = column.kind in MODALITY_OF and MODALITY_OF[column.kind] in catalogue.architectures
        if is_read and column.name != target and column.num_missing < profile.num_rows:
            inputs[column.name] = column.kind
    return inputs


def check_target(spec: Spec, profile: Profile, catalogue: Catalogue) -> Iterator[SpecProblem]:
    """Problems of the target, alone and with its task."""
    column = profile.column(spec.data.target)
    if column is None:
        names = _names(profile)
        yield error("data.target", "target_unknown", column=spec.data.target, columns=names)
        return
    if column.name in spec.data.inputs:
        yield error("data.inputs", "target_is_input", column=column.name)
    if column.num_missing == profile.num_rows:
        yield error("data.target", "target_empty", column=column.name)
        return
    if column.num_distinct < 2:
        yield error("data.target", "target_constant", column=column.name, found=column.num_distinct)
    if column.num_missing:
        missing, rows = column.num_missing, profile.num_rows
        yield note("data.target", "target_gaps", missing=missing, rows=rows, column=column.name)
    if task := catalogue.tasks.get(spec.task.name):
        yield from _check_task(task, column, profile)


def check_inputs(spec: Spec, profile: Profile, catalogue: Catalogue) -> Iterator[SpecProblem]:
    """Problems of the inputs, alone and with the architectures."""
    if not spec.data.inputs:
        yield error("data.inputs", "inputs_none")
    columns = {column.name: column for column in profile.columns}  # Tables of genes have ten thousand.
    for name, kind in spec.data.inputs.items():
        column = columns.get(name)
        if column is None:
            yield error(f"data.inputs.{name}", "input_unknown", column=name)
        else:
            yield from _check_input(column, kind, profile.num_rows)
    images = [name for name, kind in spec.data.inputs.items() if kind == "image"]
    if len(images) > 1:
        yield error("data.inputs", "one_image_column", columns=", ".join(images))
    yield from _check_modalities(spec, catalogue)


def _check_task(task: TaskCard, column: Column, profile: Profile) -> Iterator[SpecProblem]:
    kind = target_kind(column)
    if kind not in task.allowed_target_kinds:
        params = {"task": task.title, "column": column.name, "kind": kind}
        yield error("task", "target_kind", allowed=" or ".join(task.allowed_target_kinds), **params)
    elif "number" in task.target_kinds and column.num_not_numeric:
        rows = profile.num_rows - column.num_missing
        yield error("data.target", "column_not_numeric", column=column.name, bad=column.num_not_numeric, rows=rows)
    classes = column.num_distinct
    is_sparse = classes > MANY_CLASSES and profile.num_rows < ROWS_PER_CLASS * classes
    if "category" in task.target_kinds and is_sparse:
        yield note("data.target", "target_many_classes", column=column.name, found=classes, rows=profile.num_rows)


def _check_input(column: Column, kind: ColumnKind, num_rows: int) -> Iterator[SpecProblem]:
    field = f"data.inputs.{column.name}"
    if kind == "ignored":
        yield error(field, "input_ignored", column=column.name)
    elif column.num_missing == num_rows:
        yield error(field, "input_empty", column=column.name)
    elif kind == "number" and column.num_not_numeric:
        bad, rows = column.num_not_numeric, num_rows - column.num_missing
        if bad < MOST * rows:
            yield note(field, "input_not_all_numeric", column=column.name, bad=bad, rows=rows)
        else:
            yield error(field, "column_not_numeric", column=column.name, bad=bad, rows=rows)
    elif not _can_be_read_as(column, kind):
        yield error(field, "input_kind_impossible", column=column.name, kind=kind, storage=column.storage)
    elif kind == "image" and column.num_missing:
        yield note(field, "input_pictures_missing", missing=column.num_missing, rows=num_rows, column=column.name)


def _can_be_read_as(column: Column, kind: ColumnKind) -> bool:
    if (kind == "image") != (column.images is not None):
        return False
    return kind != "datetime" or column.dates is not None or column.storage in ("datetime", "string")


def _check_modalities(spec: Spec, catalogue: Catalogue) -> Iterator[SpecProblem]:
    columns: dict[Modality, list[str]] = {}
    for name, kind in spec.data.inputs.items():
        if kind in MODALITY_OF:
            columns.setdefault(MODALITY_OF[kind], []).append(name)
    for modality, names in columns.items():
        field, listed = f"architecture.{modality}", ", ".join(names)
        choices = catalogue.architectures.get(modality, {})
        if not choices:
            yield error("data.inputs", "architecture_missing_none", modality=modality, columns=listed)
        elif modality not in spec.architecture:
            params = {"modality": modality, "columns": listed, "choices": ", ".join(choices)}
            yield error(field, "architecture_missing", **params)
    for modality in spec.architecture:
        if modality not in columns and columns:
            yield error(f"architecture.{modality}", "architecture_idle", modality=modality)


def _names(profile: Profile) -> str:
    """The first column names, for a sentence."""
    names = [column.name for column in profile.columns]
    return ", ".join(names[:20]) + (" ..." if len(names) > 20 else "")
