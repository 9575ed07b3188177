"""How good the defaults are: four real data sets, default settings, seeds 0, 1 and 2, beside scikit-learn.

    LEYDEN_SAMPLES=folder python -m benchmarks.goals [penguins] [signs] [housing] [sms]

Each run goes the way of everybody's: imported, queued, trained by a supervisor's child, judged on the validation
rows. The references see the same training rows and are judged on the same validation rows; the figure is theirs
of one fit, Leyden's is the median of its seeds. The data lie in the samples folder of the tests.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, f1_score, r2_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler

from leyden import actions
from leyden.cli.waiting import wait_for_run
from leyden.cli.workspace import Workspace
from leyden.datasets.read import category_strings, read_frame
from leyden.datasets.splits import read_split
from leyden.home import Home
from leyden.spec.defaults import default_spec
from leyden.spec.fields import set_dotted
from leyden.spec.model import Spec
from leyden.store.records import Run
from leyden.store.store import open_store
from tests.processes import end_processes
from tests.samples import SAMPLES

SEEDS = (0, 1, 2)
PICTURE_PX = 32
"""Side of the pictures that the linear reference sees; more pixels only make it slower."""


@dataclass(frozen=True)
class Goal:
    """A data set, and the figure that default settings should reach on it."""

    file: str
    target: str | None
    figure: str
    at_least: float
    references: tuple[str, ...]


GOALS = {
    "penguins": Goal("penguins/penguins.csv", "species", "f1_macro", 0.95, ("linear", "boosting")),
    "signs": Goal("sign_digits/sign_digits.zip", None, "accuracy", 0.90, ("linear",)),
    "housing": Goal("california_housing/housing.csv", "median_house_value", "r2", 0.75, ("linear", "boosting")),
    "sms": Goal("sms_spam/sms.tsv", None, "f1_macro", 0.95, ("words",)),
}
SCORES: dict[str, Callable[[pd.Series, np.ndarray], float]] = {
    "f1_macro": lambda true, predicted: f1_score(true, predicted, average="macro"),
    "accuracy": accuracy_score,
    "r2": r2_score,
}
LINE = "{:<9}  {:<30}  {:<8}  {:>7}  {:>5}  {:>9}  {}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(GOALS)}; all when none is given")
    parser.add_argument("--samples", type=Path, default=SAMPLES, help="folder of the data sets")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - GOALS.keys():
        parser.error(f"NAME must be one of {', '.join(GOALS)}, not {', '.join(unknown)}")
    print(LINE.format("data", "model", "figure", "median", "goal", "s per run", "each seed"), flush=True)
    for name in arguments.names or GOALS:
        for line in compared(name, GOALS[name], arguments.samples):
            print(line, flush=True)


def compared(name: str, goal: Goal, samples: Path) -> Iterator[str]:
    """Lines of the table about one data set, in a workspace of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).create()
        workspace = Workspace(home, open_store(home))
        try:
            runs = trained(workspace, samples / goal.file, goal.target)
            values = [actions.report_of(workspace.store, run.id, "val").figures[goal.figure] for run in runs]
            seconds = [(run.job.ended_at or 0) - (run.job.started_at or 0) for run in runs]
            yield _line(name, f"Leyden, {runs[0].architecture}", goal, values, statistics.median(seconds))
            for reference in goal.references:
                title, value, took = judged(workspace, runs[0], reference, goal.figure)
                yield _line(name, title, goal, [value], took)
        finally:
            end_processes(home)
            workspace.store.close()


def trained(workspace: Workspace, path: Path, target: str | None) -> list[Run]:
    """Finished runs of the default spec, one per seed, one after another."""
    dataset = workspace.ingest(path)
    spec = default_spec(dataset.id, workspace.profile(dataset.id), workspace.catalogue, target=target)
    ended = []
    for seed in SEEDS:
        seeded = set_dotted(spec, {"seed": seed}, workspace.catalogue)
        run = actions.submit_run(workspace.home, workspace.store, workspace.catalogue, seeded)
        wait_for_run(workspace.home, workspace.store, run.id)
        run = workspace.store.runs.get(run.id)
        if run.state != "finished":
            raise SystemExit(f"seed {seed} {run.state}: {run.job.reason.text if run.job.reason else ''}")
        ended.append(run)
    return ended


