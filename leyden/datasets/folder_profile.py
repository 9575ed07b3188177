"""What is said of files in class folders, whatever the files are."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

from leyden.datasets.class_folders import Place
from leyden.datasets.problem import Severity, problem
from leyden.datasets.problems import FEW_ROWS, class_problems
from leyden.datasets.profile import PARTS, Column, Part, Problem

Things = Literal["pictures", "documents"]
"""What the files are; the codes of their problems are named after it."""


def list_problems(code: str, severity: Severity, names: Sequence[str]) -> Iterator[Problem]:
    """One problem that concerns some files, if there are any."""
    if names:
        yield problem(code, severity, examples=sorted(names), count=len(names))


def repeated(digests: Sequence[str], places: Sequence[Place], things: Things) -> Iterator[Problem]:
    """Equal files: in one class a waste, in two a contradiction, in two parts a leak.

    Args:
        digests: Of each file, equal for equal contents.
        places: Where each file lies.
        things: What the files are.
    """
    same = defaultdict(list)
    for digest, place in zip(digests, places, strict=True):
        same[digest].append(place)
    groups = [group for group in same.values() if len(group) > 1]
    in_classes = [group for group in groups if len({place.label for place in group}) > 1]
    in_parts = [group for group in groups if len({place.part for place in group}) > 1]
    for code, chosen in ((f"{things}_in_classes", in_classes), (f"{things}_in_parts", in_parts)):
        if chosen:
            yield problem(code, "warning", examples=[_equation(group) for group in chosen], count=len(chosen))
    num_repeated = sum(len(group) - 1 for group in groups)
    if num_repeated:
        examples = [_equation(group) for group in groups]
        yield problem(f"repeated_{things}", "info", {"of": len(places)}, examples=examples, count=num_repeated)


def label_problems(label: Column, places: Sequence[Place], things: Things) -> list[Problem]:
    """What is wrong with the classes, and with the number of files."""
    found = class_problems(label, len(places))
    if label.num_distinct == 1:
        found.append(problem(f"one_class_of_{things}", "error", {"label": label.values[0].value}))
    if len(places) < FEW_ROWS:
        found.append(problem(f"few_{things}", "warning", count=len(places)))
    return found


def parts_of(places: Sequence[Place]) -> dict[Part, int] | None:
    """Files in each part of the split that they came with, None if with none."""
    counts = Counter(place.part for place in places if place.part is not None)
    return {part: counts[part] for part in PARTS if counts[part]} or None


def _equation(group: list[Place]) -> str:
    return " = ".join(place.file for place in group)
