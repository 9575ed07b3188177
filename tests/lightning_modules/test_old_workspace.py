"""A workspace that the first version of the schema wrote, with its files, and everything a person goes on to do in it.

`tests/data/workspace-0001.zip` was made by that version: a table, a run of five epochs that finished, and one that was
stopped. It is not made anew when the schema changes; the next one gets a workspace of its own.
"""

import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import lightning_modules
from leyden import actions
from leyden.home import Home
from leyden.spec.check import check
from leyden.store.connection import NEWEST
from leyden.store.records import Run
from leyden.store.store import Store, open_store
from lightning_modules import work
from lightning_modules.catalog import catalogue
from tests.lightning_modules.workspace import claim
from ui.form_draft import compose, draft_of

WORKSPACE = Path(__file__).parents[1] / "data" / "workspace-0001.zip"


@pytest.fixture
def old(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(actions, "wake_supervisor", lambda home: False)
    with zipfile.ZipFile(WORKSPACE) as archive:
        archive.extractall(home.root)
    return home


@pytest.fixture
def store(old: Home) -> Iterator[Store]:
    opened = open_store(old)
    yield opened
    opened.close()


def run_of(store: Store, name: str) -> Run:
    (row,) = (row for row in store.runs.list() if row.name == name)
    return store.runs.get(row.id)


def train(home: Home, store: Store) -> None:
    context = claim(home, store)
    work.train(context)
    store.jobs.end(context.job.id, context.owner, "finished")


def epochs(store: Store, run: Run) -> list[float]:
    return [point.epoch for point in store.metrics.read(run.id, names=["val/loss"])[0] if point.epoch.is_integer()]


def test_the_workspace_is_of_the_first_version(old: Home):
    database = sqlite3.connect(old.database)
    assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    assert "num_devices" not in {row[1] for row in database.execute("PRAGMA table_info(jobs)")}
    database.close()


def test_it_opens_and_shows_what_it_held(old: Home, store: Store):
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == NEWEST
    assert {row.name: row.state for row in store.runs.list()} == {
        "finished one": "finished",
        "stopped one": "stopped",
    }
    (dataset,) = store.datasets.list()
    assert (dataset.name, actions.profile_of(old, store, dataset.id).num_rows) == ("penguins", dataset.num_rows)
    finished = run_of(store, "finished one")
    assert epochs(store, finished) == [1, 2, 3, 4, 5]
    assert 0 <= actions.report_of(store, finished.id, "val").figures["accuracy"] <= 1
    assert (finished.is_starred, finished.note, finished.job.num_devices) == (False, "", 1)
    assert store.settings.queue().is_paused is False


def test_a_stopped_run_is_resumed_exactly_where_it_was(old: Home, store: Store):
    run = run_of(store, "stopped one")
    before = store.metrics.read(run.id, names=["val/loss"])[0]
    reached = before[-1].epoch
    actions.resume_run(old, store, run.id, epochs=int(reached) + 4)
    train(old, store)
    assert epochs(store, run) == list(range(1, int(reached) + 5))
    after = store.metrics.read(run.id, names=["val/loss"])[0]
    assert after[: len(before)] == before


def test_a_finished_run_trains_longer(old: Home, store: Store):
    run = run_of(store, "finished one")
    actions.resume_run(old, store, run.id, epochs=9)
    train(old, store)
    assert epochs(store, run) == list(range(1, 10))
    assert store.runs.get(run.id).job.attempt == 2


def test_a_run_is_cloned_with_changes(old: Home, store: Store):
    run = run_of(store, "finished one")
    profile = actions.profile_of(old, store, run.dataset_id)
    assert not [problem for problem in check(run.spec, profile, catalogue()) if problem.severity == "error"]
    draft = draft_of(run.spec, profile, catalogue(), parent=run.id)
    spec = compose(draft, profile, catalogue()).spec
    assert spec is not None and spec.optimisation == run.spec.optimisation
    shorter = spec.model_copy(update={"optimisation": spec.optimisation.model_copy(update={"epochs": 2})})
    clone = actions.submit_run(old, store, catalogue(), shorter, name="a clone")
    assert clone.split_hash == run.split_hash
    train(old, store)
    assert epochs(store, clone) == [1, 2]


def test_its_model_predicts_and_its_test_rows_open(old: Home, store: Store):
    run = run_of(store, "finished one")
    model = lightning_modules.load(old.run(run.id) / "best.ckpt")
    assert set(model.classes) == {"Adelie", "Chinstrap", "Gentoo"}
    actions.open_test(old, store, run.id)
    context = claim(old, store, "light")
    figures = work.evaluate(context)["figures"]
    assert figures == store.reports.get(run.id, "test").figures
    assert store.reports.num_openings(*run.sealed) == 1


def test_a_report_made_today_says_what_the_old_one_said(old: Home, store: Store):
    run = run_of(store, "finished one")
    before = actions.report_of(store, run.id, "val").figures
    actions.evaluate(old, store, run.id, "val")
    figures = work.evaluate(claim(old, store, "light"))["figures"]
    assert {name: figures[name] for name in before} == pytest.approx(before, abs=1e-6)
