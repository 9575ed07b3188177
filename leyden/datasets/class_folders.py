"""What the folders above a picture say: its class, and the part of a split that came with the data."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from leyden.datasets.profile import Part

PART_FOLDERS: dict[str, Part] = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}


@dataclass(frozen=True)
class Place:
    """Where a picture lies."""

    file: str
    """Path without the folders that all files share."""
    label: str | None
    """Name of its class folder, None outside of any."""
    part: Part | None


def find_places(names: Sequence[str]) -> list[Place]:
    """The class and part of each file, from the paths of all of them.

    `class/img.jpg`, below any folders that all files share; `train/class/img.jpg` and its like make a split when
    there is a training folder and another one.
    """
    paths = [name.split("/") for name in names]
    while _share_root(paths):
        paths = [path[1:] for path in paths]
    has_parts = _have_parts(paths)
    return [_place(path, has_parts) for path in paths]


def has_classes(names: Sequence[str]) -> bool:
    """Whether files lie in the folders of at least two classes."""
    labels = {place.label for place in find_places(names)} - {None}
    return len({label for label in labels if label and label.casefold() not in PART_FOLDERS}) > 1


def _share_root(paths: list[list[str]]) -> bool:
    """Whether all lie in one folder that is not a class: most files have another folder in between."""
    num_deep = sum(len(path) >= 3 for path in paths)
    is_common = len({path[0] for path in paths}) == 1 and all(len(path) >= 2 for path in paths)
    return bool(paths) and is_common and 2 * num_deep > len(paths)


def _have_parts(paths: list[list[str]]) -> bool:
    tops = Counter(path[0].casefold() for path in paths if len(path) >= 2)
    found = {PART_FOLDERS.get(top) for top in tops}
    num_deep = sum(len(path) >= 3 for path in paths)
    return None not in found and "train" in found and len(found) >= 2 and 2 * num_deep > len(paths)


def _place(path: list[str], has_parts: bool) -> Place:
    part: Part | None = None
    below = path
    if has_parts and len(path) >= 2:
        part, below = PART_FOLDERS[path[0].casefold()], path[1:]
    # macOS writes accents as letters of their own; the same class may come from two systems.
    label = normalize("NFC", below[0]).strip() if len(below) >= 2 else None
    return Place("/".join(path), label, part)
