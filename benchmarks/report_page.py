"""How long the server works on a report of 100,000 rows, a look at a time: `python -m benchmarks.report_page`.

Everything is generated; no network is trained. A look is one run of the page's script, as after a click.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.pages import shell
from leyden.datasets.profile import ROW_ID, Column, Profile, ValueCount
from leyden.home import Home
from leyden.messages.render import Message
from leyden.reports.model import Report
from leyden.run_folder import predictions_file, report_file
from leyden.spec.model import Choice, Data, Spec
from leyden.store.records import Run
from leyden.store.store import open_store
from lightning_modules.tasks.classification.judge import judge

NUM_ROWS = 100_000
NUM_NUMBERS = 20
CLASSES = ("no", "yes")


def main() -> None:
    """Prints the milliseconds of the first look, and of looks that show something else."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as folder, _environment(LEYDEN_HOME=folder):
        run = _workspace(Home(Path(folder)).create())
        at = shell()
        at.run()
        at.query_params["run"], at.query_params["tab"] = run.id, "report"
        at.switch_page("../pages/run.py")
        for name, changes in {
            "first look": {},
            "again": {},
            "a cell of the confusion matrix": {"pick": "val.1.cell:0,1"},
            "rows near a threshold": {"pick": "val.3.near:1,0.4"},
            "another column": {"by": "number_7"},
            "another threshold": {"threshold": "0.7"},
        }.items():
            for key, value in changes.items():
                at.query_params[key] = value
            started = time.perf_counter()
            at.run()
            assert not at.exception, at.exception
            print(f"{name:32} {1000 * (time.perf_counter() - started):6.0f} ms")


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _workspace(home: Home) -> Run:
    """A dataset, and a finished run with report and predictions for all of its rows."""
    random = np.random.default_rng(0)
    numbers = {f"number_{place}": random.normal(size=NUM_ROWS) for place in range(NUM_NUMBERS)}
    regions = random.choice([f"region {place}" for place in range(40)], NUM_ROWS)
    is_yes = numbers["number_0"] + random.normal(size=NUM_ROWS) > 0.5
    target = np.array(CLASSES, dtype=object)[is_yes.astype(int)]
    frame = pd.DataFrame({ROW_ID: np.arange(NUM_ROWS), **numbers, "region": regions, "bought": target})
    folder = home.dataset("d1")
    folder.mkdir(parents=True)
    frame.to_parquet(folder / "table.parquet", index=False)
    profile = _profile(frame.drop(columns=ROW_ID))
    (folder / "profile.json").write_text(profile.model_dump_json())
    store = open_store(home)
    store.datasets.add("d1", name="shop", profile=profile, size_bytes=1)
    run = store.runs.submit(_spec([*numbers], "region"), split_hash="s1")
    job = store.queue.claim_next("device", "benchmark", free=("cpu",), free_for_auto=("cpu",))
    assert job is not None
    _write_report(home, run, frame, 1 / (1 + np.exp(-2 * numbers["number_0"])))
    store.reports.put(run.id, "val", headline="accuracy", figures={"accuracy": 0.8}, num_rows=NUM_ROWS)
    store.jobs.end(job.id, "benchmark", "finished")
    store.close()
    return run


def _write_report(home: Home, run: Run, frame: pd.DataFrame, probability: np.ndarray) -> None:
    outputs = np.stack([1 - probability, probability], axis=1).astype(np.float32)
    judgement = judge(outputs, frame["bought"], CLASSES, (60, 40))
    answers = np.array(CLASSES, dtype=object)[outputs.argmax(axis=1)]
    columns = {f"p_{name}": outputs[:, place] for place, name in enumerate(CLASSES)}
    predictions = pd.DataFrame({"bought": frame["bought"], "prediction": answers, **columns})
    predictions.index = pd.Index(frame[ROW_ID].to_numpy(), name="row_id")
    home.run(run.id).mkdir(parents=True)
    predictions.to_parquet(home.run(run.id) / predictions_file("val"))
    report = Report(
        run=run.id,
        part="val",
        checkpoint="best",
        epoch=1,
        step=1,
        num_rows=NUM_ROWS,
        task="classification",
        target="bought",
        classes=CLASSES,
        figures=judgement.figures,
        sections=judgement.sections,
    )
    (home.run(run.id) / report_file("val")).write_text(report.model_dump_json())


def _profile(frame: pd.DataFrame) -> Profile:
    columns = tuple(
        Column(
            name=str(name),
            kind="number" if frame[name].dtype == float else "category",
            reason=Message(code="kind_number"),
            storage="float" if frame[name].dtype == float else "string",
            num_missing=0,
            num_distinct=frame[name].nunique(),
            values=()
            if frame[name].dtype == float
            else tuple(ValueCount(value=str(v), count=int(n)) for v, n in frame[name].value_counts().items()),
        )
        for name in frame
    )
    return Profile(
        layout="table", num_rows=len(frame), columns=columns, source_name="shop.csv", source_bytes=1,
        suggested_target="bought",
    )  # fmt: skip


def _spec(numbers: list[str], category: str) -> Spec:
    return Spec(
        data=Data(
            dataset="d1", target="bought", inputs={**dict.fromkeys(numbers, "number"), category: "category"}
        ),
        task=Choice(name="classification"),
        loss=Choice(name="cross_entropy"),
        architecture={"tabular": Choice(name="mlp")},
    )


if __name__ == "__main__":
    main()
