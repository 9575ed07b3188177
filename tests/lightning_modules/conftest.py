import pytest

from tests.lightning_modules import workspace


@pytest.fixture
def flowers_run(home, store):
    """Submits runs on a small classification table: `flowers_run({"optimisation.epochs": 3})`."""
    workspace.add_table(home, store, workspace.flowers())

    def submit(changes=None):
        quick = {"optimisation.epochs": 3, "optimisation.batch_size": 8, "architecture.tabular.options.width": 8}
        return workspace.submit(home, store, "kind", {**quick, **(changes or {})})

    return submit
