"""A table with a picture and a text per row, made so that no kind of input suffices to know the answer."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

WORDS = "grey cloud over the hill while two birds sat on a wire and waited for rain near our old barn"
ANSWERS = np.array(["calm", "hum", "flash", "roar"])


def mixed(num_rows: int = 400, *, size: int = 16, seed: int = 0) -> tuple[pd.DataFrame, list[Image.Image]]:
    """Rows and their pictures: `answer` says whether the light is at the top exactly where the charge is positive, and
    exactly where the note says 'storm'. One kind alone leaves all four answers open, and two kinds leave two.

    Beside them stand a category and a date that say nothing; the category has gaps.
    """
    generator = np.random.default_rng(seed)
    is_top, is_positive, is_storm = generator.integers(0, 2, (3, num_rows))
    charge = (2 * is_positive - 1) * generator.uniform(0.5, 3, num_rows)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(generator.integers(0, 700, num_rows), unit="D")
    frame = pd.DataFrame(
        {
            "photo": [f"photos/{row:04d}.png" for row in range(num_rows)],
            "charge": charge.round(3),
            "colour": generator.choice(["red", "blue", ""], num_rows, p=[0.5, 0.45, 0.05]),
            "day": days.strftime("%Y-%m-%d"),
            "note": [_note(generator, bool(storm)) for storm in is_storm],
            "answer": ANSWERS[2 * (is_top ^ is_positive) + (is_top ^ is_storm)],
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


def _note(generator: np.random.Generator, is_storm: bool) -> str:
    """A few words in any order; one of them matters."""
    words = list(generator.choice(WORDS.split(), generator.integers(5, 9), replace=False))
    words[generator.integers(len(words))] = "storm" if is_storm else "breeze"
    return " ".join(words)


def _picture(generator: np.random.Generator, is_top: bool, size: int) -> Image.Image:
    """Noise, brighter in one half."""
    pixels = generator.integers(0, 90, (size, size, 3))
    pixels[slice(0, size // 2) if is_top else slice(size // 2, size)] += 130
    return Image.fromarray(pixels.astype(np.uint8))
