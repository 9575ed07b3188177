"""The drop zone: takes a file from the browser to the server's disk, past Streamlit's memory.

The browser sends the file to `/api/uploads`, which stores it and queues its import; Python only hears that it
happened. The upload outlives a change of page.
"""

from pathlib import Path
from typing import NamedTuple

import streamlit as st

from ui import state
from ui.format import size
from ui.routes.uploads import max_upload_bytes
from ui.words import _

HERE = Path(__file__).parent

_ZONE = st.components.v2.component(
    "leyden_drop_zone",
    html=(HERE / "zone.html").read_text(encoding="utf-8"),
    css=(HERE / "zone.css").read_text(encoding="utf-8"),
    js=(HERE / "zone.js").read_text(encoding="utf-8"),
)


class Upload(NamedTuple):
    """A file that has arrived: its token, the import job that reads it, and its name."""

    upload: str
    job: int
    name: str


def drop_zone(key: str, *, address: str = "", hint: str = "") -> Upload | None:
    """Draws the zone.

    Args:
        key: Tells zones apart.
        address: Of the route that takes the file; the one that imports it unless given.
        hint: What may be dropped; datasets unless given.

    Returns:
        The upload, in the one run of the page that follows its arrival; None otherwise.
    """
    limit = max_upload_bytes()
    words = {
        "ask": _("Drop a file here, or choose one"),
        "hint": hint
        or _(
            "A table: CSV, TSV, Parquet, Excel, JSON Lines. Or a zip or tar: one folder for each class, of pictures or "
            "of .txt files, or pictures with a table that names them. Up to {limit}."
        ).format(limit=size(limit)),
        "cancel": _("Cancel"),
        "storing": _("Storing …"),
        "folder": _("That is a folder: zip it and drop the zip, or import it by its path on the server."),
        "several": _("One file at a time: drop them one after another, or zip the images of one dataset."),
        "large": _("This file is larger than {limit}; import it by its path on the server.").format(
            limit=size(limit)
        ),
        "lost": _("The connection to the server was lost, and nothing was kept. Try again."),
        "failed": _("The server did not take the file"),
    }
    result = _ZONE(
        key=key,
        data={"words": words, "address": address or state.url("api/uploads"), "limit": limit},
        on_uploaded_change=lambda: None,
    )
    answer = result.uploaded
    if not answer:
        return None
    return Upload(str(answer["upload"]), int(answer["job"]), str(answer["name"]))
