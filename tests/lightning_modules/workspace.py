"""A workspace with small datasets and runs in it, as ingestion and submission would leave them."""

import hashlib
import os
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from leyden.datasets.profile import ROW_ID, Column, ColumnKind, ImageSummary, Profile, ValueCount
from leyden.datasets.read import load_profile
from leyden.datasets.splits import make_split
from leyden.home import Home
from leyden.jobs.context import JobContext
from leyden.messages.render import Message
from leyden.spec.check import require
from leyden.spec.defaults import default_spec
from leyden.spec.fields import set_dotted
from leyden.store.records import Run
from leyden.store.store import Store
from lightning_modules.catalog import catalogue
from tests.leyden.factories import CPU

OWNER = "test"
SIZES = ImageSummary(min_width=24, max_width=24, min_height=24, max_height=24, modes={"RGB": 1})


def flowers(num_rows: int = 120, seed: int = 0) -> pd.DataFrame:
    """Three kinds of flower that two numbers and a colour tell apart, with some gaps."""
    generator = np.random.default_rng(seed)
    kind = generator.integers(0, 3, num_rows)
    length = kind * 2.0 + generator.normal(0, 0.4, num_rows)
    length[::17] = np.nan
    colour = np.array(["red", "blue", "white"])[(kind + (generator.random(num_rows) < 0.2)) % 3].astype(object)
    colour[::23] = None
    return pd.DataFrame(
        {
            "length": length,
            "width": generator.normal(0, 1, num_rows) - kind,
            "colour": colour,
            "kind": np.array(["iris", "rose", "tulip"])[kind],
        }
    )


def prices(num_rows: int = 120, seed: int = 0) -> pd.DataFrame:
    """Prices in the hundred thousands that follow from two numbers."""
    generator = np.random.default_rng(seed)
    area, age = generator.uniform(20, 200, num_rows), generator.uniform(0, 80, num_rows)
    price = 50_000 + 3000 * area - 1000 * age + generator.normal(0, 5000, num_rows)
    return pd.DataFrame({"area": area, "age": age, "price": price})


def reviews(num_rows: int = 200, seed: int = 0) -> pd.DataFrame:
    """An English and a Chinese column: the mood is up when both are good or both are bad."""
    generator = np.random.default_rng(seed)
    titles = {True: ["A good day", "All is good here"], False: ["A bad day", "This is bad, really"]}
    bodies = {True: ["今天很好", "好得很，真的"], False: ["今天很坏", "坏得很，真的"]}
    moods = generator.integers(0, 2, (num_rows, 2)).astype(bool)
    picks = generator.integers(0, 2, (num_rows, 2))
    return pd.DataFrame(
        {
            "title": [titles[mood][pick] for mood, pick in zip(moods[:, 0].tolist(), picks[:, 0], strict=True)],
            "正文": [bodies[mood][pick] for mood, pick in zip(moods[:, 1].tolist(), picks[:, 1], strict=True)],
            "mood": np.where(moods[:, 0] == moods[:, 1], "up", "down"),
        }
    )


def add_table(home: Home, store: Store, frame: pd.DataFrame, dataset_id: str = "d1", **kinds: ColumnKind) -> str:
    """A frame as a dataset; kinds follow from the columns' types unless given."""
    folder = home.dataset(dataset_id)
    folder.mkdir(parents=True)
    frame.assign(**{ROW_ID: np.arange(len(frame))}).to_parquet(folder / "table.parquet", index=False)
    columns = tuple(_column(frame[name], kinds.get(str(name))) for name in frame.columns)
    is_images = any(column.kind == "image" for column in columns)
    profile = Profile(
        layout="image_folder" if is_images else "table",
        num_rows=len(frame),
        columns=columns,
        source_name="made.csv",
        source_bytes=1,
    )
    (folder / "profile.json").write_text(profile.model_dump_json())
    store.datasets.add(dataset_id, name="made", profile=profile, size_bytes=1)
    return dataset_id


def _column(values: pd.Series, kind: ColumnKind | None) -> Column:
    is_number = pd.api.types.is_numeric_dtype(values)
    is_date = pd.api.types.is_datetime64_any_dtype(values)
    counts = values.value_counts().head(50)
    return Column(
        name=str(values.name),
        kind=kind or ("number" if is_number else "datetime" if is_date else "category"),
        reason=Message(code="made"),
        storage="float" if is_number else "datetime" if is_date else "string",
        num_missing=int(values.isna().sum()),
        num_distinct=values.nunique(),
        values=tuple(ValueCount(value=str(value), count=int(count)) for value, count in counts.items()),
        images=SIZES if kind == "image" else None,
        examples=tuple(map(str, values.dropna().unique()[:3])) if kind == "text" else (),
    )


def submit(home: Home, store: Store, target: str, changes: Mapping[str, Any] | None = None, **options: Any) -> Run:
    """A queued run on dataset d1 with the default spec and `changes` by dotted name."""
    dataset = options.get("dataset", "d1")
    profile, cards = load_profile(home, dataset), catalogue()
    spec = set_dotted(default_spec(dataset, profile, cards, target=target), dict(changes or {}), cards)
    spec = require(spec, profile.with_kinds(spec.data.inputs), cards)
    has_test = spec.data.test_dataset is not None
    is_number = "number" in cards.tasks[spec.task.name].target_kinds
    split = make_split(home, profile, dataset, target, spec.split, is_number=is_number, has_separate_test=has_test)
    return store.runs.submit(spec, split_hash=split.hash)


def claim(home: Home, store: Store, lane: str = "device") -> JobContext:
    """The next queued job, as a child process would hold it."""
    job = store.queue.claim_next(lane, "supervisor", **CPU)
    assert job is not None
    return JobContext(home, store, store.jobs.adopt(job.id, "supervisor", OWNER, os.getpid()), OWNER)


def request_stop(context: JobContext) -> None:
    """What the heartbeat does when it reads a stop request."""
    context._stop.set()


def picture(number: int, size: tuple[int, int] = (24, 24)) -> Image.Image:
    """A noisy picture, bright at the top for even numbers and at the bottom for odd ones."""
    width, height = size
    generator = np.random.default_rng(number)
    pixels = generator.integers(0, 80, (height, width, 3))
    half = slice(0, height // 2) if number % 2 == 0 else slice(height // 2, height)
    pixels[half] += 150
    return Image.fromarray(pixels.astype(np.uint8))


def add_pictures(home: Home, store: Store, count: int, dataset_id: str = "d1") -> pd.DataFrame:
    """A dataset of `count` pictures in two classes, with its media; returns its rows by row id."""
    shas = []
    for number in range(count):
        buffer = BytesIO()
        picture(number).save(buffer, format="PNG")
        shas.append(hashlib.sha256(buffer.getvalue()).hexdigest())
        path = home.media_file(shas[-1])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(buffer.getvalue())
    frame = pd.DataFrame(
        {
            "image": shas,
            "label": ["top" if number % 2 == 0 else "bottom" for number in range(count)],
            "file": [f"{number}.png" for number in range(count)],
        }
    )
    add_table(home, store, frame, dataset_id, image="image", file="ignored")
    return frame
