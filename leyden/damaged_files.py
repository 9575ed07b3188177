"""Checkpoints that were cut off or overwritten, as far as that can be seen at once and without torch."""

from collections.abc import Sequence
from pathlib import Path
from zipfile import is_zipfile

from leyden.errors import RunError
from leyden.run_folder import BEST, LAST, LAST_BEFORE


def is_whole(checkpoint: Path) -> bool:
    """Whether a file is a complete archive, as torch writes them: its directory stands at the end."""
    return is_zipfile(checkpoint)


def require_way_on(folder: Path) -> None:
    """Refuses to go on with a run all of whose last checkpoints are damaged; one without any is trained anew.

    Raises:
        RunError: It says what the run is still good for.
    """
    saved = [path for name in (LAST, LAST_BEFORE) if (path := folder / name).is_file()]
    if saved and not any(map(is_whole, saved)):
        raise no_way_on(saved, has_best=is_whole(folder / BEST))


def no_way_on(damaged: Sequence[Path], *, has_best: bool) -> RunError:
    """Why a run cannot go on, and what it is still good for."""
    files = ", ".join(path.name for path in damaged)
    return RunError("last_broken" if has_best else "last_and_best_broken", files=files, best=BEST)
