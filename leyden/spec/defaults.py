"""Good settings from the profile alone: someone who picks only data and target gets a sensible model.

The numbers are rules of thumb, tried on small real tables and pictures; each stands here with its reason.
"""

import math

from leyden.catalogue import MODALITY_OF, Catalogue, Modality, TaskCard
from leyden.datasets.profile import Column, ColumnKind, Profile
from leyden.errors import SpecError
from leyden.spec.check import complete, num_rows_by_part
from leyden.spec.columns import target_kind, usable_inputs
from leyden.spec.fields import NONE, set_dotted
from leyden.spec.model import Choice, Data, Images, Optimisation, Preparation, Spec, Split

STEPS_PER_EPOCH = 40
"""Enough steps that an epoch gets somewhere, and batches as large as that allows, so that it is quick."""
BATCH_SIZES: dict[Modality, tuple[int, int]] = {"tabular": (16, 512), "image": (16, 64), "text": (16, 64)}
"""Smallest and largest: pictures and texts cost far more per row, and learn better from small batches."""
EPOCHS: dict[Modality, int] = {"tabular": 100, "image": 30, "text": 20}
"""Early stopping ends most runs before."""
LR: dict[Modality, float] = {"text": 3e-3}
"""Where the spec's own default is not best: most tokens are rare, and their vectors move only when they are met."""
SLOWEST_FIRST: tuple[Modality, ...] = ("image", "text", "tabular")
PHOTO_SIZE = 64
"""Side in px that a small network needs to tell photos apart; smaller pictures keep their own size."""
SMALLEST_SIZE = 16


def default_spec(
    dataset_id: str,
    profile: Profile,
    catalogue: Catalogue,
    target: str | None = None,
    architecture: str | None = None,
) -> Spec:
    """A complete spec for a dataset.

    Args:
        dataset_id: Of the dataset.
        profile: Of the dataset, with the kinds that a person chose.
        catalogue: What can be chosen.
        target: The column to predict; None takes the suggested one.
        architecture: Name of an architecture for one of the modalities of the inputs; None takes the defaults.

    Raises:
        SpecError: There is no such target or architecture, or no column to learn from.
    """
    column = _target(profile, target)
    task = _task(column, catalogue)
    inputs = usable_inputs(profile, catalogue, column.name)
    if not inputs:
        raise SpecError("inputs_none_usable", target=column.name)
    spec = Spec(
        data=Data(dataset=dataset_id, target=column.name, inputs=inputs),
        split=Split(method="predefined" if profile.parts else "stratified"),
        preparation=Preparation(images=_images(profile, inputs)),
        task=Choice(name=task.name),
        loss=Choice(name=task.default_loss),
        architecture=_architectures(inputs, catalogue, architecture),
    )
    spec = spec.model_copy(update={"optimisation": _optimisation(spec, profile)})
    return complete(spec, catalogue)


def fit_architectures(spec: Spec, catalogue: Catalogue) -> Spec:
    """The spec after its inputs were changed: those of a new modality bring its default architecture, and a modality
    without inputs takes its own away."""
    wanted = {MODALITY_OF[kind] for kind in spec.data.inputs.values() if kind in MODALITY_OF}
    if not wanted:
        return spec
    idle = {f"architecture.{modality}": NONE for modality in spec.architecture if modality not in wanted}
    missing = {
        f"architecture.{modality}": catalogue.default_architectures[modality]
        for modality in wanted
        if modality not in spec.architecture and modality in catalogue.default_architectures
    }
    return set_dotted(spec, idle | missing, catalogue) if idle or missing else spec


def _target(profile: Profile, name: str | None) -> Column:
    name = name if name is not None else profile.suggested_target
    names = ", ".join(column.name for column in profile.columns)
    if name is None:
        raise SpecError("target_missing", columns=names)
    column = profile.column(name)
    if column is None:
        raise SpecError("target_unknown", column=name, columns=names)
    return column


def _task(column: Column, catalogue: Catalogue) -> TaskCard:
    """The first task whose own target this kind is, or else the first that takes it."""
    kind = target_kind(column)
    tasks = catalogue.tasks.values()
    own = [task for task in tasks if kind in task.target_kinds]
    allowed = [task for task in tasks if kind in task.allowed_target_kinds]
    if not own + allowed:
        raise SpecError("target_no_task", column=column.name, kind=kind)
    return (own + allowed)[0]


def _architectures(
    inputs: dict[str, ColumnKind], catalogue: Catalogue, name: str | None
) -> dict[Modality, Choice]:
    modalities = list(dict.fromkeys(MODALITY_OF[kind] for kind in inputs.values()))
    choices = {modality: Choice(name=catalogue.default_architectures[modality]) for modality in modalities}
    if name is None:
        return choices
    having = [modality for modality in modalities if name in catalogue.architectures[modality]]
    if not having:
        known = ", ".join(known for modality in modalities for known in catalogue.architectures[modality])
        raise SpecError("architecture_unknown", found=name, choices=known)
    return choices | {having[0]: Choice(name=name)}


def _images(profile: Profile, inputs: dict[str, ColumnKind]) -> Images:
    columns = [column for column in profile.columns if inputs.get(column.name) == "image" and column.images]
    sides = [max(column.images.max_width, column.images.max_height) for column in columns if column.images]
    return Images(size=min(PHOTO_SIZE, max(SMALLEST_SIZE, *sides))) if sides else Images()


def _optimisation(spec: Spec, profile: Profile) -> Optimisation:
    """Batch size by the number of training rows; the slowest modality sets the bounds."""
    modality = next(name for name in SLOWEST_FIRST if name in spec.architecture)
    rows = max(1, num_rows_by_part(spec, profile)["train"])
    smallest, largest = BATCH_SIZES[modality]
    batch_size = 2 ** round(math.log2(max(1, rows / STEPS_PER_EPOCH)))
    lr = LR.get(modality, Optimisation().lr)
    return Optimisation(epochs=EPOCHS[modality], batch_size=min(largest, max(smallest, batch_size)), lr=lr)
