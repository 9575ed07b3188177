"""Which settings stand together in the form. A new field of the spec lands in the last group by itself."""

from collections.abc import Collection
from dataclasses import dataclass

from leyden.catalogue import Catalogue
from leyden.datasets.profile import ColumnKind
from leyden.machine import most_devices
from leyden.spec.field import Field
from leyden.spec.fields import INPUTS, dotted_fields
from leyden.spec.model import Spec
from ui.form_draft import Draft, changes_of, is_architecture
from ui.words import _


@dataclass(frozen=True)
class Group:
    """A heading and the beginnings of the dotted names below it, in their order."""

    name: str
    title: str
    help: str
    prefixes: tuple[str, ...]


GROUPS = (
    Group("inputs", _("Data and inputs"), _("What the model sees, and what each column is read as."), ("data",)),
    Group("split", _("Split"), _("Which rows train, which judge, and which stay sealed."), ("split",)),
    Group("preparation", _("Preparation"), _("How columns become numbers for the network."), ("preparation",)),
    Group("architecture", _("Architecture"), _("The network's own options."), ("architecture", "fusion")),
    Group("loss", _("Task and loss"), _("What is predicted, and what training makes small."), ("task", "loss")),
    Group(
        "optimiser",
        _("Optimiser"),
        _("How a gradient becomes a step."),
        ("optimisation.optimiser", "optimisation.clip_norm", "optimisation.accumulate"),
    ),
    Group(
        "schedule",
        _("Schedule and regularisation"),
        _("How the learning rate changes, and what holds the weights back."),
        ("optimisation.schedule", "optimisation.warmup", "optimisation.weight_decay", "optimisation.l1"),
    ),
    Group(
        "stopping", _("Early stopping"), _("When to stop before the last epoch."), ("optimisation.early_stopping",)
    ),
    Group(
        "rest", _("Precision, seed and processes"), _("Arithmetic, randomness, and how many work at once."), ("",)
    ),
)

DECISIONS = ("version", "data.dataset", "data.target")
"""Fields that the form does not draw in a group: they stand at its top, or are not a person's to choose."""

READ_BY: dict[str, tuple[ColumnKind, ...]] = {
    "preparation.numbers.": ("number", "datetime"),
    "preparation.categories.": ("category",),
    "preparation.images.": ("image",),
    "preparation.texts.": ("text",),
}
"""Settings that only concern columns of some kinds."""

NUM_DEVICES = "hardware.num_devices"
"""Only where this machine has several of what was chosen."""


def grouped(spec: Spec, catalogue: Catalogue) -> dict[str, dict[str, Field]]:
    """The advanced fields of a spec by group name, then dotted name, without those that concern no input."""
    fields = {
        dotted: field
        for dotted, field in dotted_fields(spec, catalogue).items()
        if dotted not in DECISIONS and not is_essential(dotted, field) and is_relevant(dotted, spec)
    }
    found: dict[str, dict[str, Field]] = {group.name: {} for group in GROUPS}
    for group in GROUPS:
        for prefix in group.prefixes:
            names = [name for name in fields if not prefix or name == prefix or name.startswith(f"{prefix}.")]
            found[group.name] |= {dotted: fields.pop(dotted) for dotted in names}
    return found


def num_changed(draft: Draft, group: Group, fields: Collection[str]) -> int:
    """How many fields of a group are not as the draft began; one of the groups also holds the table of inputs."""
    has_inputs = group.name == "inputs"
    return sum(name in fields or (has_inputs and name.startswith(f"{INPUTS}.")) for name in changes_of(draft))


def essentials(spec: Spec, catalogue: Catalogue) -> dict[str, Field]:
    """The fields that everybody sees, by dotted name: architectures with their main options first."""
    fields = {
        dotted: field
        for dotted, field in dotted_fields(spec, catalogue).items()
        if is_essential(dotted, field) and is_relevant(dotted, spec)
    }
    first = [dotted for dotted in fields if dotted.startswith("architecture.")]
    return {dotted: fields[dotted] for dotted in (*first, *(name for name in fields if name not in first))}


def is_essential(dotted: str, field: Field) -> bool:
    """Whether a field stands beside the decisions: its own word, or that it chooses the network."""
    return field.level == "essential" or is_architecture(dotted)


def is_relevant(dotted: str, spec: Spec) -> bool:
    """Whether a setting can make a difference for these inputs, on this machine."""
    if is_architecture(dotted):
        return dotted.partition(".")[2] in spec.architecture
    if dotted == NUM_DEVICES:
        return most_devices(spec.hardware.device) > 1 or spec.hardware.num_devices > 1
    if dotted.startswith("fusion."):
        return len(spec.architecture) > 1
    kinds = next((kinds for prefix, kinds in READ_BY.items() if dotted.startswith(prefix)), None)
    return kinds is None or any(kind in kinds for kind in spec.data.inputs.values())
