import pytest

from leyden.errors import StoreError
from leyden.store.listing import SORT_KEYS, is_sort_key
from leyden.store.store import Store
from tests.leyden.factories import CPU, add_dataset, add_run, spec


def finish(store: Store, run_id: str) -> None:
    job = store.queue.claim_next("device", "s", **CPU)
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
    assert run.spec.optimisation.epochs == 99 and run.name.endswith(" · epochs 99")
    assert run.fingerprint == run.spec.fingerprint


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
    assert store.runs.count(target="species") == 3 and store.runs.list(target="length") == []
    assert [row.name for row in store.runs.list(sort="name", limit=1, offset=1)] == ["beta"]
    assert (store.runs.count(), store.runs.count(search="penguins")) == (3, 3)
    assert [row.seed for row in store.runs.list(sort="name", descending=False)] == [1, 0, 2]


def test_search_finds_an_id_by_its_beginning_alone(store: Store, monkeypatch: pytest.MonkeyPatch):
    for name, number in [("search 947", "0fe9b399"), ("search 99", "1a2b3c4d")]:
        monkeypatch.setattr("leyden.store.runs.secrets.token_hex", lambda _bytes, number=number: number)
        add_run(store, name=name)

    def found(search: str) -> list[str]:
        return sorted(row.name for row in store.runs.list(search=search))

    assert found("99") == found("search 99") == ["search 99"]
    assert found("r0fe9b399") == found("R0FE9") == found("r0fe9") == ["search 947"]
    assert found("r0f") == found("fe9b") == found("0fe9b399") == found("r0fe9b3990") == []


def test_a_run_is_meant_by_its_id_number_or_beginning(store: Store, monkeypatch: pytest.MonkeyPatch):
    for name, number in [("first", "0fe9b399"), ("second", "0fe91a2b"), ("third", "12000000")]:
        monkeypatch.setattr("leyden.store.runs.secrets.token_hex", lambda _bytes, number=number: number)
        add_run(store, name=name)

    def meant(word: str) -> str:
        return store.runs.named(word).name

    assert meant("r0fe9b399") == meant("1") == meant("#1") == meant("r0fe9b") == meant("R0FE9B") == "first"
    assert (meant("3"), meant("r12")) == ("third", "third")
    with pytest.raises(StoreError, match="The ids of 2 runs begin with 'r0fe9'"):
        meant("r0fe9")
    for word in ("4", "##1", "12", "r", "r13", "r%", "", "third", "0fe9b399"):
        with pytest.raises(StoreError, match=f"^There is no run '{word}'"):
            meant(word)


def test_search_takes_wildcards_literally(store: Store):
    add_run(store, name="50 % dropout")
    add_run(store, name="plain")
    assert [row.name for row in store.runs.list(search="%")] == ["50 % dropout"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("NAÏVE", {"naïve café"}),
        ("cafe\u0301", {"naïve café"}),
        ("straße", {"STRASSE zwei"}),
        ("ＡＢＣ", {"abc ü"}),
        ('"zwei strasse"', set()),
        ('"STRASSE zwei" ', {"STRASSE zwei"}),
        ('""', set()),
        ('"', set()),
        ("é%", set()),
    ],
)
def test_search_knows_letters_beyond_ascii_and_phrases(store: Store, search: str, found: set[str]):
    for name in ("naïve café", "STRASSE zwei", "abc ü"):
        add_run(store, name=name)
    assert {row.name for row in store.runs.list(search=search)} == found
    assert store.runs.count(search=search) == len(found)


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


def test_runs_are_numbered_in_the_order_of_submission(store: Store):
    first, second = add_run(store), add_run(store)
    assert (first.number, second.number) == (1, 2)
    finish(store, first.id)
    store.runs.delete(first.id)
    third = add_run(store)
    assert third.number == 3
    for last in (second, third):
        finish(store, last.id)
    store.runs.delete(third.id)
    assert add_run(store).number == 4, "a note about #3 means no other run"


