"""How long the list of runs takes when there are thousands, beside MLflow's `search_runs` on the same content.

    python -m benchmarks.explore [number of runs, 10000 by default]

Makes a workspace with finished runs (settings, four curves of thirty epochs, a validation report, some tags) and
measures on the server: the query of one page of the list, and the whole Runs page under Streamlit's own test
runner, that is the script with its queries, its hundred lines and their sparklines, without browser and network.

MLflow is measured in the same process when it can be imported: the same runs with the same settings as parameters
and the same curves, in a SQLite database of its own, a page of a hundred by `MlflowClient.search_runs`. It is none
of Leyden's requirements; `pip install mlflow-skinny` in a copy of this environment brings it. Filling the
databases is not measured: MLflow's is filled in bulk, Leyden's as its runs fill it, which takes about two minutes
for 10,000. Each figure is the median of five.
"""

import argparse
import importlib.util
import json
import math
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from leyden.datasets.profile import Column, Profile
from leyden.home import Home
from leyden.messages.render import Message
from leyden.spec.fields import flat
from leyden.spec.model import Choice, Data, Spec
from leyden.store.records import Point
from leyden.store.store import Store, open_store

GOAL_S = 1.0
NUM_EPOCHS = 30
PER_PAGE = 100
REPEATS = 5
TELL_EVERY = 500
NUM_DATASETS, NUM_TAGS, NUM_INPUTS = 8, 7, 12
NUM_CURVES = 4
FIGURES = ("val/accuracy", "val/f1_macro")
START = 1.7e9
OWNER = "benchmark"

PROFILE = Profile(
    layout="table",
    num_rows=5000,
    columns=tuple(
        Column(
            name=f"column_{place}",
            kind="number",
            reason=Message(code="kind_number", params={"distinct": 5000}),
            storage="float",
            num_missing=0,
            num_distinct=5000,
        )
        for place in range(NUM_INPUTS)
    ),
    source_name="measurements.csv",
    source_bytes=10**6,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("num_runs", nargs="?", type=int, default=10_000, metavar="RUNS", help="10000 by default")
    num_runs = parser.parse_args().num_runs
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "leyden").create()
        store = open_store(home)
        made = list(made_runs(num_runs))
        fill(store, made)
        tell("Measuring")
        leyden = {name: median_s(work) for name, work in leyden_queries(store).items()}
        page = median_s(page_draw(home))
        mlflow = mlflow_times(Path(folder) / "mlflow.db", made)
        store.close()
    print(f"{num_runs:,} runs with {NUM_CURVES * NUM_EPOCHS} points each; seconds, median of {REPEATS}\n")
    print(f"{'a page of ' + str(PER_PAGE) + ' runs':34} {'Leyden':>10} {'MLflow':>10}")
    for name, seconds in leyden.items():
        theirs = f"{mlflow[name]:10.3f}" if name in mlflow else f"{'-':>10}"
        print(f"{name:34} {seconds:10.3f} {theirs}")
    print(f"\n{'the whole Runs page':34} {page:10.3f}   (goal: {GOAL_S:.0f} s)")
    if not mlflow:
        print("\nMLflow is not installed here: its column comes with `pip install mlflow-skinny`.")


def made_runs(num_runs: int) -> Iterator[dict[str, Any]]:
    """Settings, curves and figures of runs as a person who searches would have them."""
    chance = random.Random(0)
    for number in range(1, num_runs + 1):
        lr = 10 ** chance.uniform(-4, -1)
        spec = Spec(
            data=Data(
                dataset=f"d{chance.randrange(NUM_DATASETS)}",
                target="species",
                inputs={f"column_{place}": "number" for place in range(NUM_INPUTS)},
            ),
            task=Choice(name="classification"),
            loss=Choice(name="cross_entropy"),
            architecture={
                "tabular": Choice(
                    name=chance.choice(["mlp", "resnet", "linear"]),
                    options={"width": chance.choice([32, 64, 128, 256]), "layers": chance.randint(1, 6)},
                )
            },
            seed=number % 3,
        )
        spec = spec.model_copy(update={"optimisation": spec.optimisation.model_copy(update={"lr": lr})})
        losses = [math.exp(-epoch * lr * 10) + chance.gauss(0, 0.01) for epoch in range(NUM_EPOCHS)]
        points = [
            point
            for epoch, loss in enumerate(losses, start=1)
            for point in points_of(loss, epoch, START + 60 * number + epoch)
        ]
        yield {"number": number, "name": f"search {number}", "spec": spec, "points": points}


def points_of(loss: float, epoch: int, moment: float) -> list[Point]:
    """What is logged in an epoch."""
    values = {
        "train/loss": loss,
        "val/loss": loss + 0.05,
        "val/accuracy": 1 - loss / 2,
        "val/f1_macro": 0.98 - loss / 2,
    }
    return [
        Point(name=name, step=50 * epoch, epoch=epoch, value=value, time=moment) for name, value in values.items()
    ]


def fill(store: Store, made: list[dict[str, Any]]) -> None:
    """Writes the runs through the store's own methods, in the order in which a run that is trained calls them."""
    for place in range(NUM_DATASETS):
        store.datasets.add(f"d{place}", name=f"measurements {place}", profile=PROFILE, size_bytes=10**6)
    ids = []
    for run in made:
        ids.append(add_run(store, run))
        if len(ids) % TELL_EVERY == 0 or len(ids) == len(made):
            tell(f"{len(ids):,} of {len(made):,} runs written")
    for place in range(NUM_TAGS):
        store.runs.add_tags(ids[::10][place::NUM_TAGS], [f"idea {place}"])


