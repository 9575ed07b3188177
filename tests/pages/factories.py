"""Datasets, runs and imports for the pages' tests, written through the store and the profile's contract."""

import io
import json
import math
import time
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import pandas as pd
from PIL import Image

from leyden.datasets.profile import (
    ROW_ID,
    Column,
    ColumnKind,
    DateSummary,
    Histogram,
    ImageSummary,
    NumberSummary,
    Problem,
    Profile,
    ReadOptions,
    ValueCount,
)
from leyden.home import Home
from leyden.messages.render import Message
from leyden.spec.model import Choice, Data, Spec
from leyden.store.records import Dataset, Job, Point, Run, State, StoredBaseline
from leyden.store.store import Store
from tests.leyden.factories import CPU

REASON = Message(code="unexpected_error", params={"kind": "Kind", "detail": "most values look like this"})


def number_column(name: str, values: Sequence[float], *, kind: ColumnKind = "number", missing: int = 0) -> Column:
    counts, edges = np.histogram(values, bins=20)
    return Column(
        name=name,
        kind=kind,
        reason=REASON,
        storage="float",
        num_missing=missing,
        num_distinct=len(set(values)),
        examples=tuple(f"{value:.4g}" for value in values[:4]),
        numbers=NumberSummary(
            minimum=float(np.min(values)),
            maximum=float(np.max(values)),
            mean=float(np.mean(values)),
            std=float(np.std(values)),
            median=float(np.median(values)),
            histogram=Histogram(edges=tuple(map(float, edges)), counts=tuple(map(int, counts))),
        ),
    )


def category_column(name: str, values: Sequence[str], *, missing: int = 0) -> Column:
    counts = pd.Series(list(values)).value_counts()
    return Column(
        name=name,
        kind="category",
        reason=REASON,
        storage="string",
        num_missing=missing,
        num_distinct=len(counts),
        examples=tuple(counts.index[:4]),
        values=tuple(ValueCount(value=str(value), count=int(n)) for value, n in counts.head(50).items()),
    )


def add_table(
    home: Home,
    store: Store,
    dataset_id: str = "d1",
    name: str = "penguins",
    *,
    species: Sequence[str] = ("Adelie", "Gentoo", "Chinstrap"),
    num_extra: int = 0,
    kinds: dict[str, ColumnKind] | None = None,
) -> Dataset:
    """A table with two numbers, a date, a category with gaps and a category to predict."""
    random = np.random.default_rng(0)
    num_rows = 344
    frame = pd.DataFrame(
        {
            "bill_length_mm": random.normal(44, 5, num_rows).round(1),
            "body_mass_g": random.normal(4200, 800, num_rows).round(-1),
            "seen": pd.date_range("2024-01-01", periods=num_rows).astype(str),
            "sex": random.choice(["male", "female"], num_rows),
            "species": random.choice(list(species), num_rows, p=_shares(len(species))),
            **{f"feature_{i}": random.normal(0, 1, num_rows) for i in range(num_extra)},
        }
    )
    columns = (
        number_column("bill_length_mm", list(frame["bill_length_mm"]), missing=2),
        number_column("body_mass_g", list(frame["body_mass_g"])),
        Column(
            name="seen",
            kind="datetime",
            reason=REASON,
            storage="datetime",
            num_missing=0,
            num_distinct=num_rows,
            examples=tuple(frame["seen"][:3]),
            dates=DateSummary(
                earliest="2024-01-01T00:00:00",
                latest="2024-12-09T00:00:00",
                histogram=Histogram(edges=tuple(map(float, range(13))), counts=(29,) * 12),
            ),
        ),
        category_column("sex", list(frame["sex"]), missing=11),
        category_column("species", list(frame["species"])),
        *(number_column(f"feature_{i}", list(frame[f"feature_{i}"])) for i in range(num_extra)),
    )
    profile = Profile(
        layout="table",
        num_rows=num_rows,
        columns=columns,
        problems=(
            Problem(
                message=Message(
                    code="unexpected_error", params={"kind": "sex", "detail": "11 of 344 rows have none"}
                ),
                severity="warning",
                column="sex",
                examples=("row 4", "row 9"),
            ),
        ),
        read=ReadOptions(encoding="utf-8", delimiter=",", has_header=True, decimal=".", missing_values=("", "NA")),
        source_name="penguins.csv",
        source_bytes=15_241,
        suggested_target="species",
    )
    return _write(home, store, dataset_id, name, profile, frame, kinds)


