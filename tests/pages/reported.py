"""A finished run with a report and predictions for some rows of its dataset, without any training."""

import numpy as np
import pandas as pd

from leyden.home import Home
from leyden.reports.model import Confusion
from leyden.store.records import Run
from leyden.store.store import Store
from tests.leyden.reports import judged
from tests.leyden.reports.examples import headline
from tests.pages import factories

NUM_ROWS = 60


def explored(home: Home, store: Store, dataset_id: str, run: Run | None = None) -> Run:
    """A run on a dataset of `factories`; every fifth row is answered with the next class, the others rightly."""
    run = run or factories.add_run(store, dataset_id)
    factories.finish(store, run)
    values = pd.read_parquet(home.dataset(dataset_id) / "table.parquet")[run.target]
    _report_on(home, run, tuple(sorted(values.unique())), values.iloc[:NUM_ROWS])
    return run


def _report_on(home: Home, run: Run, classes: tuple[str, ...], true: pd.Series) -> None:
    codes = true.map({name: place for place, name in enumerate(classes)}).to_numpy()
    answers = np.where(np.arange(len(true)) % 5 == 0, (codes + 1) % len(classes), codes)
    probabilities = np.full((len(true), len(classes)), 0.1 / (len(classes) - 1))
    probabilities[np.arange(len(true)), answers] = 0.9
    columns = {f"p_{name}": probabilities[:, place] for place, name in enumerate(classes)}
    predictions = pd.DataFrame(
        {"prediction": np.array(classes, dtype=object)[answers], **columns}, index=true.index
    )
    report = judged.write(home.run(run.id), run.target, true, predictions, classes)
    counts = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(counts, (codes, answers), 1)
    confusion = Confusion(title="Confusion", classes=classes, counts=tuple(map(tuple, counts.tolist())))
    report = report.model_copy(update={"run": run.id, "sections": (headline(), confusion, judged.all_figures())})
    (home.run(run.id) / "report-val.json").write_text(report.model_dump_json())
