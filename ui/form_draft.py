"""A run in the making: what a person decided so far, over the defaults for their data. Draws nothing.

A draft remembers decisions only, as dotted names with text, just as the command line takes them. The spec is
composed from them anew each time, so that another target or architecture resets what depends on it, and no more.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from leyden.catalogue import Catalogue
from leyden.datasets.profile import Profile
from leyden.errors import SpecError
from leyden.spec.check import check, complete
from leyden.spec.defaults import default_spec, fit_architectures
from leyden.spec.fields import INPUTS, NONE, diff, flat, set_dotted
from leyden.spec.model import Spec
from leyden.spec.problems import SpecProblem

TARGET = "data.target"
ARCHITECTURE = "architecture."
TASK_FIELDS = ("task", "loss")


@dataclass(frozen=True)
class Draft:
    """Decisions about one run. `id` tells it from all others, so that it is submitted once."""

    dataset: str
    target: str | None = None
    changes: dict[str, str] = field(default_factory=dict)
    parent: str = ""
    """Id of the run that it starts from."""
    began: dict[str, str] = field(default_factory=dict)
    """All decisions that it began with: a clone has those of its run."""
    id: str = field(default_factory=lambda: secrets.token_hex(4))


@dataclass(frozen=True)
class Drafted:
    """What a draft comes to: a spec (None when there is nothing to learn), and everything to mend or to know."""

    spec: Spec | None
    problems: tuple[SpecProblem, ...]

    @property
    def is_ready(self) -> bool:
        """Whether the run can start."""
        return self.spec is not None and not any(problem.severity == "error" for problem in self.problems)


def compose(draft: Draft, profile: Profile, catalogue: Catalogue) -> Drafted:
    """The spec that a draft stands for, with all its problems."""
    try:
        spec, refused = _build(draft, profile, catalogue)
    except SpecError as error:
        return Drafted(None, (SpecProblem(field=TARGET, message=error.message),))
    return Drafted(spec, (*refused, *check(spec, profile.with_kinds(spec.data.inputs), catalogue)))


def changed(draft: Draft, dotted: str, value: str) -> Draft:
    """The draft with one more decision; those that belonged to what it replaces are dropped."""
    if dotted == TARGET:
        return _retargeted(draft, value)
    dropped = f"{dotted}.options."
    kept = {name: text for name, text in draft.changes.items() if not name.startswith(dropped)}
    if dotted == "task":
        kept = {name: text for name, text in kept.items() if not _belongs(name, ("loss",))}
    return replace(draft, changes={**kept, dotted: value})


def settled(draft: Draft, profile: Profile, catalogue: Catalogue) -> Draft:
    """The draft without decisions that decide nothing: a value that was put back to its default is not changed.

    One that came back to what the draft began with is written as it was then.
    """
    if draft.target == profile.suggested_target and TARGET not in draft.began:
        draft = replace(draft, target=None)
    try:
        meant = _meaning(draft, profile, catalogue)
    except SpecError:
        return draft
    # What has no value, such as a network for texts without texts, waits for the inputs that it is for.
    values = flat(meant[0])
    for dotted in [name for name in draft.changes if name in values]:
        without = {name: text for name, text in draft.changes.items() if name != dotted}
        as_begun = draft.changes | {dotted: draft.began.get(dotted, draft.changes[dotted])}
        simpler = (replace(draft, changes=changes) for changes in (without, as_begun))
        draft = next((one for one in simpler if _meaning(one, profile, catalogue) == meant), draft)
    return draft


def decisions_of(draft: Draft) -> dict[str, str]:
    """All decisions of a draft by dotted name, its target first."""
    target = {} if draft.target is None else {TARGET: draft.target}
    return target | draft.changes


def changes_of(draft: Draft) -> set[str]:
    """The dotted names of what was decided otherwise than the draft began."""
    return {name for name, _text in draft.began.items() ^ decisions_of(draft).items()}


def written(draft: Draft) -> str:
    """All decisions of a draft as one line, for an address."""
    return urlencode(decisions_of(draft))


def read_into(draft: Draft, line: str) -> Draft:
    """The draft with the decisions of a line that `written` made, in place of its own."""
    changes = dict(parse_qsl(line, keep_blank_values=True))
    target = changes.pop(TARGET, draft.target)
    return replace(draft, target=target, changes=changes)


def undone(draft: Draft) -> Draft:
    """The draft as it began."""
    changes = dict(draft.began)
    return replace(draft, target=changes.pop(TARGET, None), changes=changes)


def begun(draft: Draft) -> Draft:
    """The draft with what it decides now as its beginning."""
    return replace(draft, began=decisions_of(draft))


def draft_of(spec: Spec, profile: Profile, catalogue: Catalogue, parent: str = "") -> Draft:
    """A draft that comes to this spec: where cloning a run starts."""
    base, _chosen = defaults_beside(spec, profile, catalogue)
    chosen = {f"{ARCHITECTURE}{modality}": choice.name for modality, choice in spec.architecture.items()}
    changes = chosen | changes_between(base, spec)
    draft = Draft(spec.data.dataset, spec.data.target, changes=changes, parent=parent)
    return begun(settled(begun(draft), profile, catalogue))


def defaults_beside(spec: Spec, profile: Profile, catalogue: Catalogue) -> tuple[Spec, str | None]:
    """The defaults for a spec's data, target and architecture, and the architecture if it is not the default."""
    dataset, target = spec.data.dataset, spec.data.target
    base = default_spec(dataset, profile, catalogue, target=target)
    usual = [choice.name for choice in base.architecture.values()]
    own = [choice.name for choice in spec.architecture.values() if choice.name not in usual]
    if len(own) != 1 or len(spec.architecture) != 1:
        return base, None
    try:
        return default_spec(dataset, profile, catalogue, target=target, architecture=own[0]), own[0]
    except SpecError:
        return base, None  # The catalogue has lost it since; the check will say so.


