"""A table with a picture per row, made so that no kind of input alone knows more about the answer than a coin."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image


def mixed(num_rows: int = 400, *, size: int = 16, seed: int = 0) -> tuple[pd.DataFrame, list[Image.Image]]:
    """Rows and their pictures: `answer` says whether the charge is positive exactly where the light is at the top.

    Beside them stand a category and a date that say nothing, with gaps.
    """
    generator = np.random.default_rng(seed)
    is_top, is_positive = generator.integers(0, 2, num_rows), generator.integers(0, 2, num_rows)
    charge = (2 * is_positive - 1) * generator.uniform(0.5, 3, num_rows)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(generator.integers(0, 700, num_rows), unit="D")
    frame = pd.DataFrame(
        {
            "photo": [f"photos/{row:04d}.png" for row in range(num_rows)],
            "charge": charge.round(3),
            "colour": generator.choice(["red", "blue", ""], num_rows, p=[0.5, 0.45, 0.05]),
            "day": days.strftime("%Y-%m-%d"),
            "answer": np.where(is_top == is_positive, "same", "opposite"),
        }
    )
    return frame, [_picture(generator, bool(top), size) for top in is_top]


def write_mixed_zip(path: Path, num_rows: int = 400, **options: int) -> Path:
    """A zip with the table and its pictures, in a folder of their own."""
    frame, pictures = mixed(num_rows, **options)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sparks/table.csv", frame.to_csv(index=False))
        for name, picture in zip(frame["photo"], pictures, strict=True):
            file = io.BytesIO()
            picture.save(file, "PNG")
            archive.writestr(f"sparks/{name}", file.getvalue())
    return path


def _picture(generator: np.random.Generator, is_top: bool, size: int) -> Image.Image:
    """Noise, brighter in one half."""
    pixels = generator.integers(0, 90, (size, size, 3))
    pixels[slice(0, size // 2) if is_top else slice(size // 2, size)] += 130
    return Image.fromarray(pixels.astype(np.uint8))
