from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from leyden.home import Home
from leyden.store.records import Run
from leyden.store.store import Store
from tests.leyden.factories import add_run
from ui.routes.access import cookie_name, session_secret
from ui.routes.table import MIDDLEWARE, ROUTES

ORIGIN = "http://127.0.0.1:8501"


@pytest.fixture
def stranger(home: Home, store: Store) -> Iterator[TestClient]:
    """A browser that has never opened Leyden's page."""
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE)
    with TestClient(app, base_url=ORIGIN) as client:
        yield client


@pytest.fixture
def client(stranger: TestClient, home: Home) -> TestClient:
    """A browser on Leyden's own page."""
    secret = session_secret(home)
    stranger.cookies.set(cookie_name(secret), secret)
    stranger.headers["origin"] = ORIGIN
    return stranger


@pytest.fixture
def run(store: Store, home: Home) -> Run:
    """A run with a folder."""
    run = add_run(store)
    home.run(run.id).mkdir(parents=True)
    return run