def test_stars_notes_and_tags_stand_in_the_list_and_filter_it(store: Store):
    plain, marked, other = (add_run(store, name=name) for name in ("plain", "marked", "other"))
    store.runs.set_starred([marked.id, other.id, "r-none"], True)
    store.runs.set_starred([other.id], False)
    store.runs.add_tags([marked.id, other.id, "r-none"], [" 论文  figure 2 ", "baseline"])
    store.runs.add_tags([marked.id], ["baseline"])
    store.runs.remove_tags([other.id], ["论文 figure 2"])
    store.runs.set_note(plain.id, "  learning rate was too high ")
    rows = {row.name: row for row in store.runs.list()}
    assert rows["marked"].is_starred and rows["marked"].tags == ("baseline", "论文 figure 2")
    assert (rows["other"].is_starred, rows["other"].tags) == (False, ("baseline",))
    assert rows["plain"].note == "learning rate was too high"
    assert store.runs.get(marked.id).tags == ("baseline", "论文 figure 2")

    def found(**filters: object) -> list[str]:
        assert store.runs.count(**filters) == len(store.runs.list(**filters))
        return [row.name for row in store.runs.list(sort="name", descending=False, **filters)]

    assert found(is_starred=True) == ["marked"]
    assert found(tags=("baseline",)) == ["marked", "other"]
    assert found(tags=("baseline", "论文 figure 2")) == ["marked"]
    assert found(search="论文") == ["marked"]
    assert found(search="too high") == ["plain"]
    assert found(search="species plain") == ["plain"]
    assert found(is_starred=False, tags=(), search="") == ["marked", "other", "plain"]


@pytest.mark.parametrize("tag", ["", "  ", "a,b", "x" * 41])
def test_a_tag_that_cannot_be_told_apart_later_is_refused(store: Store, tag: str):
    run = add_run(store)
    with pytest.raises(StoreError, match="1 to 40 characters and no comma"):
        store.runs.add_tags([run.id], [tag])
    assert store.runs.get(run.id).tags == ()


def test_labels_of_an_unknown_run_are_refused(store: Store):
    for change in (lambda: store.runs.set_note("r-none", "x"), lambda: store.runs.set_starred(["r-none"], True)):
        with pytest.raises(StoreError, match="no run 'r-none'"):
            change()


def test_tags_go_with_their_run(store: Store):
    run = add_run(store)
    store.runs.add_tags([run.id], ["kept"])
    finish(store, run.id)
    store.runs.delete(run.id)
    assert store.runs.facets().tags == {}


def test_runs_are_sorted_by_figures_and_settings_with_gaps_last(store: Store):
    for name, seed, value in (("low", 10, 0.2), ("none", 9, None), ("high", 2, 0.9)):
        run = add_run(store, name=name, seed=seed)
        if value is not None:
            store.reports.put(run.id, "val", headline="f1_macro", figures={"f1_macro": value}, num_rows=9)

    def names(sort: str, descending: bool) -> list[str]:
        return [row.name for row in store.runs.list(sort=sort, descending=descending)]

    assert names("val/f1_macro", True) == ["high", "low", "none"]
    assert names("val/f1_macro", False) == ["low", "high", "none"]
    assert names("seed", True) == ["low", "none", "high"]
    assert names("architecture.tabular.options.width", True) == ["high", "none", "low"]


@pytest.mark.parametrize("key", sorted(SORT_KEYS))
def test_every_sort_key_sorts(store: Store, key: str):
    add_run(store, name="b")
    add_run(store, name="a")
    assert is_sort_key(key)
    assert len(store.runs.list(sort=key)) == len(store.runs.list(sort=key, descending=False)) == 2


def test_sort_keys_are_told_from_nonsense():
    assert is_sort_key("val/f1_macro") and is_sort_key("optimisation.lr") and is_sort_key("seed")
    assert not is_sort_key("colour") and not is_sort_key("val/") and not is_sort_key("a'; DROP TABLE runs")


def test_settings_are_read_along(store: Store):
    add_run(store, seed=7)
    names = ("optimisation.lr", "optimisation.batch_size", "architecture.tabular.name", "architecture.image.name")
    [row] = store.runs.list(settings=names)
    assert row.settings == dict(zip(names, (0.001, 64, "mlp", None), strict=True))


def test_facets_count_what_there_is(store: Store):
    first, _second = add_run(store), add_run(store)
    store.runs.add_tags([first.id], ["one"])
    facets = store.runs.facets()
    assert facets.datasets == {"d1": 2} and facets.architectures == {"mlp": 2}
    assert facets.tasks == {"classification": 2} and facets.tags == {"one": 1}
