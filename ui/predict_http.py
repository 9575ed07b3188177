"""The call to copy: the same question over HTTP, for curl and for Python."""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from leyden.secrets import secret_in
from ui import layout, state
from ui.words import _

ROWS = "predict.rows"
LONGEST = 120

CURL = """curl -s -H "Authorization: Bearer $TOKEN" {address} \\
    --json {rows}"""

PYTHON = """import json
import os
from urllib.request import Request, urlopen

rows = {rows}
request = Request(
    "{address}",
    data=json.dumps({{"rows": rows}}).encode(),
    headers={{"Authorization": f"Bearer {{os.environ['TOKEN']}}"}},
)
with urlopen(request) as response:
    print(json.load(response)["predictions"])"""


def note_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """Remembers what the page asks, for the call to copy; long values (pictures) are cut."""
    state.remember(ROWS, [{name: _short(value) for name, value in row.items()} for row in rows])


def http_call(model_id: str) -> None:
    """Draws the call, folded away until somebody wants it."""
    with st.expander(_("The same over HTTP"), type="compact", on_change="rerun", key="predict.http") as box:
        if not box.open:
            return
        rows: list[dict[str, Any]] = state.recall(ROWS, [])
        address = state.origin() + state.url(f"api/models/{model_id}/predict")
        layout.quiet(_("The workspace's token; whoever has it may ask every model here."))
        st.code(f"export TOKEN={secret_in(state.home().api_token)}", language="bash")
        body = json.dumps({"rows": rows}, ensure_ascii=False)
        curl, python = st.tabs(["curl", "Python"])
        curl.code(CURL.format(address=address, rows=shlex.quote(body)), language="bash", wrap_lines=True)
        python.code(PYTHON.format(address=address, rows=repr(rows)), language="python", wrap_lines=True)
        layout.quiet(_("Pictures go as base64. docs/api.md tells the rest: columns, limits, errors."))


def _short(value: Any) -> Any:
    return f"{value[:40]}…" if isinstance(value, str) and len(value) > 10 * LONGEST else value
