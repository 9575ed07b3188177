"""How long the list of runs takes when there are thousands, beside MLflow's `search_runs` on the same content.

    python -m benchmarks.explore [number of runs, 10000 by default]

Makes a workspace with finished runs (settings, four curves of thirty epochs, a validation report, some tags) and
measures on the server: the query of one page of the list, and the whole Runs page under Streamlit's own test
runner, that is the script with its queries, its hundred lines and their sparklines, without browser and network.

MLflow is measured in the same process when it can be imported: the same runs with the same settings as parameters
and the same curves, in a SQLite database of its own, a page of a hundred by `MlflowClient.search_runs`. It is none
of Leyden's requirements; `pip install mlflow-skinny` in a copy of this environment brings it. Both databases are
filled in bulk, which is not measured. Each figure is the median of five.
"""

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

from sqlalchemy import insert

from leyden.home import PROJECT, Home
from leyden.spec.fields import flat
from leyden.spec.model import Choice, Data, Spec
from leyden.store.schema import datasets, jobs, metrics, reports, run_tags, runs
from leyden.store.store import Store, open_store

GOAL_S = 1.0
NUM_EPOCHS = 30
PER_PAGE = 100
REPEATS = 5
CURVES = ("train/loss", "val/loss", "val/accuracy", "val/f1_macro")
START = 1.7e9


def main() -> None:
    num_runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "leyden").create()
        store = open_store(home)
        made = list(made_runs(num_runs))
        fill(store, made)
        leyden = {name: median_s(work) for name, work in leyden_queries(store).items()}
        page = median_s(page_draw(home))
        mlflow = mlflow_times(Path(folder) / "mlflow.db", made)
        store.close()
    print(f"{num_runs:,} runs with {len(CURVES) * NUM_EPOCHS} points each; seconds, median of {REPEATS}\n")
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
                dataset=f"d{chance.randrange(8)}",
                target="species",
                inputs={f"column_{place}": "number" for place in range(12)},
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
        loss = [math.exp(-epoch * lr * 10) + chance.gauss(0, 0.01) for epoch in range(NUM_EPOCHS)]
        curves = {
            "train/loss": loss,
            "val/loss": [value + 0.05 for value in loss],
            "val/accuracy": [1 - value / 2 for value in loss],
            "val/f1_macro": [0.98 - value / 2 for value in loss],
        }
        yield {"id": f"r{number:08x}", "number": number, "spec": spec, "curves": curves}


def fill(store: Store, made: list[dict[str, Any]]) -> None:
    """Writes the runs with everything that a finished one leaves in the store."""
    names = [{"id": f"d{place}", "name": f"measurements {place}"} for place in range(8)]
    same = {"layout": "table", "num_rows": 5000, "num_columns": 13, "size_bytes": 10**6, "kinds": {}}
    with store.engine.begin() as connection:
        connection.execute(insert(datasets), [{**name, **same, "created_at": START} for name in names])
        for start in range(0, len(made), 500):
            part = made[start : start + 500]
            connection.execute(insert(runs), [run_row(run) for run in part])
            connection.execute(insert(jobs), [job_row(run) for run in part])
            connection.execute(insert(reports), [report_row(run) for run in part])
            connection.execute(insert(metrics), [point for run in part for point in points_of(run)])
            tagged = [{"run_id": run["id"], "tag": f"idea {run['number'] % 7}"} for run in part[::10]]
            connection.execute(insert(run_tags), tagged)


def run_row(run: dict[str, Any]) -> dict[str, Any]:
    spec: Spec = run["spec"]
    return {
        "id": run["id"],
        "number": run["number"],
        "name": f"search {run['number']}",
        "dataset_id": spec.data.dataset,
        "spec": spec.model_dump(mode="json"),
        "fingerprint": spec.fingerprint,
        "split_hash": "s1",
        "task": spec.task.name,
        "target": spec.data.target,
        "architecture": spec.architecture["tabular"].name,
        "num_parameters": 20_000,
        "job_id": run["number"],
        "created_at": START + 60 * run["number"],
    }


def job_row(run: dict[str, Any]) -> dict[str, Any]:
    began = START + 60 * run["number"]
    return {
        "id": run["number"],
        "kind": "train",
        "subject": run["id"],
        "run_id": run["id"],
        "lane": "device",
        "payload": {},
        "state": "finished" if run["number"] % 20 else "failed",
        "created_at": began,
        "started_at": began + 1,
        "ended_at": began + 50,
    }


def report_row(run: dict[str, Any]) -> dict[str, Any]:
    figures = {name.removeprefix("val/"): run["curves"][name][-1] for name in CURVES[2:]}
    rest = {"run_id": run["id"], "part": "val", "headline": "f1_macro", "num_rows": 750}
    return {**rest, "figures": figures, "created_at": START}


def points_of(run: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, values in run["curves"].items():
        for epoch, value in enumerate(values, start=1):
            moment = START + 60 * run["number"] + epoch
            place = {"step": 50 * epoch, "epoch": epoch, "time": moment}
            yield {"run_id": run["id"], "name": name, "value": value, **place}


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
    from streamlit.testing.v1 import AppTest

    os.environ["LEYDEN_HOME"] = str(home.root)
    app = AppTest.from_file(str(PROJECT / "ui" / "shell.py"), default_timeout=60).run()
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
    """Writes the same runs into MLflow's own tables, in bulk as well."""
    from mlflow.store.tracking.dbmodels import models

    store = client._tracking_client.store
    with store.engine.begin() as connection:
        for start in range(0, len(made), 500):
            part = made[start : start + 500]
            connection.execute(insert(models.SqlRun.__table__), [mlflow_run(run, experiment) for run in part])
            connection.execute(
                insert(models.SqlParam.__table__),
                [
                    {"run_uuid": run["id"], "key": name, "value": str(value)}
                    for run in part
                    for name, value in flat(run["spec"]).items()
                ],
            )
            names = [(run["id"], f"search {run['number']}") for run in part]
            tags = [{"run_uuid": run_id, "key": "mlflow.runName", "value": name} for run_id, name in names]
            connection.execute(insert(models.SqlTag.__table__), tags)
            points = [mlflow_point(point) for run in part for point in points_of(run)]
            connection.execute(insert(models.SqlMetric.__table__), points)
            latest = {(point["run_uuid"], point["key"]): point for point in points}
            connection.execute(insert(models.SqlLatestMetric.__table__), list(latest.values()))


def mlflow_run(run: dict[str, Any], experiment: str) -> dict[str, Any]:
    began = int(1000 * (START + 60 * run["number"]))
    return {
        "run_uuid": run["id"],
        "name": f"search {run['number']}",
        "experiment_id": int(experiment),
        "source_type": "LOCAL",
        "user_id": "",
        "status": "FINISHED",
        "start_time": began,
        "end_time": began + 49_000,
        "lifecycle_stage": "active",
        "artifact_uri": "",
    }


def mlflow_point(point: dict[str, Any]) -> dict[str, Any]:
    value = {"key": point["name"], "value": point["value"], "step": point["step"], "is_nan": False}
    return {"run_uuid": point["run_id"], "timestamp": int(1000 * point["time"]), **value}


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
