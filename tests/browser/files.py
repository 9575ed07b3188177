"""Files to upload, made by the tests: a table and a zip of class folders, both quick to learn."""

import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image


def table(path: Path, *, num_rows: int = 600) -> Path:
    """Flowers of three kinds, by four measurements with gaps, and a colour; names are in English and Chinese."""
    random = np.random.default_rng(0)
    kinds = ["rose", "tulip", "牡丹"]
    lines = ["petal length,petal width,leaf length,stem height,colour,kind"]
    for _ in range(num_rows):
        kind = int(random.integers(3))
        sizes = random.normal([2 + kind, 1 + 0.5 * kind, 5 - kind, 30 + 5 * kind], 0.45).round(2)
        cells = ["" if random.random() < 0.02 else str(size) for size in sizes]
        lines.append(",".join([*cells, random.choice(["red", "white"]), kinds[kind]]))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def images(path: Path, *, per_class: int = 40, size: int = 32) -> Path:
    """A zip of two class folders: bright discs on the left or on the right of a noisy ground; one file is broken."""
    random = np.random.default_rng(0)
    rows, columns = np.mgrid[0:size, 0:size]
    with zipfile.ZipFile(path, "w") as archive:
        for index, name in enumerate(["left disc", "右 right disc"]):
            for number in range(per_class):
                pixels = random.integers(0, 90, (size, size, 3))
                centre = size * (0.25 + 0.5 * index), size * random.uniform(0.3, 0.7)
                disc = (columns - centre[0]) ** 2 + (rows - centre[1]) ** 2 < (size / 6) ** 2
                pixels[disc] += 150
                file = io.BytesIO()
                Image.fromarray(pixels.astype("uint8")).save(file, "PNG")
                archive.writestr(f"discs/{name}/picture {number}.png", file.getvalue())
        archive.writestr("discs/left disc/broken.png", b"this is no picture")
    return path
