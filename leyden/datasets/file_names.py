"""Which file of an archive a cell of a table means, however the path is written there."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath
from unicodedata import normalize

from leyden.datasets.image import SUFFIXES

Parts = tuple[str, ...]


def is_picture_name(name: str) -> bool:
    """Whether a name ends like a picture's."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower() in SUFFIXES


class FileNames:
    """Finds files by what a table calls them.

    A path may be written from the table's own folder, from the archive's top, from a folder above (as on the machine
    where the table was made), or as the bare file name, as long as only one file fits; with slashes or backslashes,
    in any case and Unicode form, and without a picture's extension.

    Args:
        names: Paths of the files inside the archive or folder, with forward slashes.
        table: Path of the table beside them.
    """

    def __init__(self, names: Iterable[str], table: str) -> None:
        self._folder = _parts(table)[:-1]
        self._by_last: dict[str, list[tuple[Parts, str]]] = defaultdict(list)
        for name in names:
            *folders, last = _parts(name)
            self._by_last[last].append(((*folders, last), name))
            if is_picture_name(name):
                stem = last.rpartition(".")[0]
                self._by_last[stem].append(((*folders, stem), name))

    def find(self, written: str) -> str | None:
        """The one file that is meant; None when there is none, or when several fit equally well."""
        parts = _parts(written)
        candidates = self._by_last.get(parts[-1], []) if parts else []
        for wanted in ((*self._folder, *parts), parts):
            exact = [name for path, name in candidates if path == wanted]
            if len(exact) == 1:
                return exact[0]
        fits = [(fit, name) for path, name in candidates if (fit := self._fit(path, parts))]
        best = [name for fit, name in fits if fit == max(fits)[0]]
        return best[0] if len(best) == 1 else None

    def _fit(self, path: Parts, parts: Parts) -> int:
        """Over how many parts the shorter of two paths is the end of the longer one; 0 where it is not."""
        below = path[len(self._folder) :] if path[: len(self._folder)] == self._folder else path
        lengths = [min(len(other), len(parts)) for other in (path, below)]
        fits = (
            length for length, other in zip(lengths, (path, below), strict=True) if _ends(other, parts, length)
        )
        return max(fits, default=0)


def _ends(one: Parts, other: Parts, length: int) -> bool:
    return one[-length:] == other[-length:]


def _parts(written: str) -> Parts:
    """Folders and file, comparable: what only says where a path begins is left out."""
    clean = normalize("NFC", written).replace("\\", "/").casefold()
    return tuple(part.strip() for part in clean.split("/") if part.strip() not in ("", ".", ".."))
