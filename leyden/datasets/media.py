"""Media are stored once and belong to every dataset that refers to them; freed when the last one goes.

What was made from them, thumbnails and decoded pixels, goes with them.
"""

import shutil
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from leyden.datasets.profile import Profile
from leyden.datasets.staging import files_lock
from leyden.home import Home


def pixels_folder(home: Home, dataset_id: str) -> Path:
    """Where the decoded pictures of a dataset are kept; it may not be there."""
    return home.cache / "pixels" / dataset_id


def media_of(home: Home, dataset_id: str) -> set[str]:
    """SHA-256 of all media that a dataset refers to."""
    folder = home.dataset(dataset_id)
    profile = Profile.model_validate_json((folder / "profile.json").read_text(encoding="utf-8"))
    # The kind a person chose may differ; what the column holds does not.
    names = [column.name for column in profile.columns if column.images is not None]
    found: set[str] = set()
    if names:
        table = pq.read_table(folder / "table.parquet", columns=names)
        for name in names:
            found.update(value for value in pc.unique(table[name]).to_pylist() if value is not None)
    return found


def delete_dataset_files(home: Home, dataset_id: str) -> int:
    """Removes a dataset's folder, its decoded pictures, and media that no dataset refers to any more.

    Returns:
        The bytes that became free.
    """
    folder = home.dataset(dataset_id)
    with files_lock(home):
        freed = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        # Out of sight first: a reader meets a whole dataset or none.
        leaving = folder.with_name(f".old-{dataset_id}")
        if folder.exists():
            folder.rename(leaving)
        shutil.rmtree(leaving, ignore_errors=True)
        return freed + _free_pixels(home) + _free_media(home)


def _free_pixels(home: Home) -> int:
    """Removes decoded pictures of datasets that are gone; the bytes freed."""
    freed = 0
    for folder in pixels_folder(home, "any").parent.glob("*"):
        if not home.dataset(folder.name).exists():
            # Blocks, not sizes: the files have holes where no picture was decoded.
            freed += sum(512 * file.stat().st_blocks for file in folder.rglob("*") if file.is_file())
            shutil.rmtree(folder, ignore_errors=True)
    return freed


def _free_media(home: Home) -> int:
    """Removes media that nothing refers to; the bytes freed."""
    used: set[str] = set()
    for profile in home.dataset("any").parent.glob("d*/profile.json"):
        used |= media_of(home, profile.parent.name)
    freed = 0
    for file in home.media.glob("*/*"):
        if file.name not in used:
            for gone in (file, *home.cache.glob(f"thumbnails/*/{file.parent.name}/{file.name}.jpg")):
                freed += gone.stat().st_size
                gone.unlink()
    return freed
