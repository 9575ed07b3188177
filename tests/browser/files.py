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


def texts(path: Path, *, num_rows: int = 400) -> Path:
    """Reviews with an English title and a Chinese text, and whether they are content; some lack one of the two."""
    random = np.random.default_rng(0)
    titles = {"满意": ["lovely", "great", "charming"], "不满意": ["awful", "poor", "broken"]}
    bodies = {"满意": ["很好", "喜欢", "满足"], "不满意": ["很差", "糟糕", "失望"]}
    things, names = ["thing", "book", "lamp", "teapot"], ["茶壶", "书", "台灯", "衣服"]
    lines = ["title,正文,mood"]
    for number in range(num_rows):
        mood = str(random.choice(["满意", "不满意"]))
        thing = int(random.integers(4))
        title = f"A {random.choice(titles[mood])} {things[thing]} indeed, number {number}"
        body = f"第{number}次买{names[thing]}，{random.choice(bodies[mood])}。"
        cells = ["" if random.random() < 0.1 else title, "" if random.random() < 0.1 else body]
        lines.append(",".join([f'"{cell}"' if cell else "" for cell in cells] + [mood]))
    path.write_text("\n".join(lines), encoding="gb18030")
    return path
