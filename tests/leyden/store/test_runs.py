import pytest

from leyden.errors import StoreError
from leyden.store.store import Store
from tests.leyden.factories import add_dataset, add_run, spec

CPU = {"free": ("cpu",), "free_for_auto": ("cpu",)}


def finish(store: Store, run_id: str) -> None:
    job = store.jobs.claim_next("device", "s", **CPU)
    assert job.run_id == run_id
    store.jobs.end(job.id, "s", "finished")


def test_a_run_and_its_job_are_written_together(store: Store):
    run = add_run(store)
    assert run.state == "queued"
    assert run.spec == spec()
    assert (run.dataset_name, run.architecture, run.target) == ("penguins", "mlp", "species")


def test_an_unknown_dataset_leaves_nothing_behind(store: Store):
    with pytest.raises(StoreError, match="no dataset 'd1'"):
        store.runs.submit(spec(), split_hash="s1")
    assert store.runs.count() == 0
    assert store.jobs.list() == []


def test_training_longer_is_a_further_attempt(store: Store):
    run = add_run(store)
    with pytest.raises(StoreError, match="stop it first"):
        store.runs.continue_training(run.id)
    finish(store, run.id)
    run = store.runs.continue_training(run.id, epochs=99)
    assert (run.state, run.job.attempt, run.epochs) == ("queued", 2, 99)


def test_listing_filters_sorts_and_pages_in_the_store(store: Store):
    names = ["beta", "alpha", "Übung 中文"]
    runs = {name: add_run(store, name=name, seed=seed) for seed, name in enumerate(names)}
    add_dataset(store, "d2", "housing")
    finish(store, runs["beta"].id)
    assert [row.name for row in store.runs.list(sort="name", descending=False)] == ["alpha", "beta", "Übung 中文"]
    assert [row.name for row in store.runs.list(search="中文")] == ["Übung 中文"]
    assert [row.name for row in store.runs.list(search="penguins alp")] == ["alpha"]
    assert [row.name for row in store.runs.list(states=("finished",))] == ["beta"]
    assert store.runs.list(dataset_id="d2") == []
    assert [row.name for row in store.runs.list(sort="name", limit=1, offset=1)] == ["beta"]
    assert (store.runs.count(), store.runs.count(search="penguins")) == (3, 3)
    assert [row.seed for row in store.runs.list(sort="name", descending=False)] == [1, 0, 2]


def test_search_takes_wildcards_literally(store: Store):
    add_run(store, name="50 % dropout")
    add_run(store, name="plain")
    assert [row.name for row in store.runs.list(search="%")] == ["50 % dropout"]


def test_figures_of_the_validation_report_stand_in_the_list(store: Store):
    run = add_run(store)
    store.reports.put(run.id, "val", headline="accuracy", figures={"accuracy": 0.9}, num_rows=20)
    store.reports.put(run.id, "val", headline="accuracy", figures={"accuracy": 0.95}, num_rows=20)
    store.reports.put(run.id, "test", headline="accuracy", figures={"accuracy": 0.5}, num_rows=20)
    [row] = store.runs.list()
    assert (row.headline, row.figures) == ("accuracy", {"accuracy": 0.95})


def test_deleting_refuses_what_works_and_keeps_openings_counted(store: Store):
    run = add_run(store)
    with pytest.raises(StoreError, match="stop it first"):
        store.runs.delete(run.id)
    finish(store, run.id)
    with pytest.raises(StoreError, match="used by 1 runs"):
        store.datasets.delete("d1")
    assert store.reports.count_opening(run) == 1
    store.runs.delete(run.id)
    with pytest.raises(StoreError, match="no run"):
        store.runs.get(run.id)
    assert store.reports.num_openings("d1", "s1") == 1
    store.datasets.delete("d1")
    assert store.datasets.list() == []


def with_test_rows(store: Store, split: str):
    add_dataset(store, "d2", "later penguins")
    own = spec()
    apart = own.model_copy(update={"data": own.data.model_copy(update={"test_dataset": "d2"})})
    return store.runs.submit(apart, split_hash=split)


def test_a_dataset_with_test_rows_is_in_use(store: Store):
    add_dataset(store)
    with_test_rows(store, "s1")
    assert store.datasets.num_runs() == {"d1": 1, "d2": 1}
    with pytest.raises(StoreError, match="used by 1 runs"):
        store.datasets.delete("d2")


def test_separate_test_rows_are_counted_whatever_the_split(store: Store):
    add_dataset(store)
    first, second = with_test_rows(store, "s1"), with_test_rows(store, "s2")
    own = store.runs.submit(spec(), split_hash="s1")
    assert [store.reports.count_opening(run) for run in (first, second, own)] == [1, 2, 1]
