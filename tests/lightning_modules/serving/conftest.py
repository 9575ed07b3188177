from collections.abc import Iterator

import pytest

from leyden.store.records import Run
from lightning_modules import work
from tests.lightning_modules.workspace import claim
from tests.processes import end_processes


@pytest.fixture
def trained(home, store, flowers_run) -> Iterator[Run]:
    """A finished run on the flowers, and no process left behind."""
    run = flowers_run()
    work.train(claim(home, store))
    yield run
    end_processes(home)
