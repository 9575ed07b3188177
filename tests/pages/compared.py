"""Runs to compare, with reports and predictions, and what the page sends of them to its figures."""

import json

import numpy as np
import pandas as pd

from leyden.reports.model import Interval
from leyden.spec.fields import set_dotted
from lightning_modules.catalog import catalogue
from tests.leyden.reports.examples import example_report
from tests.pages import factories


def report(home, store, run, value):
    """A finished run with the report and the predictions that an evaluation leaves."""
    factories.finish(store, run)
    figures = {"f1_macro": value, "accuracy": value}
    store.reports.put(run.id, "val", headline="accuracy", figures=figures, num_rows=40)
    folder = home.run(run.id)
    folder.mkdir(parents=True)
    written = example_report(run.id, "val").model_copy(
        update={
            "figures": figures,
            "intervals": {"accuracy": Interval(low=value - 0.02, high=value + 0.02)},
            "task": "classification",
        }
    )
    (folder / "report-val.json").write_text(written.model_dump_json())
    random = np.random.default_rng(run.number)
    truth = np.array(["Adelie", "Gentoo"])[np.arange(40) % 2]
    said = np.where(random.random(40) < value, truth, "Chinstrap")
    frame = pd.DataFrame({"species": truth, "prediction": said, "p_Adelie": 0.5, "p_Gentoo": 0.6})
    frame.index.name = "row_id"
    frame.to_parquet(folder / "predictions-val.parquet")


def three_runs(home, store):
    """Three runs of one question, which differ in learning rate and width."""
    factories.add_table(home, store)
    runs = []
    for name, lr, value in (("slow", 0.001, 0.7), ("快 fast <b>", 0.01, 0.9), ("slow", 0.1, 0.89)):
        spec = set_dotted(factories.add_run(store).spec, {"optimisation.lr": lr}, catalogue())
        store.jobs.end(factories.start(store).id, "tests", "stopped")
        run = store.runs.submit(spec, split_hash="s1", name=name)
        report(home, store, run, value)
        runs.append(run)
    return runs


def ids(runs):
    return ",".join(run.id for run in runs)


def figures(at):
    return [json.loads(found.proto.json) for found in at.get("bidi_component")]
