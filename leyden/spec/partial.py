"""Specs that say only what is not as usual: short enough to read, keep in a file and send to someone.

What such a spec leaves out is what Leyden would choose for the data.
"""

from collections.abc import Mapping
from typing import Any

from leyden.catalogue import Catalogue
from leyden.spec.fields import ARCHITECTURE, choices_of, set_dotted, tables, validated
from leyden.spec.model import Choice, Data, Spec

WHOLE = ("data.inputs", ARCHITECTURE)
"""Given at all, these are given whole: a column or network that is not there is not meant."""
BLANK = Spec(
    data=Data(dataset="", target="", inputs={}), task=Choice(name=""), loss=Choice(name=""), architecture={}
)


def check_partial(plain: Any) -> dict[str, Any]:
    """A part of a spec from JSON, in which every field that is there exists and is within its bounds.

    Raises:
        SpecError: With every field that does not.
    """
    if not isinstance(plain, Mapping):
        validated(plain)
    validated(_laid_over(BLANK.model_dump(mode="json"), plain))
    return dict(plain)


def completed(partial: Mapping[str, Any], usual: Spec, catalogue: Catalogue) -> Spec:
    """The spec that a part of one stands for.

    Args:
        partial: What `check_partial` let through.
        usual: The defaults for its data and target: what is left out.
        catalogue: Knows what belongs to a task.
    """
    task = partial.get("task", {}).get("name")
    if task in catalogue.tasks:
        usual = set_dotted(usual, {"task": task}, catalogue)
    plain = _laid_over(usual.model_dump(mode="json"), partial)
    plain["data"]["dataset"] = usual.data.dataset
    return validated(plain)


def difference(spec: Spec, usual: Spec, catalogue: Catalogue) -> dict[str, Any]:
    """What `completed` makes this spec of again: the target, and all that is not as usual.

    Args:
        spec: A complete spec.
        usual: The complete defaults for its data and target.
        catalogue: Knows the defaults of a choice that is not the usual one.
    """
    own, base = spec.model_dump(mode="json"), usual.model_dump(mode="json")
    base["data"] |= {"dataset": own["data"]["dataset"], "target": None}
    for dotted, choice in choices_of(spec).items():
        before, last = _parent_of(base, dotted), dotted.rpartition(".")[2]
        card = tables(catalogue, spec.task.name)[dotted][choice.name]
        if before.get(last, {}).get("name") != choice.name:
            before[last] = {"name": None, "options": card.options().model_dump(mode="json")}
    return _changed(own, base, "")


def _laid_over(base: Any, given: Any, dotted: str = "") -> Any:
    """A record with the fields that are given instead of its own; another choice comes without the old options."""
    is_record = isinstance(base, dict) and isinstance(given, Mapping)
    if not is_record or dotted in WHOLE:
        return given
    if base.keys() == {"name", "options"} and given.get("name", base["name"]) != base["name"]:
        return given
    inner = {name: _laid_over(base.get(name), value, _join(dotted, name)) for name, value in given.items()}
    return {**base, **inner}


def _changed(own: dict[str, Any], base: dict[str, Any], dotted: str) -> dict[str, Any]:
    """The fields that differ; of architectures, which are given whole, the names of the others, too."""
    found: dict[str, Any] = {}
    for name, value in own.items():
        before, path = base.get(name), _join(dotted, name)
        if value == before and dotted != ARCHITECTURE:
            continue
        is_part = isinstance(value, dict) and isinstance(before, dict) and path != "data.inputs"
        found[name] = _changed(value, before or {}, path) if is_part else value
    # A choice is named by its name, even where only its options differ.
    return {"name": own["name"], **found} if own.keys() == {"name", "options"} else found


def _parent_of(plain: dict[str, Any], dotted: str) -> dict[str, Any]:
    for part in dotted.split(".")[:-1]:
        plain = plain[part]
    return plain


def _join(dotted: str, name: str) -> str:
    return f"{dotted}.{name}" if dotted else name
