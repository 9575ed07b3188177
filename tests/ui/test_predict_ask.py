import json

import pytest

from leyden.engine.service import MOST_ROWS
from ui import predict_ask
from ui.predict_ask import _bodies


def sizes(rows: list[dict[str, str]]) -> list[int]:
    parts = [json.loads(body)["rows"] for body in _bodies(rows)]
    assert [row for part in parts for row in part] == rows
    return [len(part) for part in parts]


def test_a_request_has_no_more_rows_than_the_service_takes():
    assert sizes([{"text": str(n)} for n in range(MOST_ROWS)]) == [MOST_ROWS]
    assert sizes([{"text": str(n)} for n in range(2 * MOST_ROWS + 1)]) == [MOST_ROWS, MOST_ROWS, 1]


def test_a_request_is_measured_as_it_is_written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(predict_ask, "REQUEST_BYTES", 100)
    rows = [{"text": "好" * 10}, {"text": "x" * 10}, {"text": "y" * 300}, {"text": "z"}]
    assert sizes(rows) == [2, 1, 1]
    # Each of these letters is written as six.
    assert sizes([{"text": "好" * 10}] * 3) == [1, 1, 1]
