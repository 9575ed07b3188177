import stat

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from leyden.home import Home
from tests.ui.routes.conftest import ORIGIN
from ui.routes.access import cookie_name, is_known_host, is_loopback, session_secret
from ui.routes.table import ROUTES

PATHS = [(method, route.path) for route in ROUTES if isinstance(route, Route) for method in sorted(route.methods)]


def concrete(path: str) -> str:
    """A route's pattern with something in its places."""
    return path.replace("{path:path}", "anything").replace("{", "").replace("}", "")


def is_open(path: str) -> bool:
    return path == "/api/health"


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_no_route_answers_without_the_cookie(stranger: TestClient, method: str, path: str):
    response = stranger.request(method, concrete(path), headers={"origin": ORIGIN})
    assert response.status_code == (200 if is_open(path) else 403)


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_no_route_answers_another_site(client: TestClient, method: str, path: str):
    response = client.request(method, concrete(path), headers={"origin": "https://elsewhere.example"})
    assert response.status_code == 403
    if method != "HEAD":
        assert response.json()["code"] == "origin_refused"


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_no_route_answers_a_foreign_name(client: TestClient, method: str, path: str):
    response = client.request(method, concrete(path), headers={"host": "rebound.example:8501"})
    assert response.status_code == 403
    if method != "HEAD":
        assert response.json()["code"] == "host_refused"


@pytest.mark.parametrize(("method", "path"), [one for one in PATHS if one[0] not in ("GET", "HEAD")])
def test_a_change_needs_an_origin(client: TestClient, method: str, path: str):
    del client.headers["origin"]
    assert client.request(method, concrete(path)).json()["code"] == "origin_refused"


def test_a_wrong_cookie_is_refused(client: TestClient, home: Home):
    client.cookies.set(cookie_name(session_secret(home)), "guessed")
    assert client.get("/api/plotly.js").json()["code"] == "session_refused"


def test_reading_needs_no_origin(client: TestClient):
    del client.headers["origin"]
    assert client.get("/api/plotly.js").status_code == 200


def test_the_secret_is_kept_and_private(home: Home):
    secret = session_secret(home)
    assert session_secret(home) == secret
    assert len(secret) >= 32
    assert stat.S_IMODE(home.session_secret.stat().st_mode) == 0o600


def test_an_empty_secret_is_made_again(home: Home):
    home.session_secret.touch()
    assert len(session_secret(home)) >= 32


def test_answers_carry_safe_headers(client: TestClient):
    headers = client.get("/api/health").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "set-cookie" not in headers


@pytest.mark.parametrize(
    ("host", "address", "allowed", "expected"),
    [
        ("127.0.0.1:8501", "127.0.0.1", [], True),
        ("localhost:8501", "127.0.0.1", [], True),
        ("[::1]:8501", "::1", [], True),
        ("evil.example", "127.0.0.1", [], False),
        ("", "127.0.0.1", [], False),
        ("bench.lan", "0.0.0.0", [], True),
        ("bench.lan", "", [], True),
        ("evil.example", "0.0.0.0", ["bench.lan"], False),
        ("Bench.LAN:80", "127.0.0.1", ["bench.lan"], True),
        ("a.example.com", "127.0.0.1", ["*.example.com"], True),
        ("example.com", "127.0.0.1", ["*.example.com"], False),
        ("anything", "127.0.0.1", ["*"], True),
    ],
)
def test_the_server_answers_to_its_own_names(host: str, address: str, allowed: list[str], expected: bool):
    assert is_known_host({"host": host}, address, allowed) is expected


@pytest.mark.parametrize(("address", "expected"), [("127.0.0.1", True), ("::1", True), ("localhost", True)])
def test_loopback(address: str, expected: bool):
    assert is_loopback(address) is expected


@pytest.mark.parametrize("address", ["", "0.0.0.0", "::", "192.168.1.5", "bench.lan"])
def test_not_loopback(address: str):
    assert not is_loopback(address)
