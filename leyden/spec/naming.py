"""What a run is called when nobody names it: its data, its network, and what is not as usual about it.

A name is kept as it was made; the number that lists show behind it tells runs of equal settings apart.
"""

from collections.abc import Mapping
from typing import Any, get_args

from leyden.catalogue import Catalogue, Modality
from leyden.datasets.profile import Profile
from leyden.spec.check import complete
from leyden.spec.defaults import default_spec
from leyden.spec.field import Field
from leyden.spec.fields import ARCHITECTURE, INPUTS, NONE, choices_of, diff, dotted_fields, flat, set_dotted
from leyden.spec.model import Spec

MAX_TOLD = 4
"""More differences than this are only counted."""
MAX_LETTERS = 32
"""Of one difference."""
SHORT = {"optimisation.lr": "lr", "optimisation.batch_size": "batch"}
"""What people say where the title is long."""
UNTOLD = ("version", "data.dataset", "data.target", "hardware.device")


def architecture_text(spec: Spec) -> str:
    """The names of a spec's architectures: `mlp`, or `mlp + cnn`, whatever the order of the columns."""
    chosen = spec.architecture
    return " + ".join(chosen[modality].name for modality in get_args(Modality) if modality in chosen)


def plain_name(dataset_name: str, spec: Spec) -> str:
    """Data and network: `penguins · mlp`."""
    return f"{dataset_name} · {architecture_text(spec)}"


def telling_name(
    dataset_name: str, spec: Spec, profile: Profile, catalogue: Catalogue, parent: Spec | None = None
) -> str:
    """The plain name, with the target where it is not the suggested one, and the settings that are not the defaults.

    Args:
        dataset_name: What the dataset is called.
        spec: A complete spec that fits its data.
        profile: Of the dataset.
        catalogue: Knows the defaults.
        parent: What the run was cloned from: what differs from that is told before all else.

    Returns:
        Such as `penguins → island · mlp · lr 0.01 · batch 16`.
    """
    target = spec.data.target
    data = dataset_name if target == profile.suggested_target else f"{dataset_name} → {target}"
    told, num_more = _differences(spec, usual_spec(spec, profile, catalogue), catalogue, parent)
    more = [f"+{num_more}"] if num_more else []
    return " · ".join([plain_name(data, spec), *told, *more])


def renamed_for_epochs(name: str, dataset_name: str, spec: Spec, epochs: int) -> str:
    """The name of a run that trains longer: where it tells the epochs, it tells the new ones; else it is kept.

    Args:
        name: What it is called now, by itself or by a person.
        dataset_name: What its dataset is called.
        spec: What it was trained with so far.
        epochs: To train in all.
    """
    if name == plain_name(dataset_name, spec):
        return f"{name} · epochs {epochs}"
    old, new = f"epochs {spec.optimisation.epochs}", f"epochs {epochs}"
    return " · ".join(new if part == old else part for part in name.split(" · "))


def usual_spec(spec: Spec, profile: Profile, catalogue: Catalogue) -> Spec:
    """The complete default spec for the same data, target, task and architectures."""
    base = default_spec(spec.data.dataset, profile, catalogue, target=spec.data.target)
    modalities = {*base.architecture, *spec.architecture}
    names = {name: spec.architecture[name].name if name in spec.architecture else NONE for name in modalities}
    chosen = {f"{ARCHITECTURE}.{modality}": name for modality, name in names.items()}
    return complete(set_dotted(base, {"task": spec.task.name, **chosen}, catalogue), catalogue)


def _differences(spec: Spec, usual: Spec, catalogue: Catalogue, parent: Spec | None) -> tuple[list[str], int]:
    """In words and in the form's order, the essentials first; and how many more there are.

    Where not all are told, those that differ from the parent are, then the essentials.
    """
    fields, values = dotted_fields(spec, catalogue), flat(spec)
    choices = {dotted: choice.name for dotted, choice in choices_of(spec).items()}
    from_usual = {dotted for dotted, name in choices.items() if flat(usual).get(dotted) != name}
    # Beside the options that its own choices have when nobody sets them.
    chosen = complete(set_dotted(usual, choices, catalogue), catalogue)
    from_usual |= {name for name, _usual, _own in diff(chosen, spec)}
    from_parent = {name for name, _before, _after in diff(parent, spec)} if parent else set()
    # Architectures stand in the name already.
    silent = (*UNTOLD, *(f"{ARCHITECTURE}.{modality}" for modality in usual.architecture))
    told = [name for name in fields if name in from_usual | from_parent and name in values]
    told = [name for name in told if name not in silent]
    told.sort(key=lambda name: fields[name].level != "essential")
    left_out = _left_out(from_usual - values.keys())
    most = MAX_TOLD - len(left_out)
    kept = set(sorted(told, key=lambda name: name not in from_parent)[:most])
    texts = [_whose(name, spec) + _text(name, values[name], spec, fields) for name in told if name in kept]
    return left_out + texts, len(told) - len(texts)


def _left_out(names: set[str]) -> list[str]:
    """Which columns the network does not see, though it could."""
    columns = [name.removeprefix(f"{INPUTS}.") for name in names if name.startswith(f"{INPUTS}.")]
    if not columns:
        return []
    return [_short(f"without {columns[0] if len(columns) == 1 else f'{len(columns)} inputs'}")]


def _text(dotted: str, value: Any, spec: Spec, fields: Mapping[str, Field]) -> str:
    """`lr 0.01`, `adam`, `both directions no`; `text dropout 0.3` where there are several kinds of input."""
    if dotted in choices_of(spec):
        return str(value).replace("_", " ")
    title = SHORT.get(dotted) or _lowered(fields[dotted].title.partition(" (")[0])
    if dotted == "data.test_dataset":
        return title if value else f"no {title}"
    if isinstance(value, bool):
        return f"{title} {'yes' if value else 'no'}"
    return _short(f"{title} {f'{value:g}' if isinstance(value, float) else value}")


def _whose(dotted: str, spec: Spec) -> str:
    """Of which network an option is, to be put before it, where there are several; else nothing."""
    if len(spec.architecture) == 1 or not dotted.startswith(f"{ARCHITECTURE}."):
        return ""
    return f"{dotted.split('.')[1]} "


def _lowered(title: str) -> str:
    """A title within a line: `Batch size` is `batch size`, and `L1` stays."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _short(text: str) -> str:
    return text if len(text) <= MAX_LETTERS else f"{text[: MAX_LETTERS - 1]}…"
