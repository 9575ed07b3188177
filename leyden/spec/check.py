"""Whether a spec fits its data and itself: every problem at once, as a form or the command line shows them."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from leyden.catalogue import Catalogue
from leyden.datasets.profile import Profile
from leyden.spec.columns import check_inputs, check_target
from leyden.spec.fields import choices_of, tables, validated
from leyden.spec.model import Choice, Spec
from leyden.spec.problems import SpecProblem as SpecProblem
from leyden.spec.problems import error, note, problems_of, raise_errors


def require(spec: Spec, profile: Profile, catalogue: Catalogue) -> Spec:
    """The complete spec, if a run of it can start.

    Raises:
        SpecError: With every problem, in one message.
    """
    raise_errors(check(spec, profile, catalogue))
    return complete(spec, catalogue)


def complete(spec: Spec, catalogue: Catalogue) -> Spec:
    """The spec with every option of every choice filled in from its card.

    Raises:
        SpecError: With every choice and option that is unknown or out of its bounds.
    """
    plain = spec.model_dump(mode="json")
    problems: list[SpecProblem] = []
    for dotted, choice in choices_of(spec).items():
        options, found = _options(dotted, choice, catalogue, spec.task.name)
        problems += found
        _choice_at(plain, dotted)["options"] = options
    raise_errors(problems)
    return validated(plain)


def check(spec: Spec, profile: Profile, catalogue: Catalogue) -> tuple[SpecProblem, ...]:
    """All problems of a spec for the data of this profile; empty if there is nothing to say.

    Args:
        spec: With or without all options filled in.
        profile: Of the dataset, with the kinds that a person chose for its columns.
        catalogue: What can be chosen.
    """
    return (
        *_check_choices(spec, catalogue),
        *check_target(spec, profile, catalogue),
        *check_inputs(spec, profile, catalogue),
        *_check_split(spec, profile),
        *_check_batches(spec, profile),
    )


def num_rows_by_part(spec: Spec, profile: Profile) -> dict[str, int]:
    """About how many rows train, validate and test; exact numbers are the split's to say."""
    target = profile.column(spec.data.target)
    rows = profile.num_rows - (target.num_missing if target else 0)
    val, test = spec.split.val_fraction, spec.split.test_fraction
    if spec.data.test_dataset is not None:
        test = 0.0
    if spec.split.method == "predefined" and profile.parts:
        parts = {part: profile.parts.get(part, 0) for part in ("train", "val", "test")}
        taken = 0 if parts["val"] else round(parts["train"] * val)
        return {"train": parts["train"] - taken, "val": parts["val"] or taken, "test": parts["test"]}
    counts = {"val": round(rows * val), "test": round(rows * test)}
    return {"train": rows - sum(counts.values()), **counts}


def _check_choices(spec: Spec, catalogue: Catalogue) -> Iterator[SpecProblem]:
    for dotted, choice in choices_of(spec).items():
        yield from _options(dotted, choice, catalogue, spec.task.name)[1]


def _options(
    dotted: str, choice: Choice, catalogue: Catalogue, task: str
) -> tuple[dict[str, object], list[SpecProblem]]:
    """All options of one choice, and what is wrong with them."""
    cards = tables(catalogue, task).get(dotted, {})
    card = cards.get(choice.name)
    if card is None:
        return {}, [_unknown(dotted, choice, list(cards), catalogue, task)]
    try:
        return card.options.model_validate(choice.options).model_dump(mode="json"), []
    except ValidationError as failure:
        return {}, problems_of(failure, card.options, f"{dotted}.options")


def _unknown(dotted: str, choice: Choice, names: list[str], catalogue: Catalogue, task: str) -> SpecProblem:
    if dotted == "loss" and choice.name in catalogue.losses and task in catalogue.tasks:
        title = catalogue.tasks[task].title
        return error(dotted, "loss_misfit", loss=choice.name, task=title, choices=", ".join(names))
    expected = ", ".join(names) or "nothing"
    return error(dotted, "choice_unknown", field=dotted, expected=expected, found=choice.name)


def _choice_at(plain: dict[str, Any], dotted: str) -> dict[str, Any]:
    for part in dotted.split("."):
        plain = plain[part]
    return plain


def _check_split(spec: Spec, profile: Profile) -> Iterator[SpecProblem]:
    if spec.split.method == "predefined":
        if not profile.parts:
            yield error("split.method", "split_without_parts")
            return
        if not profile.parts.get("train"):
            yield error("split.method", "split_parts_without_train")
            return
    parts = num_rows_by_part(spec, profile)
    rows = sum(parts.values())
    if parts["train"] < 2:
        share = f"{spec.split.val_fraction + spec.split.test_fraction:.0%}"
        yield error("split.val_fraction", "split_no_training_rows", share=share, rows=rows, left=parts["train"])
    elif parts["val"] < 1:
        share = f"{spec.split.val_fraction:.0%}"
        yield error("split.val_fraction", "split_no_validation_rows", share=share, rows=rows)


def _check_batches(spec: Spec, profile: Profile) -> Iterator[SpecProblem]:
    batch, rows = spec.optimisation.batch_size, num_rows_by_part(spec, profile)["train"]
    if batch != "all" and batch > rows >= 2:
        yield note("optimisation.batch_size", "batch_larger_than_data", batch=batch, rows=rows)