def add_pictures(
    home: Home, store: Store, dataset_id: str = "d2", name: str = "signs", classes: Sequence[str] = ("one", "two")
) -> Dataset:
    """A folder of class folders with ten small pictures each."""
    rows = []
    for number, label in enumerate(classes):
        for index in range(10):
            hue = int(255 * (number * 10 + index) / (10 * len(classes)))
            buffer = io.BytesIO()
            Image.new("HSV", (48, 40), (hue, 150, 200)).convert("RGB").save(buffer, "PNG")
            digest = sha256(buffer.getvalue()).hexdigest()
            file = home.media_file(digest)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(buffer.getvalue())
            rows.append({"image": digest, "label": label, "file": f"{label}/{index}.png"})
    frame = pd.DataFrame(rows)
    image = Column(
        name="image",
        kind="image",
        reason=REASON,
        storage="string",
        num_missing=0,
        num_distinct=len(frame),
        images=ImageSummary(min_width=48, max_width=48, min_height=40, max_height=40, modes={"RGB": len(frame)}),
    )
    file_column = category_column("file", list(frame["file"])).model_copy(update={"kind": "ignored"})
    profile = Profile(
        layout="image_folder",
        num_rows=len(frame),
        columns=(image, category_column("label", list(frame["label"])), file_column),
        source_name=f"{name}.zip",
        source_bytes=70_000,
        suggested_target="label",
    )
    return _write(home, store, dataset_id, name, profile, frame, None)


def add_run(store: Store, dataset_id: str = "d1", *, name: str | None = None, target: str = "species") -> Run:
    """A queued run."""
    spec = Spec(
        data=Data(dataset=dataset_id, target=target, inputs={"bill_length_mm": "number", "body_mass_g": "number"}),
        task=Choice(name="classification"),
        loss=Choice(name="cross_entropy"),
        architecture={"tabular": Choice(name="mlp")},
    )
    return store.runs.submit(spec, split_hash="s1", name=name)


def start(store: Store, lane: str = "device") -> Job:
    """Claims the next job of a lane, as a supervisor would."""
    job = store.queue.claim_next(lane, "tests", **CPU)
    assert job is not None
    return job


def train(store: Store, run: Run, *, num_epochs: int = 10, total_epochs: int = 50) -> Job:
    """Starts a queued run and writes the metrics of its first epochs."""
    job = start(store)
    assert job.run_id == run.id
    points = []
    for epoch in range(1, num_epochs + 1):
        step, moment = 5 * epoch, time.time()
        loss = math.exp(-epoch / 10)
        for metric, value in (
            ("train/loss", loss),
            ("val/loss", loss + 0.05),
            ("val/accuracy", 1 - loss / 2),
            ("val/f1_macro", 0.98 - loss / 2),
        ):
            points.append(Point(name=metric, step=step, epoch=epoch, value=value, time=moment))
    store.metrics.write(run.id, job.id, points)
    doing = Message(
        code="unexpected_error", params={"kind": f"Epoch {num_epochs} of {total_epochs}", "detail": "…"}
    )
    store.jobs.beat(job.id, "tests", num_epochs / total_epochs, doing)
    return job


def finish(store: Store, run: Run, state: State = "finished", *, reason: Message | None = None) -> None:
    """Trains and ends a run, with a validation report where it finished."""
    job = train(store, run)
    if state == "finished":
        figures = {"f1_macro": 0.9712, "accuracy": 0.9808}
        store.reports.put(run.id, "val", headline="f1_macro", figures=figures, num_rows=52)
    store.jobs.end(job.id, "tests", state, reason=reason)


def baseline(run: Run, name: str, accuracy: float) -> StoredBaseline:
    """A baseline of a run's validation rows."""
    return StoredBaseline(
        key=run.question,
        part="val",
        name=name,
        headline="accuracy",
        figures={"accuracy": accuracy},
        num_rows=240,
        of_rows=240,
        duration_s=0.2,
    )


def add_import(store: Store, name: str = "birds.csv") -> Job:
    """A queued import."""
    payload = {"path": f"/nowhere/{name}", "name": name.rsplit(".", 1)[0], "options": {}, "kinds": {}}
    return store.jobs.add("ingest", lane="light", subject=name, payload=payload)


def _write(
    home: Home,
    store: Store,
    dataset_id: str,
    name: str,
    profile: Profile,
    frame: pd.DataFrame,
    kinds: dict[str, ColumnKind] | None,
) -> Dataset:
    folder = home.dataset(dataset_id)
    folder.mkdir(parents=True)
    (folder / "profile.json").write_text(json.dumps(profile.model_dump(mode="json"), ensure_ascii=False))
    frame.assign(**{ROW_ID: np.arange(len(frame))}).to_parquet(folder / "table.parquet", index=False)
    if profile.layout == "table":
        (folder / "source").mkdir()
        frame.to_csv(folder / "source" / profile.source_name, index=False)
    return store.datasets.add(dataset_id, name=name, profile=profile, size_bytes=48_000, kinds=kinds)


def _shares(num_classes: int) -> np.ndarray:
    weights = 1 / np.arange(1, num_classes + 1)
    return weights / weights.sum()
