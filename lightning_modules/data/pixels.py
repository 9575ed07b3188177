"""Pictures as pixels: the same way for training, report and prediction."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from PIL import Image

from leyden.datasets.image import open_rgb
from leyden.errors import DataError
from lightning_modules.data.stored import Stored

Source = str | Path | bytes | Image.Image


def to_pixels(source: Source, size: int) -> np.ndarray:
    """A picture as (3, size, size) uint8 RGB.

    The whole picture is resized to the square, not cropped: what lies at the border may be what matters. An
    elongated picture is squeezed, in training as in prediction.

    Raises:
        DataError: It cannot be read.
    """
    picture = open_rgb(_openable(source)).resize((size, size), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.asarray(picture, dtype=np.uint8).transpose(2, 0, 1)


def decode(sources: Iterable[Source], size: int) -> Iterator[np.ndarray]:
    """Pixels of many pictures, in order; as many threads as processors decode them."""
    # Pillow lets go of the interpreter lock while it decodes and resizes.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        yield from threads.map(lambda source: to_pixels(source, size), sources)


def decode_column(values: pd.Series, size: int) -> Stored:
    """A column of paths, bytes or PIL images as pixels in memory; black where a value is missing."""
    pixels = np.zeros((len(values), 3, size, size), dtype=np.uint8)
    is_there = values.notna().to_numpy()
    for index, picture in zip(is_there.nonzero()[0], decode(values[is_there], size), strict=True):
        pixels[index] = picture
    return Stored(torch.from_numpy(pixels))


def _openable(source: Source) -> Path | bytes:
    if isinstance(source, Image.Image):
        # Through a lossless file: opening then treats its mode and orientation as any other's.
        buffer = BytesIO()
        source.save(buffer, format="PNG" if source.mode not in ("CMYK", "YCbCr", "HSV", "LAB", "F") else "TIFF")
        return buffer.getvalue()
    if isinstance(source, (str, Path)):
        return Path(source)
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    raise DataError("image_not_given", found=type(source).__name__)
