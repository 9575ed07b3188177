import csv
import io
import re
import zipfile
from collections import Counter

import pytest
from PIL import Image

from leyden.datasets.ingest import ingest
from leyden.datasets.profile import ColumnKind
from leyden.datasets.samples import SAMPLES, Sample, samples
from leyden.home import Home

FREE_LICENCES = {"CC0-1.0", "MIT", "BSD-3-Clause"}
MAX_BYTES = 1_500_000
KINDS: dict[str, dict[str, ColumnKind]] = {
    "penguins": {
        "species": "category",
        "island": "category",
        "bill_length_mm": "number",
        "bill_depth_mm": "number",
        "flipper_length_mm": "number",
        "body_mass_g": "number",
        "sex": "category",
    },
    "diabetes": {
        "age": "number",
        "sex": "category",
        "bmi": "number",
        "blood_pressure": "number",
        "cholesterol": "number",
        "ldl": "number",
        "hdl": "number",
        "cholesterol_hdl_ratio": "number",
        "log_triglycerides": "number",
        "glucose": "number",
        "progression": "number",
    },
    "fashion": {"image": "image", "label": "category", "file": "ignored"},
    "mails": {"text": "text", "label": "category"},
    "song_ci": {"正文": "text", "作者": "category"},
}

each_sample = pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)


def named(name: str) -> Sample:
    return next(sample for sample in samples() if sample.name == name)


def rows_of(name: str) -> list[dict[str, str]]:
    with named(name).path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@each_sample
def test_a_sample_is_small_and_free(sample: Sample):
    assert 0 < sample.path.stat().st_size < MAX_BYTES
    assert sample.licence in FREE_LICENCES
    assert "package" in sample.source


@each_sample
def test_the_readme_names_source_and_licence(sample: Sample):
    lines = [
        line for line in (SAMPLES / "README.md").read_text("utf-8").splitlines() if f"`{sample.file}`" in line
    ]
    package = re.search(r"package (\S+)", sample.source)
    assert package
    assert any(sample.licence in line and package[1] in line for line in lines)


def test_every_file_is_listed_once():
    files = [sample.file for sample in samples()]
    documents = {"README.md", "manifest.json"}
    shipped = {path.name for path in SAMPLES.iterdir() if path.is_file() and path.suffix != ".py"}
    assert sorted(files) == sorted(shipped - documents)
    assert len({sample.name for sample in samples()}) == len(files)


@pytest.mark.parametrize("name", ["penguins", "diabetes", "mails", "song_ci"])
def test_a_table_parses_and_has_its_target(name: str):
    rows = rows_of(name)
    assert len(rows) == named(name).num_rows
    assert all(None not in row and None not in row.values() for row in rows), "a row is ragged"
    assert all(row[named(name).target] for row in rows)


def test_the_pictures_are_ten_folders_of_a_hundred():
    with zipfile.ZipFile(named("fashion").path) as archive:
        folders = Counter(name.split("/")[0] for name in archive.namelist())
        assert len(folders) == 10
        assert set(folders.values()) == {100}
        for name in archive.namelist():
            with Image.open(io.BytesIO(archive.read(name))) as image:
                image.load()
                assert (image.format, image.mode, image.size) == ("PNG", "L", (28, 28)), name
                assert image.getextrema() != (0, 0), f"{name} is black"


def test_mails_are_balanced_distinct_and_short():
    rows = rows_of("mails")
    assert Counter(row["label"] for row in rows) == {"ham": 500, "spam": 500}
    assert len({row["text"] for row in rows}) == len(rows)
    assert all(100 <= len(row["text"]) <= 1002 and "\n" not in row["text"] for row in rows)


@pytest.mark.parametrize(
    "private",
    [
        r"[\w.+-]+@[\w-]+\.\w+",
        r"https?:/",
        r"\bwww\.\w",
        r"(?<!\d)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}",
        r"Message-ID:",
    ],
)
def test_mails_give_nobody_away(private: str):
    assert [row["text"] for row in rows_of("mails") if re.search(private, row["text"], re.IGNORECASE)] == []


def test_lyrics_are_chinese_and_of_five_poets():
    rows = rows_of("song_ci")
    assert sorted(Counter(row["作者"] for row in rows).values()) == [200] * 5
    assert len({row["正文"] for row in rows}) == len(rows)
    assert all(re.fullmatch(r"[\u4e00-\u9fff，。、？！；：]{20,300}", row["正文"]) for row in rows)


@each_sample
def test_a_sample_becomes_a_dataset_without_settings(sample: Sample, tmp_path):
    profile = ingest(Home(tmp_path).create(), sample.path).profile
    assert profile.num_rows == sample.num_rows
    assert profile.suggested_target == sample.target
    assert KINDS[sample.name].items() <= profile.kinds.items()
    assert not [problem for problem in profile.problems if problem.severity == "error"]
