import pytest

from leyden.datasets.profile import Profile
from leyden.home import Home
from leyden.spec.model import Choice, Data, Spec
from leyden.store.store import open_store
from tests.leyden.reports.examples import NASTY, example_report


@pytest.fixture
def report():
    return example_report()


@pytest.fixture
def run(tmp_path):
    spec = Spec(
        data=Data(dataset="d1", target="species", inputs={NASTY: "number"}),
        task=Choice(name="classification"),
        loss=Choice(name="cross_entropy"),
        architecture={"tabular": Choice(name="mlp", options={"width": 128})},
    )
    profile = Profile(layout="table", num_rows=344, columns=(), source_name="penguins.csv", source_bytes=1)
    store = open_store(Home(tmp_path))
    store.datasets.add("d1", name="penguins", profile=profile, size_bytes=1)
    run = store.runs.submit(spec, split_hash="s", name=f"{NASTY} 企鹅")
    store.close()
    return run.model_copy(update={"num_parameters": 12345})
