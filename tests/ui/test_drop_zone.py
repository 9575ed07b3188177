import re

import pytest

from ui.drop_zone import zone
from ui.drop_zone.zone import HERE, Upload, drop_zone


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What Python hands to the browser's part, and what that answers."""
    seen: dict[str, object] = {"answer": None}

    def mount(**given: object) -> object:
        seen.update(given)
        return type("Result", (), {"uploaded": seen["answer"]})()

    monkeypatch.setattr(zone, "_ZONE", mount)
    return seen


def test_nothing_has_arrived(mounted: dict[str, object]):
    assert drop_zone("zone") is None
    assert mounted["data"]["address"] == "/api/uploads"  # type: ignore[index]


def test_an_upload_is_handed_over(mounted: dict[str, object]):
    mounted["answer"] = {"upload": "abc", "job": 7, "name": "t.csv"}
    assert drop_zone("zone") == Upload("abc", 7, "t.csv")


def test_the_limit_is_said(mounted: dict[str, object], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEYDEN_MAX_UPLOAD_GB", "2")
    drop_zone("zone")
    data = mounted["data"]
    assert data["limit"] == 2 * 10**9  # type: ignore[index]
    assert "Up to 2\u00a0GB" in data["words"]["hint"]  # type: ignore[index]


def test_the_browser_finds_every_part_and_word_it_uses(mounted: dict[str, object]):
    drop_zone("zone")
    script = (HERE / "zone.js").read_text()
    markup = (HERE / "zone.html").read_text()
    for selector in set(re.findall(r'find\("\.([\w-]+)', script)):
        assert re.search(rf'class="[^"]*\b{selector}\b', markup), selector
    assert set(re.findall(r"words\.(\w+)", script)) == set(mounted["data"]["words"])  # type: ignore[index]
