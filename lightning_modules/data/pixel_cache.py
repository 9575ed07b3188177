"""Decoded pictures of a dataset, once per size, in a file that every run maps into memory.

Only rows that somebody asked for are decoded: training never opens test pictures. The file is sparse until then.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from leyden.datasets.media import pixels_folder
from leyden.datasets.read import read_frame
from leyden.errors import RunError
from leyden.home import Home
from leyden.locks import FileLock
from lightning_modules.data.pixels import decode
from lightning_modules.data.stored import Stored

Progress = Callable[[float], None]

PIXELS = ".pixels"
FLUSH_EVERY = 512
"""Pictures between two looks at progress, and between two notes of what is done."""
LOCK_TIMEOUT_S = 24 * 3600
"""Another run that decodes the same pictures is waited for: it does the same work."""
LOOK_EVERY_S = 0.5
"""Between two looks, while waiting, at whether to break off."""


@dataclass(frozen=True)
class CachedImages:
    """Reads pictures of one dataset; an `ImageReader`.

    Args:
        home: The workspace.
        dataset_id: The dataset whose rows the columns come from; their index holds row ids.
        progress: Told the share of the missing pictures that is decoded, again and again while another run decodes
            them; may raise to break off.
    """

    home: Home
    dataset_id: str
    progress: Progress = lambda share: None

    def __call__(self, values: pd.Series, size: int) -> Stored:
        """Pixels of these rows; `values` holds the SHA-256 of each picture, its index the row ids.

        Where a picture is missing, its place in the file stays as it was made: black.
        """
        column = str(values.name)
        row_ids = read_frame(self.home, self.dataset_id, columns=[column]).index
        positions = row_ids.get_indexer(values.index)
        assert (positions >= 0).all(), "rows of another dataset"
        folder = pixels_folder(self.home, self.dataset_id)
        folder.mkdir(parents=True, exist_ok=True)
        # A column may be called anything; a file may not.
        stem = folder / f"{hashlib.sha256(column.encode()).hexdigest()[:16]}-{size}"
        is_there = values.notna().to_numpy()
        pixels = self._fill(stem, len(row_ids), positions[is_there], values[is_there], size)
        return Stored(torch.from_numpy(pixels), torch.from_numpy(positions), stem.with_suffix(PIXELS))

    def _fill(self, stem: Path, num_rows: int, positions: np.ndarray, values: pd.Series, size: int) -> np.ndarray:
        """The mapped file, with these rows decoded."""
        pixels = _mapped(stem.with_suffix(PIXELS), (num_rows, 3, size, size))
        done = _mapped(stem.with_suffix(".done"), (num_rows,))
        if not done[positions].all():
            with self._locked(stem.with_suffix(".lock")):
                is_missing = done[positions] == 0
                files = [self.home.media_file(sha256) for sha256 in values[is_missing]]
                self._decode(files, positions[is_missing], pixels, done, size)
        return pixels

    def _locked(self, path: Path) -> FileLock:
        """The lock, taken."""
        lock, deadline = FileLock(path), time.monotonic() + LOCK_TIMEOUT_S
        while not lock.acquire(LOOK_EVERY_S):
            self.progress(0.0)
            if time.monotonic() > deadline:
                raise RunError("pictures_locked", folder=str(path.parent))
        return lock

    def _decode(
        self, files: list[Path], positions: np.ndarray, pixels: np.memmap, done: np.memmap, size: int
    ) -> None:
        for start in range(0, len(files), FLUSH_EVERY):
            chunk = slice(start, start + FLUSH_EVERY)
            for position, picture in zip(positions[chunk], decode(files[chunk], size), strict=True):
                pixels[position] = picture
            # Pixels first: what is marked as done must be there after a crash.
            pixels.flush()
            done[positions[chunk]] = 1
            done.flush()
            self.progress(min(1.0, (start + FLUSH_EVERY) / len(files)))


def _mapped(path: Path, shape: tuple[int, ...]) -> np.memmap:
    """A file of uint8 zeros, made where it is missing, mapped for reading and writing."""
    size_bytes = int(np.prod(shape))
    with path.open("ab") as file:
        if file.tell() != size_bytes:
            file.truncate(size_bytes)
    return np.memmap(path, dtype=np.uint8, mode="r+", shape=shape)