def tell(text: str) -> None:
    """Says on stderr how far it is: stdout has the figures alone."""
    print(text, file=sys.stderr, flush=True)


def add_run(store: Store, made: dict[str, Any]) -> str:
    """What a run leaves in the store that has ended; returns its id."""
    run = store.runs.submit(made["spec"], split_hash="s1", name=made["name"])
    job = store.queue.claim_next("device", OWNER, free=("cpu",), free_for_auto=("cpu",))
    assert job is not None and job.run_id == run.id
    store.runs.set_num_parameters(run.id, job.id, 20_000)
    store.metrics.write(run.id, job.id, made["points"])
    figures = {point.name.removeprefix("val/"): point.value for point in made["points"] if point.name in FIGURES}
    store.reports.put(run.id, "val", headline="f1_macro", figures=figures, num_rows=750)
    store.jobs.end(job.id, OWNER, "finished" if made["number"] % 20 else "failed")
    return run.id


def leyden_queries(store: Store) -> dict[str, Callable[[], object]]:
    """What is asked of the list, by what a person wants."""

    def ask(**question: Any) -> Callable[[], object]:
        def work() -> None:
            found = store.runs.list(limit=PER_PAGE, **question)
            assert len(found) == PER_PAGE, len(found)

        return work

    return {
        "newest first": ask(),
        "best F1 first": ask(sort="val/f1_macro"),
        "highest learning rate first": ask(sort="optimisation.lr"),
        "a word in the name": ask(search="7"),
    }


def page_draw(home: Home) -> Callable[[], object]:
    """Draws the Runs page once to import what it needs; what is returned draws it again."""
    from benchmarks.pages import shell

    os.environ["LEYDEN_HOME"] = str(home.root)
    app = shell().run()
    app.switch_page("../pages/runs.py").run()

    def draw() -> None:
        app.run()
        assert not app.exception
        [table] = app.get("bidi_component")
        assert len(json.loads(table.proto.json)["rows"]) == PER_PAGE

    return draw


def mlflow_times(database: Path, made: list[dict[str, Any]]) -> dict[str, float]:
    """Seconds of the same questions to MLflow; nothing where it cannot be imported."""
    if importlib.util.find_spec("mlflow") is None:
        return {}
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{database}")
    experiment = client.create_experiment("explore")
    fill_mlflow(client, experiment, made)

    def ask(order: str, filters: str = "") -> Callable[[], object]:
        def work() -> None:
            found = client.search_runs([experiment], filters, max_results=PER_PAGE, order_by=[order])
            assert len(found) == PER_PAGE, len(found)

        return work

    questions = {
        "newest first": ask("attributes.start_time DESC"),
        "best F1 first": ask("metrics.`val/f1_macro` DESC"),
        "highest learning rate first": ask("params.`optimisation.lr` DESC"),
        "a word in the name": ask("attributes.start_time DESC", "attributes.run_name LIKE '%7%'"),
    }
    return {name: median_s(work) for name, work in questions.items()}


def fill_mlflow(client: Any, experiment: str, made: list[dict[str, Any]]) -> None:
    """Writes the same runs into MLflow's own tables in bulk: its client takes a request for each."""
    from mlflow.store.tracking.dbmodels import models
    from sqlalchemy import insert

    store = client._tracking_client.store
    with store.engine.begin() as connection:
        for start in range(0, len(made), 500):
            part = made[start : start + 500]
            connection.execute(insert(models.SqlRun.__table__), [mlflow_run(run, experiment) for run in part])
            connection.execute(
                insert(models.SqlParam.__table__),
                [
                    {"run_uuid": id_of(run), "key": name, "value": str(value)}
                    for run in part
                    for name, value in flat(run["spec"]).items()
                ],
            )
            tags = [{"run_uuid": id_of(run), "key": "mlflow.runName", "value": run["name"]} for run in part]
            connection.execute(insert(models.SqlTag.__table__), tags)
            points = [mlflow_point(id_of(run), point) for run in part for point in run["points"]]
            connection.execute(insert(models.SqlMetric.__table__), points)
            latest = {(point["run_uuid"], point["key"]): point for point in points}
            connection.execute(insert(models.SqlLatestMetric.__table__), list(latest.values()))


def id_of(run: dict[str, Any]) -> str:
    """What MLflow calls it."""
    return f"r{run['number']:08x}"


def mlflow_run(run: dict[str, Any], experiment: str) -> dict[str, Any]:
    began = int(1000 * (START + 60 * run["number"]))
    return {
        "run_uuid": id_of(run),
        "name": run["name"],
        "experiment_id": int(experiment),
        "source_type": "LOCAL",
        "user_id": "",
        "status": "FINISHED",
        "start_time": began,
        "end_time": began + 49_000,
        "lifecycle_stage": "active",
        "artifact_uri": "",
    }


def mlflow_point(run_id: str, point: Point) -> dict[str, Any]:
    value = {"key": point.name, "value": point.value, "step": point.step, "is_nan": False}
    return {"run_uuid": run_id, "timestamp": int(1000 * point.time), **value}


def median_s(work: Callable[[], object]) -> float:
    """Median of the seconds that a piece of work takes, after one that is not counted."""
    work()
    times = []
    for _repeat in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main()
