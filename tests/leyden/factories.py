"""Small real records for tests of the core."""

from leyden.datasets.profile import Column, Profile
from leyden.messages.render import Message
from leyden.spec.model import Choice, Data, Spec
from leyden.store.records import Dataset, Run
from leyden.store.store import Store

CPU = {"free": ("cpu",), "free_for_auto": ("cpu",)}
"""What `queue.claim_next` is told on a machine without anything else."""


def profile(num_rows: int = 100) -> Profile:
    """A table with two numbers and a species."""

    def column(name: str, kind: str, storage: str, distinct: int) -> Column:
        return Column(
            name=name,
            kind=kind,
            reason=Message(code="kind_number"),
            storage=storage,
            num_missing=0,
            num_distinct=distinct,
        )

    return Profile(
        layout="table",
        num_rows=num_rows,
        columns=(
            column("length", "number", "float", 80),
            column("depth", "number", "float", 70),
            column("species", "category", "string", 3),
        ),
        source_name="penguins.csv",
        source_bytes=1000,
        suggested_target="species",
    )


def spec(dataset: str = "d1", *, seed: int = 0, device: str = "auto") -> Spec:
    return Spec(
        data=Data(dataset=dataset, target="species", inputs={"length": "number", "depth": "number"}),
        task=Choice(name="classification"),
        loss=Choice(name="cross_entropy"),
        architecture={"tabular": Choice(name="mlp")},
        seed=seed,
        hardware={"device": device},
    )


def add_dataset(store: Store, dataset_id: str = "d1", name: str = "penguins") -> Dataset:
    return store.datasets.add(dataset_id, name=name, profile=profile(), size_bytes=1000)


def add_run(store: Store, **options: object) -> Run:
    name = options.pop("name", None)
    if not any(dataset.id == "d1" for dataset in store.datasets.list()):
        add_dataset(store)
    return store.runs.submit(spec(**options), split_hash="s1", name=name)