def judged(workspace: Workspace, run: Run, reference: str, figure: str) -> tuple[str, float, float]:
    """A reference on the rows of a run: its name, its figure on the validation rows, and its seconds."""
    inputs, target = rows_of(workspace.home, run.spec)
    part = read_split(workspace.home, run.split_hash)["part"]
    train, val = part.index[part == "train"], part.index[part == "val"]
    model = MODELS[reference, run.task]()
    started = time.perf_counter()
    model.fit(inputs.loc[train], target[train])
    predicted = model.predict(inputs.loc[val])
    took = time.perf_counter() - started
    return f"scikit-learn, {type(model[-1]).__name__}", SCORES[figure](target[val], predicted), took


def rows_of(home: Home, spec: Spec) -> tuple[pd.DataFrame, pd.Series]:
    """Inputs and target as scikit-learn takes them; a picture becomes a column per grey pixel."""
    frame = read_frame(home, spec.data.dataset, [*spec.data.inputs, spec.data.target])
    pictures = [column for column, kind in spec.data.inputs.items() if kind == "image"]
    inputs = frame[[column for column in spec.data.inputs if column not in pictures]]
    for column, kind in spec.data.inputs.items():
        if kind == "category":
            inputs = inputs.assign(**{column: _words(frame[column])})
    for column in pictures:
        pixels = np.stack([_pixels(home.media_file(sha256)) for sha256 in frame[column]])
        inputs = inputs.join(pd.DataFrame(pixels, index=frame.index).add_prefix(f"{column} "))
    target = frame[spec.data.target]
    return inputs, _words(target) if spec.task.name == "classification" else target


def _words(values: pd.Series) -> pd.Series:
    """Categories as plain strings; a missing one is a category too."""
    found = category_strings(values).astype(object)
    return found.where(found.notna(), "missing")


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("L").resize((PICTURE_PX, PICTURE_PX)), dtype=np.float32).ravel() / 255


def _linear(last: LogisticRegression | Ridge) -> Pipeline:
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    return make_pipeline(_columns(numbers, OneHotEncoder(handle_unknown="ignore")), last)


def _boosting(last: HistGradientBoostingClassifier | HistGradientBoostingRegressor) -> Pipeline:
    words = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    return make_pipeline(_columns("passthrough", words), last)


def _columns(numbers: object, words: object) -> ColumnTransformer:
    is_number = make_column_selector(dtype_include=np.number)
    is_word = make_column_selector(dtype_include=object)
    return ColumnTransformer([("numbers", numbers, is_number), ("words", words, is_word)])


MODELS = {
    ("linear", "classification"): lambda: _linear(LogisticRegression(max_iter=1000)),
    ("linear", "regression"): lambda: _linear(Ridge()),
    ("words", "classification"): lambda: make_pipeline(
        FunctionTransformer(_only_column), TfidfVectorizer(), LogisticRegression(C=10, max_iter=1000)
    ),
    ("boosting", "classification"): lambda: _boosting(HistGradientBoostingClassifier(random_state=0)),
    ("boosting", "regression"): lambda: _boosting(HistGradientBoostingRegressor(random_state=0)),
}


def _only_column(inputs: pd.DataFrame) -> pd.Series:
    (column,) = inputs.columns
    return inputs[column].fillna("")


def _line(name: str, model: str, goal: Goal, values: list[float], seconds: float) -> str:
    each = ", ".join(f"{value:.4f}" for value in values)
    median = f"{statistics.median(values):.4f}"
    return LINE.format(name, model, goal.figure, median, f"{goal.at_least:.2f}", f"{seconds:.1f}", each)


if __name__ == "__main__":
    main()