def changes_between(base: Spec, spec: Spec) -> dict[str, str]:
    """What `--set` would have to say to make the second spec of the first."""
    changes = {}
    for dotted, _before, after in diff(base, spec):
        if after is None and ".options." in dotted:
            continue  # An option of a choice that is no longer made.
        is_removal = after is None and dotted.startswith((f"{INPUTS}.", ARCHITECTURE))
        changes[dotted] = NONE if is_removal else text_of(after)
    return changes


def is_architecture(dotted: str) -> bool:
    """Whether a dotted name chooses the network for a modality."""
    return dotted.startswith(ARCHITECTURE) and dotted.count(".") == 1


def text_of(value: Any) -> str:
    """A value as `set_dotted` reads it back."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _retargeted(draft: Draft, target: str) -> Draft:
    stale = (*TASK_FIELDS, f"{INPUTS}.{target}")
    kept = {name: text for name, text in draft.changes.items() if not _belongs(name, stale)}
    return replace(draft, target=target, changes=kept)


def _belongs(dotted: str, to: tuple[str, ...]) -> bool:
    return any(dotted == name or dotted.startswith(f"{name}.") for name in to)


def _build(draft: Draft, profile: Profile, catalogue: Catalogue) -> tuple[Spec, list[SpecProblem]]:
    """The defaults with the draft's changes, and what is wrong with those that were refused."""
    spec, refused = _apply(_base(draft, profile, catalogue), draft.changes, catalogue)
    return fit_architectures(spec, catalogue), refused


def _meaning(draft: Draft, profile: Profile, catalogue: Catalogue) -> tuple[Spec, list[SpecProblem]]:
    """What a draft comes to with every option filled in: equal for drafts that train the same."""
    spec, refused = _build(draft, profile, catalogue)
    try:
        return complete(spec, catalogue), refused
    except SpecError:
        return spec, refused


def _base(draft: Draft, profile: Profile, catalogue: Catalogue) -> Spec:
    """The defaults for the draft's data, target and, where only one was chosen, architecture."""
    names = [name for dotted, name in draft.changes.items() if is_architecture(dotted) and name != NONE]
    chosen = names[0] if len(names) == 1 else None
    try:
        return default_spec(draft.dataset, profile, catalogue, target=draft.target, architecture=chosen)
    except SpecError:
        return default_spec(draft.dataset, profile, catalogue, target=draft.target)


def _apply(spec: Spec, changes: Mapping[str, str], catalogue: Catalogue) -> tuple[Spec, list[SpecProblem]]:
    """The spec with all changes that it takes, and what is wrong with the others."""
    try:
        return set_dotted(spec, changes, catalogue), []
    except SpecError:
        pass
    problems = []
    for dotted, value in sorted(changes.items(), key=lambda change: change[0].count(".")):
        try:
            spec = set_dotted(spec, {dotted: value}, catalogue)
        except SpecError as error:
            problems.append(SpecProblem(field=dotted, message=error.message))
    return spec, problems
