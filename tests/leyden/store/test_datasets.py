import pytest

from leyden.errors import StoreError
from leyden.store.store import Store
from tests.leyden.factories import add_dataset, profile


def version(store: Store, parent: str):
    return store.datasets.add("d2", name="again", profile=profile(), size_bytes=10, parent_id=parent)


def test_adding_again_keeps_the_name_and_adds_kinds(store: Store):
    add_dataset(store)
    store.datasets.set_kind("d1", "width", "category")
    store.datasets.set_kind("d1", "length", "ignored")
    assert store.datasets.get("d1").kinds == {"width": "category", "length": "ignored"}
    store.datasets.set_kind("d1", "width", None)
    assert store.datasets.get("d1").kinds == {"length": "ignored"}
    with pytest.raises(StoreError, match="d0"):
        store.datasets.set_kind("d0", "length", "ignored")
    store.datasets.set_kinds("d1", {"length": "ignored"})
    again = store.datasets.add("d1", name="other", profile=profile(), size_bytes=1, kinds={"depth": "category"})
    assert (again.name, again.kinds) == ("penguins", {"length": "ignored", "depth": "category"})
    assert len(store.datasets.list()) == 1


def test_a_version_remembers_its_parent_and_outlives_it(store: Store):
    add_dataset(store)
    assert version(store, "d1").parent_id == "d1"
    store.datasets.delete("d1")
    assert store.datasets.get("d2").parent_id is None


def test_a_parent_that_is_gone_is_no_parent(store: Store):
    assert version(store, "d1").parent_id is None


def test_unknown_datasets_are_said_to_be(store: Store):
    for act in (store.datasets.get, store.datasets.delete, lambda one: store.datasets.rename(one, "x")):
        with pytest.raises(StoreError, match="no dataset 'd9'"):
            act("d9")


def test_a_name_that_another_dataset_has_gets_a_number(store: Store):
    names = ["penguins", "penguins", "penguins (3)", "penguins", "penguins (2)"]
    for number, name in enumerate(names):
        store.datasets.add(f"d{number}", name=name, profile=profile(), size_bytes=1)
    assert [store.datasets.get(f"d{number}").name for number in range(len(names))] == [
        *("penguins", "penguins (2)", "penguins (3)", "penguins (4)", "penguins (2) (2)"),
    ]


def test_no_dataset_gets_the_name_of_another(store: Store):
    for dataset in ("d1", "d2"):
        store.datasets.add(dataset, name=dataset, profile=profile(), size_bytes=1)
    with pytest.raises(StoreError, match="the name 'd1' already"):
        store.datasets.rename("d2", "d1")
    store.datasets.rename("d1", "d1")
    store.datasets.rename("d2", "d3")
    assert [store.datasets.get(dataset).name for dataset in ("d1", "d2")] == ["d1", "d3"]
