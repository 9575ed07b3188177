import hashlib
import io

import pytest
from PIL import Image
from starlette.testclient import TestClient

from leyden.home import Home


def test_plotly_is_served_from_its_package(client: TestClient):
    response = client.get("/api/plotly.js")
    assert response.headers["content-type"].startswith("text/javascript")
    assert "max-age" in response.headers["cache-control"]
    assert "Plotly" in response.text
    assert len(response.content) > 10**6


@pytest.fixture
def picture(home: Home) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(buffer, "PNG")
    sha256 = hashlib.sha256(buffer.getvalue()).hexdigest()
    home.media_file(sha256).parent.mkdir(parents=True)
    home.media_file(sha256).write_bytes(buffer.getvalue())
    return sha256


@pytest.mark.parametrize(
    ("size", "longest"),
    [("64", 64), ("65", 128), ("9999", 128), ("x", 128), ("9" * 5000, 128), ("", 128), ("-1", 128)],
)
def test_thumbnails_come_in_few_sizes(client: TestClient, picture: str, size: str, longest: int):
    response = client.get(f"/api/thumbnails/{picture}", params={"size": size})
    assert response.status_code == 200
    assert max(Image.open(io.BytesIO(response.content)).size) == longest
    assert "immutable" in response.headers["cache-control"]


@pytest.mark.parametrize("sha256", ["0" * 64, "0" * 63, "g" * 64, "..", "%2e%2e%2f" + "0" * 64])
def test_an_unknown_image_is_said(client: TestClient, sha256: str):
    response = client.get(f"/api/thumbnails/{sha256}")
    assert response.status_code == 404
    assert response.json()["code"] in ("media_unknown", "address_unknown")


def test_an_unknown_address_is_not_the_page(client: TestClient):
    response = client.get("/api/nothing/here")
    assert response.status_code == 404
    assert response.json()["error"] == "There is nothing at /api/nothing/here."
